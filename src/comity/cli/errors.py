"""What a command ends with: the one table of exit codes, and what a person reads for each of the four errors.

    refused: A text with open brackets cannot be accepted ... Rule: VCLT art. 10.      exit 1

Refusals take their words from the chapter that is being spoken to, then from the common ones, then from any other.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from comity.cli.session import Session
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.words import places

__all__ = ["EXIT", "USAGE", "exit_code", "refusal", "tell", "told"]

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
    data: dict[str, Any] = {"error": _kind(error), "message": _sentence(session, error, chapter)}
    match error:
        case Refused():
            data |= {"code": error.code, "provision": error.provision, "facts": error.facts}
        case Malformed():
            data |= {"thing": error.thing, "at": error.at, "why": error.why}
        case Broken() | Unavailable():
            data |= {"thing": error.thing, "why": error.why}
    return data


def _kind(error: Exception) -> str:
    if isinstance(error, ComityError):
        return type(error).__name__.lower()
    return "usage" if isinstance(error, click.UsageError) else "unavailable"


def tell(session: Session, error: Exception, chapter: str = "") -> None:
    """Write the error to the error stream, as text or as JSON."""
    if session.json:
        import json

        print(json.dumps(told(session, error, chapter), ensure_ascii=False), file=sys.stderr)
        return
    print(_sentence(session, error, chapter), file=sys.stderr)


def _sentence(session: Session, error: Exception, chapter: str) -> str:
    match error:
        case Refused():
            return refusal(session, error.code, error.provision, error.facts, chapter)
        case Malformed():
            at = f" ({error.at})" if error.at else ""
            return session.say("error.malformed", thing=error.thing, at=at, why=error.why)
        case Broken():
            return session.say("error.broken", thing=error.thing, why=error.why)
        case Unavailable():
            return session.say("error.unavailable", thing=error.thing, why=error.why)
        case click.UsageError():
            return _usage(session, error)
        case OSError():
            return session.say(
                "error.unavailable", thing=error.filename or "—", why=error.strerror or str(error)
            )
    return str(error)


def refusal(session: Session, code: str, provision: str, facts: dict[str, str], chapter: str = "") -> str:
    """A refusal in the chosen language, with the provision it rests on."""
    words, key = session.words, f"refused.{code}"
    known = dict.fromkeys((chapter, "", "cli", *places()))
    place = next(
        (place for place in known if any(key in words.of(place, tag) for tag in (session.language, "en"))), ""
    )
    said = words.say(key, place, **facts)
    if said == key:
        said = session.say(
            "error.unworded", code=code, facts=", ".join(f"{name}: {fact}" for name, fact in facts.items())
        )
    reason = words.say("label.refused_because").replace("{reason}", said)
    rule = session.say("label.rule", provision=provision)
    return f"{reason} {rule}." if provision else reason


def _usage(session: Session, error: click.UsageError) -> str:
    said = _usage_reason(session, error)
    ctx = error.ctx
    if ctx is None:
        return said
    more = session.say("usage.more", command=f"{ctx.command_path} --help")
    return f"{said}\n{more}"


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
            why = error.message
            return session.say(
                "usage.bad", option=named, why=session.say(why) if why.startswith("usage.") else why
            )
    if error.message.startswith("usage."):
        return session.say(error.message)
    return session.say("usage.other", why=error.format_message())


def _named(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    return param.opts[0] if isinstance(param, click.Option) else (param.metavar or param.human_readable_name)
