"""Templates and static files: read once, from this folder, by name.

drawing.draw("glance.html", {...})          HTML, escaped
drawing.static("comity.css")                "/static/3f2a91c0/comity.css", which may be kept for ever
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from comity.web import text

__all__ = ["Drawing", "Static"]

_HERE = Path(__file__).resolve().parent
_TYPES = mimetypes.MimeTypes(filenames=())
_TYPES.add_type("font/woff2", ".woff2")
_TYPES.add_type("text/javascript", ".js")


class Static(NamedTuple):
    """A file that every page may ask for."""

    body: bytes
    media_type: str


class Drawing:
    """The templates, compiled when they are first needed, and the static files."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=text.finalize,
            auto_reload=False,
            trim_blocks=True,
        )
        self._environment.filters["shown"] = text.shown
        self.files = {
            str(path.relative_to(_HERE / "static")): Static(
                path.read_bytes(), _TYPES.guess_type(path.name)[0] or "application/octet-stream"
            )
            for path in sorted((_HERE / "static").rglob("*"))
            if path.is_file() and path.suffix in (".css", ".js", ".svg", ".woff2", ".txt")
        }
        whole = hashlib.sha256(b"".join(file.body for file in self.files.values()))
        self.version = whole.hexdigest()[:8]

    def draw(self, name: str, values: Mapping[str, Any]) -> str:
        """A template with its values."""
        return self._environment.get_template(name).render(values)

    def warm(self) -> None:
        """Compile every template now, so that nobody's first page waits for it."""
        for name in self._environment.list_templates():
            self._environment.get_template(name)

    def static(self, name: str) -> str:
        """Where a static file is; another address whenever any of them changes."""
        return f"/static/{self.version}/{name}"
