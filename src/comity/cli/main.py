"""`comity`: where every command is, and how a call begins and ends.

    comity --node DIR COMMAND        exit 0 done, 1 refused or check failed, 2 usage, 3 unavailable

Commands are imported when they are called, so that `comity --help` costs nothing that it does not show.
"""

from __future__ import annotations

import io
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from comity import __version__
from comity.cli.errors import exit_code, tell
from comity.cli.session import Session
from comity.cli.spoken import Group, common_options
from comity.core.errors import ComityError

__all__ = ["COMMANDS", "chapter_names", "main", "root", "run"]

COMMANDS = {
    "demo": "comity.cli.demonstration:demo",
    "init": "comity.cli.founding:init",
    "card": "comity.cli.founding:card",
    "found": "comity.cli.founding:found",
    "key": "comity.cli.keys:key",
    "account": "comity.cli.accounts:account",
    "serve": "comity.cli.serve:serve",
    "sync": "comity.cli.exchange:sync",
    "pouch": "comity.cli.exchange:pouch",
    "status": "comity.cli.status:status",
    "list": "comity.cli.reading:list_",
    "show": "comity.cli.reading:show",
    "log": "comity.cli.reading:log",
    "check": "comity.cli.proofs:check",
    "paper": "comity.cli.papers:paper",
    "prove": "comity.cli.proofs:prove",
    "verify": "comity.cli.proofs:verify",
    "bench": "comity.cli.demonstration:bench",
}


def chapter_names() -> list[str]:
    """The charter and every chapter, by the names of their folders: nothing is imported for it."""
    import comity

    folder = Path(comity.__file__).parent / "chapters"
    return ["charter", *sorted(found.name for found in pkgutil.iter_modules([str(folder)]) if found.ispkg)]


def root() -> Group:
    """The whole command."""
    chapters = chapter_names()
    listed = {name: (f"command.{name}", "cli") for name in COMMANDS} | {
        name: ("chapter", name) for name in chapters
    }

    def make(name: str) -> click.Command:
        if name in chapters:
            from comity.cli.acts import chapter_group

            return chapter_group(name)
        module, _, attribute = COMMANDS[name].partition(":")
        found: click.Command = getattr(import_module(module), attribute)
        return found

    version = click.version_option(__version__, prog_name="comity", message="%(prog)s %(version)s")
    group = Group("comity", listed, make, params=common_options(hidden=False))
    return version(group)


def run(arguments: Sequence[str], kept: Session | None = None) -> int:
    """One call, from its arguments to its exit code. A session that is `kept` stays open for the next call."""
    session = kept or Session()
    command = root()
    try:
        done = command.main(list(arguments), prog_name="comity", standalone_mode=False, obj=session)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return exit_code(error)
    except (click.UsageError, ComityError, OSError) as error:
        if isinstance(error, BrokenPipeError):  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        tell(session, error, _chapter(arguments))
        return exit_code(error)
    except (KeyboardInterrupt, click.Abort):
        print(session.say("error.interrupted"), file=sys.stderr)
        return 1
    finally:
        if kept is None:
            session.close()
    return done if isinstance(done, int) else 0


def _chapter(arguments: Sequence[str]) -> str:
    """The chapter that was spoken to, whose words a refusal takes first."""
    return next((argument for argument in arguments if argument in chapter_names()), "")


def main() -> None:
    """The entry point of the program. A terminal that cannot write a letter gets a sign in its place."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))
