"""What a form sent: texts and files by name, read and bounded before any page looks at them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from comity.core import canonical
from comity.core.errors import Malformed
from comity.node.repeating import Once, once

__all__ = ["LARGEST", "Form", "HttpRequest", "Sent", "read_form"]

HttpRequest = Request[Any, Any, Any]
"""A request of any user, any session and any state: who asks is found by `comity.web.visit`."""

LARGEST = 32 << 20
"""The largest body of a request, in bytes."""


class Sent(NamedTuple):
    """A file that came with a form."""

    name: str
    body: bytes


class Form:
    """The fields of a form, each with all its values in order."""

    def __init__(
        self, texts: Mapping[str, Sequence[str]] = {}, files: Mapping[str, Sequence[Sent]] = {}
    ) -> None:
        self.texts, self.files = texts, files

    def text(self, name: str, otherwise: str = "") -> str:
        """The first value of a field."""
        found = self.texts.get(name)
        return found[0] if found else otherwise

    @property
    def key(self) -> str:
        """What tells this form from every other, however often it is sent; a fresh one where it has none yet."""
        return self.text("_once")[:80] or secrets.token_urlsafe(18)

    def once(self, person: str, mechanism: str, asked: Mapping[str, Any]) -> Once:
        """The key under which this form says something once, for a person: with all that is asked for under it."""
        return once(person, f"form {self.key}", canonical.encode({**asked, "mechanism": mechanism}))

    def all(self, name: str) -> list[str]:
        """Every value of a field."""
        return list(self.texts.get(name, ()))

    def file(self, name: str) -> Sent | None:
        """The first file of a field that is not empty."""
        return next((one for one in self.files.get(name, ()) if one.name or one.body), None)

    def under(self, prefix: str) -> Iterator[tuple[str, str]]:
        """(name, value) of every field whose name begins so, in the order sent."""
        return (
            (name, value)
            for name, values in self.texts.items()
            if name.startswith(prefix)
            for value in values
        )


async def read_form(request: HttpRequest) -> Form:
    """The form of a request. Raises `Malformed` for what is none, and Litestar's own error for one too large."""
    try:
        found = await request.form()
        texts: dict[str, list[str]] = {}
        files: dict[str, list[Sent]] = {}
        for name, value in found.multi_items():
            if isinstance(value, UploadFile):
                files.setdefault(name, []).append(Sent(value.filename, await value.read()))
            else:
                texts.setdefault(name, []).append(str(value).replace("\r\n", "\n"))
    except HTTPException:
        raise
    except Exception as error:
        raise Malformed("form", "is not what a browser sends") from error
    return Form(texts, files)
