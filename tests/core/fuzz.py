"""Seeded inputs for parsers: valid ones, mutated by bytes and by meaning, and noise.

for raw in inputs([valid], 10_000, seed=1): ...
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

ODD: list[Any] = [
    None, True, False, 0, -1, 1, 2, 2**31, 2**40, 2**53, 2**63, 2**64, 10**400, 1.5, 1e308, "", "a", "TUR/0", "TUR/-1",
    "١", "\u0000", "\ud7ff", "😀", "A" * 43, "é", [], {}, [[]], {"": ""}, "ed25519:", "2024-08-01T09:30:00Z", "0001-01-01",
    "x" * 70_000, [0] * 200,
]  # fmt: skip
ODD_BYTES = [
    b"", b"\x00", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\n", b"\r\n", b"\\u0000", b"\\ud800", b"1e9", b"-0", b"0.0", b"NaN",
    b'"v":2}', b"{", b"}", b"[" * 3000, b'{"a":' * 2000, b" ", b"=", "—".encode(), b"\xef\xbb\xbf", b"99999999999999999999", b'"',
]  # fmt: skip


def inputs(valid: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """So many inputs, the same for the same seed: some valid, most nearly so, some noise."""
    chance = random.Random(seed)
    for number in range(count):
        raw = chance.choice(valid)
        way = number % 10
        if way == 0:
            yield chance.randbytes(chance.choice([0, 1, 5, 40, 300]))
        elif way <= 4:
            yield _by_meaning(raw, chance)
        else:
            for _ in range(chance.choice([1, 1, 2, 5])):
                raw = _by_bytes(raw, chance)
            yield raw


def _by_bytes(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    to = min(len(raw), at + chance.choice([0, 1, 1, 2, 8, 60]))
    way = chance.randrange(6)
    if way == 0:
        return raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
    if way == 1:
        return raw[:at] + raw[to:]
    if way == 2:
        return raw[:at] + raw[at:to] * 2 + raw[to:]
    if way == 3:
        return raw[:at] + chance.choice(ODD_BYTES) + raw[to:]
    if way == 4:
        return raw[:at]
    other = chance.randrange(len(raw) + 1)
    return raw[:at] + raw[other : other + 40] + raw[to:]


def _by_meaning(raw: bytes, chance: random.Random) -> bytes:
    """Another value at some place of a JSON text, written canonically where that can be; else a line of a text."""
    try:
        value = json.loads(raw)
    except ValueError:
        lines = raw.split(b"\n")
        lines[chance.randrange(len(lines))] = chance.choice([*lines, *ODD_BYTES])
        return b"\n".join(lines)
    for _ in range(chance.choice([1, 1, 1, 3])):
        value = _changed(value, chance)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def _changed(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        way = chance.randrange(8)
        rest = {name: held for name, held in value.items() if name != key}
        if way == 0:
            return rest
        if way == 1:
            return {**value, chance.choice(["", "x", "v", "é", "TUR"]): chance.choice(ODD)}
        return {**value, key: _changed(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        way = chance.randrange(8)
        if way == 0:
            return value[:at] + value[at + 1 :]
        if way == 1:
            return [*value, value[at]]
        return [*value[:at], _changed(value[at], chance), *value[at + 1 :]]
    if isinstance(value, str) and value and chance.random() < 0.5:
        at = chance.randrange(len(value))
        return value[:at] + chance.choice(["A", "0", "/", "", "\n", "ı", "\\", '"']) + value[at + 1 :]
    if isinstance(value, int) and not isinstance(value, bool) and chance.random() < 0.5:
        return value + chance.choice([-1, 1, 1000])
    return chance.choice(ODD)
