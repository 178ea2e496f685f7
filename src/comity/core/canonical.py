"""RFC 8785 canonical JSON, as Comity uses it: the one text form of every leaf, content and file.

`encode` writes it, `decode` accepts nothing else. Inside the record there are no floats, so a number is an
integer of at most 53 bits.

    >>> encode({"b": 1, "a": "é"})
    b'{"a":"\xc3\xa9","b":1}'
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec
import rfc8785

from comity.core.errors import Malformed

__all__ = ["decode", "encode", "parse"]

T = TypeVar("T")
# For structs whose keys are ASCII and which hold no floats, this encoder and RFC 8785 give the same bytes
# (a property test holds the two against each other); it is twenty times faster.
_encode_struct = msgspec.json.Encoder(order="sorted").encode
# Where that is not so, the slow way has the last word: integers that may have more than 53 bits, and characters outside
# the basic plane, by which keys may sort differently (RFC 8785 sorts by UTF-16 units).
_unsure = re.compile(rb"[0-9]{16}|[\xf0-\xf4]").search
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(value: Any) -> bytes:
    """The canonical bytes of JSON-able data or of a struct. Raises `Malformed` for what RFC 8785 cannot say."""
    try:
        if isinstance(value, msgspec.Struct):
            raw = _encode_struct(value)
            if _unsure(raw):
                decode(raw, "value")
            return raw
        return rfc8785.dumps(msgspec.to_builtins(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, TypeError, RecursionError) as error:
        raise Malformed("value", f"cannot be written as canonical JSON: {error}") from error


def decode(raw: bytes, thing: str = "JSON", *, fractions: bool = True) -> Any:
    """Plain data from canonical bytes; `Malformed` if one byte differs from the canonical form.

    fractions: whether numbers other than integers may occur; never in what the record holds.
    """
    try:
        value = msgspec.json.decode(raw)
        again = rfc8785.dumps(value)
    except (msgspec.DecodeError, rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise Malformed(thing, f"not canonical JSON (RFC 8785): {error}") from error
    if again != raw:
        raise Malformed(thing, "not canonical JSON (RFC 8785)", at=_first_difference(raw, again))
    if not fractions and _fractional(value):
        raise Malformed(thing, "holds a number that is not an integer of at most 53 bits")
    return value


def _fractional(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_fractional(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_fractional(inner) for inner in value)
    return isinstance(value, float)


def parse(raw: bytes, kind: type[T], thing: str) -> T:
    """A struct of type `kind` from canonical bytes: unknown, doubled or missing fields are `Malformed`."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders.setdefault(kind, msgspec.json.Decoder(kind))
    try:
        value: T = decoder.decode(raw)
        again = _encode_struct(value)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Malformed(thing, str(error)) from error
    if again != raw:
        raise Malformed(thing, "not canonical JSON (RFC 8785)", at=_first_difference(raw, again))
    if _unsure(raw):
        decode(raw, thing)
    return value


def _first_difference(raw: bytes, canonical: bytes) -> str:
    place = next(
        (i for i, (a, b) in enumerate(zip(raw, canonical, strict=False)) if a != b),
        min(len(raw), len(canonical)),
    )
    return f"byte {place}"
