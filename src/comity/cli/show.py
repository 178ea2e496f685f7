"""How things are written: tables and facts, drawn on a terminal and plain in a pipe, or JSON.

    TUR/4   accepted the draft   2024-08-01 09:30 UTC   secretariat   received

References and numbers inside Arabic are isolated (UAX #9), so that they do not turn round. Rich is imported only for
a terminal.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from comity.cli.session import Session
from comity.words import isolate

__all__ = ["cell", "emit", "facts", "line", "moment", "named", "nested", "on_terminal", "spans", "table"]

_BLANK = "–"
_STYLES = {"settled": "green", "received": "cyan", "said": "yellow", "irregular": "red"}
_LONGEST = 20_000  # the longest passage of a text
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def on_terminal() -> bool:
    """Whether a person is looking."""
    return sys.stdout.isatty()


def emit(data: Any) -> None:
    """JSON, on one page, for a program."""
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def line(text: str) -> None:
    """One line. Control characters from elsewhere never reach a terminal."""
    print(_CONTROL.sub("\ufffd", text))


def named(names: Mapping[str, str], session: Session) -> str:
    """A name in the chosen language, or in English, or in whichever there is."""
    found = names.get(session.language) or names.get("en") or next(iter(names.values()), "")
    return cell(found, session)


def spans(carried: Mapping[str, Sequence[int]]) -> list[str]:
    """Stretches of logs, as people cite them: `TUR/6`, `TUR/6–9`."""
    return [
        f"{log}/{first}" if first == last else f"{log}/{first}–{last}"
        for log, (first, last) in sorted(carried.items())
    ]


def moment(text: str) -> str:
    """A time as people read it, always with its offset: 2024-08-01 09:30 UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    offset = time.strftime("%z")
    return time.strftime("%Y-%m-%d %H:%M ") + ("UTC" if offset in ("+0000", "") else offset)


def cell(value: Any, session: Session) -> str:
    """A value as it can stand inside a sentence of the chosen language."""
    if value is None or value == "":
        return _BLANK
    if isinstance(value, bool):
        return session.say("label.yes" if value else "label.no")
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return isolate(_CONTROL.sub("\ufffd", " ".join(text.split())), session.language)


def facts(pairs: Iterable[tuple[str, str]], session: Session) -> None:
    """Labels and what they are, one a line."""
    rows = [(label, text) for label, text in pairs if text and text != _BLANK]
    if on_terminal():
        _rich_table([], rows, session, box=False)
        return
    width = max((_width(label) for label, _ in rows), default=0)
    for label, text in rows:
        print(f"{_padded(label, width)}  {_CONTROL.sub(chr(0xFFFD), text)}")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], session: Session) -> None:
    """A table; where it is empty, a word that says so."""
    if not rows:
        line(session.say("label.none"))
        return
    if on_terminal():
        _rich_table(headers, rows, session, box=True)
        return
    widths = [max(_width(row[at]) for row in (headers, *rows)) for at in range(len(headers))]
    for row in (headers, *rows):
        print("  ".join(_padded(text, width) for text, width in zip(row, widths, strict=True)).rstrip())


def _rich_table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], session: Session, *, box: bool
) -> None:
    from rich import box as boxes
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    styles = {session.say(f"standing.{word}"): style for word, style in _STYLES.items()}
    drawn = Table(box=boxes.SIMPLE_HEAD if box else None, show_header=bool(headers), pad_edge=False)
    columns = headers or ("", "")
    for at, header in enumerate(columns):
        justify: Any = "right" if session.language == "ar" and box else "left"
        drawn.add_column(header, justify=justify, style="bold" if at == 0 else "", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(_CONTROL.sub("\ufffd", text), style=styles.get(text, "")) for text in row))
    Console(highlight=False).print(drawn)


def _width(text: str) -> int:
    """How many columns a text takes: marks and bidi controls take none, wide characters two."""
    shown = [char for char in text if unicodedata.category(char) not in ("Mn", "Cf", "Me")]
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in shown)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def nested(data: Any, label: Any, indent: int = 0) -> Iterable[str]:
    """Data as indented lines; `label(name)` gives a field's name in the chosen language."""
    pad = "  " * indent
    match data:
        case dict():
            for name, value in data.items():
                if isinstance(value, dict | list) and value:
                    yield f"{pad}{label(name)}:"
                    yield from nested(value, label, indent + 1)
                else:
                    yield f"{pad}{label(name)}: {_scalar(value)}"
        case list():
            for value in data:
                inner = list(nested(value, label, indent + 1))
                yield f"{pad}- {inner[0].lstrip()}" if inner else f"{pad}-"
                yield from inner[1:]
        case _:
            yield f"{pad}{_scalar(data)}"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = _BLANK if value is None or value in ("", [], {}) else str(value)
    if len(text) > _LONGEST:  # a file inside an act, say; `--json` has it whole
        text = f"{text[:60]}… ({len(text)})"
    return _CONTROL.sub("\ufffd", text)
