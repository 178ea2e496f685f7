"""What a command ends with: the one table of exit codes, and what a person reads for each of the four errors.

    refused: A text with open brackets cannot be accepted ... Rule: VCLT art. 10.      exit 1

The words are those of every interface (`comity.desk.wording`), but for what was wrong with a command itself.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from comity.cli.session import Session
from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.desk import reasons, wording

__all__ = ["EXIT", "USAGE", "exit_code", "tell", "told"]

USAGE = 2
EXIT: dict[type[Exception], int] = {
    Malformed: 1,
    Refused: 1,
    Broken: 1,
    click.UsageError: USAGE,
    Unavailable: 3,
    OSError: 3,
}
"""Exit codes: 0 is done, and nothing else is used but these."""


def exit_code(error: Exception) -> int:
    """The exit code of an error."""
    return next(code for kind, code in EXIT.items() if isinstance(error, kind))


def told(session: Session, error: Exception, chapter: str = "") -> dict[str, Any]:
    """An error as data: its class, what it is about, and the sentence in the chosen language."""
    if isinstance(error, click.UsageError):
        return {"error": "usage", "message": _usage(session, error)}
    return wording.told(session.words, error, chapter)


def tell(session: Session, error: Exception, chapter: str = "") -> None:
    """Write the error to the error stream, as text or as JSON."""
    if session.json:
        import json

        print(json.dumps(told(session, error, chapter), ensure_ascii=False), file=sys.stderr)
        return
    print(told(session, error, chapter)["message"], file=sys.stderr)


def _usage(session: Session, error: click.UsageError) -> str:
    asked = error.ctx.command_path if error.ctx else "comity"
    more = session.say("usage.more", command=f"{asked} --help")
    return f"{_usage_reason(session, error)}\n{more}"


def _usage_reason(session: Session, error: click.UsageError) -> str:
    param = getattr(error, "param", None)
    hint = getattr(error, "param_hint", None)
    named = hint if isinstance(hint, str) else _named(param) or ", ".join(hint or ())
    match type(error).__name__:
        case "MissingParameter":
            return session.say("usage.missing", option=named)
        case "NoSuchOption":
            return session.say("usage.no_option", option=error.option_name)  # type: ignore[attr-defined]
        case "NoSuchCommand":
            return session.say("usage.no_command", command=error.command_name)  # type: ignore[attr-defined]
        case "BadParameter":
            return session.say("usage.bad", option=named, why=_said(session, error.message))
    return _said(session, error.message)


def _said(session: Session, why: str) -> str:
    """Words of ours by their key; those of the command library by what they say in English."""
    return session.say(why) if why.startswith("usage.") else reasons.said(session.words, why)


def _named(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    return param.opts[0] if isinstance(param, click.Option) else (param.metavar or param.human_readable_name)
