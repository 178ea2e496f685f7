"""What was typed, kept while its author signs in: with the form itself, then as a draft of the person.

    {"texts":{"agenda.0.title.en":["Exchange of data on flows"],"place":["Ankara"]}}

It is kept under the path of the form, without its query. Secrets are never kept: passwords, passphrases and PINs are
left out, and of the form's own fields, whose names begin with `_`, all but what stands beside a content. Files are not
kept either, since no page can put one into a form again.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

import msgspec

from comity.core.errors import Refused
from comity.web.form import Form
from comity.web.visit import Visit

__all__ = ["LARGEST", "drop", "keep", "keepable", "kept", "packed", "unpacked"]

LARGEST = 1 << 20
"""The most bytes that are kept of one form."""

_SECRET = frozenset({"password", "passphrase", "pin"})
_BESIDE = frozenset({"_days", "_start", "_closed", "_worked", "_sign_with", "_new_key", "_mandate"})


class _Kept(msgspec.Struct, frozen=True):
    texts: dict[str, list[str]] = {}


def keepable(texts: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The fields that may be kept."""
    return {name: list(values) for name, values in texts.items() if not _secret(name)}


def packed(texts: Mapping[str, Sequence[str]]) -> str:
    """What was typed as one hidden field; "" where nothing was. Raises `Refused("draft_large")`."""
    found = keepable(texts)
    return binascii.b2a_base64(_data(found), newline=False).decode() if found else ""


def unpacked(sent: str) -> dict[str, list[str]]:
    """What a hidden field holds; nothing where it is not one of ours."""
    if len(sent) > 2 * LARGEST:
        return {}
    try:
        return _read(binascii.a2b_base64(sent, strict_mode=True))
    except ValueError:
        return {}


def keep(visit: Visit, path: str, texts: Mapping[str, Sequence[str]]) -> None:
    """Keep what was typed into the form at a path, for the person who is signed in. Raises `Refused("draft_large")`."""
    visit.house.accounts.keep_draft(visit.person, _key(path), _data(keepable(texts)))


def kept(visit: Visit, path: str) -> Form | None:
    """What this person had typed into the form at a path, if it is kept."""
    data = visit.house.accounts.draft(visit.person, _key(path))
    texts = _read(data) if data is not None else {}
    return Form(texts) if texts else None


def drop(visit: Visit, path: str) -> None:
    """Keep it no longer: it was said, or thrown away."""
    visit.house.accounts.drop_draft(visit.person, _key(path))


def _key(path: str) -> str:
    return unquote(path.partition("?")[0])


def _secret(name: str) -> bool:
    last = name.rpartition(".")[2].casefold()
    own = name.startswith("_") and name.partition(".")[0] not in _BESIDE
    return own or last in _SECRET or last.endswith(("_password", "_passphrase", "_pin"))


def _data(texts: Mapping[str, Sequence[str]]) -> bytes:
    data = json.dumps({"texts": texts}, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    if len(data) > LARGEST:
        raise Refused("draft_large", most="1 MiB")
    return data


def _read(data: bytes) -> dict[str, list[str]]:
    try:
        return keepable(msgspec.json.decode(data[: LARGEST + 1], type=_Kept).texts)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
