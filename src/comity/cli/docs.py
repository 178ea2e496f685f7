"""The reference of all commands, made from the commands: `python -m comity.cli.docs > docs/reference/cli.md`.

A test holds the page against this, so that an undocumented command or option cannot be.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from comity.cli.main import root
from comity.cli.session import Session
from comity.cli.spoken import Argument, Command, Group, Option

__all__ = ["page"]

_INTRODUCTION = """\
# The command line

This page is made from the commands themselves: `python -m comity.cli.docs > docs/reference/cli.md`.

    comity --node DIR COMMAND

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | refused by a rule, or a check failed; also what was read is malformed, or a signature does not verify |
| 2 | usage: the command was typed wrongly |
| 3 | unavailable: a node, a file, a disk, a key could not be had; nothing was changed |

Results go to the standard output, errors to the standard error stream. On a terminal, tables are drawn; in a pipe they
are plain text, aligned by spaces. With `--json` both are JSON, an error too. Help and messages are in English, Turkish
or Arabic (`--language`, `COMITY_LANGUAGE`); references inside Arabic are isolated so that they do not turn round.

Every command takes these options, before its name or after it:

"""
_SAYING = """\
One command for each kind of act. What is left out is completed where only one thing can be meant; `--dry-run` tells
whether the rules would allow it. A field that holds several parts takes a file of YAML or JSON, or the data itself:
`--head '{name: ...}'`. A field in several languages is given once for each: `--title en=Water --title tr=Su`.
"""


def page() -> str:
    """The whole page, in Markdown."""
    session = Session()
    session.language = "en"
    group = root()
    context = click.Context(group, info_name="comity", obj=session)
    parts = [_INTRODUCTION + _table(group, context)]
    parts += _commands(group, context, 2)
    return "\n".join(parts).rstrip() + "\n"


def _commands(group: Group, context: click.Context, level: int) -> Iterator[str]:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if found is None or not isinstance(found, Group | Command):
            continue
        inner = click.Context(found, info_name=name, parent=context)
        title = f"\n{'#' * level} {inner.command_path}\n\n{found.spoken(inner)}\n"
        if isinstance(found, Group):
            yield title + (f"\n{_SAYING}" if found.place != "cli" else "")
            yield from _commands(found, inner, level + 1)
        else:
            usage = " ".join(found.collect_usage_pieces(inner))
            yield f"{title}\n    {inner.command_path} {usage}\n"
            table = _table(found, inner)
            if table:
                yield table


def _table(found: click.Command, context: click.Context) -> str:
    """What it takes, as a table; the options that every command takes are not repeated."""
    rows = []
    for param in found.get_params(context):
        if isinstance(param, Option | Argument) and not getattr(param, "hidden", False):
            record = param.get_help_record(context)
            if record is not None:
                names = f"`{record[0]}`".replace("|", "\\|")
                rows.append(f"| {names} | {record[1].replace('|', chr(92) + '|')} |")
    return "\n".join(["| takes | |", "|---|---|", *rows]) + "\n" if rows else ""


if __name__ == "__main__":
    print(page(), end="")
