"""Files that a person names: read whole, written whole or not at all. Raises `Unavailable`, which names the file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from comity.core.errors import Malformed, Unavailable

__all__ = ["read_data", "read_file", "write_file"]


def read_file(path: Path) -> bytes:
    """A file's bytes; `-` is the standard input."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Unavailable(str(path), f"cannot be read: {error.strerror}") from error


def write_file(path: Path, raw: bytes) -> None:
    """Write a file; `-` is the standard output."""
    if str(path) == "-":
        print(raw.decode("utf-8"), end="")
        return
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_bytes(raw)
        fresh.replace(path)
    except OSError as error:
        raise Unavailable(str(path), f"cannot be written: {error.strerror}") from error


def read_data(text: str, thing: str) -> Any:
    """Data from JSON or YAML, as it was typed: no `no` that becomes false, no days that become numbers.

    `text` is the data itself if it begins with a bracket, else the name of a file. Raises `Malformed`.
    """
    if text.lstrip()[:1] not in ("{", "["):
        thing = text
        try:
            text = read_file(Path(text)).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Malformed(thing, "is not UTF-8: save it as UTF-8", at=f"byte {error.start}") from error
    if thing.endswith(".json"):
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise Malformed(thing, error.msg, at=f"line {error.lineno}") from error
    return _yaml(text, thing)


def _yaml(text: str, thing: str) -> Any:
    import yaml

    try:
        return yaml.load(text, yaml.BaseLoader)  # noqa: S506 -- makes text, lists and mappings only
    except yaml.MarkedYAMLError as error:
        at = f"line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise Malformed(thing, f"is not YAML: {error.problem or error.context}", at=at) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Malformed(thing, f"is not YAML: {str(error).splitlines()[0]}") from error
