"""Click's commands, options and groups, whose help is a key into the words of the chosen language.

    @command("show", Argument(["reference"], metavar="REF"))    # words: command.show, option.show.reference

Every command takes the common options too (`--node`, `--language`, ...), so that they may stand before or after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from comity.cli.session import Session
from comity.core.act import LANGUAGES, Ref
from comity.core.errors import Malformed

__all__ = [
    "COMMON",
    "DAY",
    "MOMENT",
    "REF",
    "Argument",
    "Command",
    "Group",
    "Option",
    "command",
    "common_options",
    "read_names",
]


def session_of(ctx: click.Context) -> Session:
    """The session of a context."""
    return ctx.ensure_object(Session)


class Option(click.Option):
    """An option whose help is a key: the one given, or `option.<name>`; `place` is the chapter whose words they are."""

    def __init__(self, *args: Any, place: str = "cli", key: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.place, self.key = place, key or f"option.{self.name}"

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option's names, and its help in the chosen language."""
        session = session_of(ctx)
        self.help = session.say(self.key, self.place)
        record = super().get_help_record(ctx)
        if record is None:
            return None
        needed, default = session.say("help.required"), session.say("help.default")
        return record[0], record[1].replace("[required]", f"[{needed}]").replace("[default: ", f"[{default} ")


class Argument(click.Argument):
    """An argument, which click shows without help; the reference pages give its words."""

    def __init__(self, *args: Any, place: str = "cli", key: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.place, self.key = place, key or f"option.{self.name}"

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """The argument's name, and its help in the chosen language."""
        return self.make_metavar(ctx).strip("[].").lower(), session_of(ctx).say(self.key, self.place)


def _set(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value:
            setattr(session_of(ctx), name, value)

    return keep


class _Moment(click.ParamType[datetime]):
    """A time with its offset from UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.fail("usage.time", param, ctx)
        return found


class _Day(click.ParamType[date]):
    """A day, such as 2024-08-15."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail("usage.day", param, ctx)


class _Reference(click.ParamType[Ref]):
    """A reference, such as TUR/17."""

    name = "ref"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, Ref):
            return value
        try:
            return Ref.parse(value)
        except Malformed:
            self.fail("usage.reference", param, ctx)


MOMENT, DAY, REF = _Moment(), _Day(), _Reference()
COMMON = ("node", "mechanism", "language", "now", "passphrase_file", "json")


def common_options(*, hidden: bool) -> list[click.Option]:
    """The options that every command takes."""
    hide: dict[str, Any] = {"hidden": hidden, "expose_value": False}
    return [
        Option(["--node"], metavar="DIR", callback=_set("node_folder"), **hide),
        Option(["--mechanism"], metavar="ID", callback=_set("mechanism"), **hide),
        Option(
            ["--language"], type=click.Choice(LANGUAGES), is_eager=True, callback=_set("language"), **hide
        ),
        Option(["--now"], type=MOMENT, metavar="TIME", callback=_set("now"), **hide),
        Option(
            ["--passphrase-file"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            callback=_set("passphrase_file"),
            **hide,
        ),
        Option(["--json"], is_flag=True, callback=_set("json"), **hide),
    ]


class Command(click.Command):
    """A command whose help is in the words, under `command.<path>` or the key given."""

    def __init__(self, *args: Any, key: str = "", place: str = "cli", **more: Any) -> None:
        super().__init__(*args, **more)
        self.key, self.place = key or f"command.{self.name}", place
        taken = {name for param in self.params for name in (param.name, *param.opts)}
        self.params += [
            o for o in common_options(hidden=True) if o.name not in taken and not taken & set(o.opts)
        ]

    def spoken(self, ctx: click.Context) -> str:
        """Its help, in the chosen language."""
        return session_of(ctx).say(self.key, self.place)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, explained in the chosen language."""
        return _help_option(super().get_help_option(ctx), ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line."""
        _usage(self, ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help itself."""
        _help(self.spoken(ctx), formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The arguments and options."""
        _options(self, ctx, formatter)
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text(session_of(ctx).say("help.common"))


class Group(click.Group):
    """A group whose commands are made when they are called, so that starting costs only what is used.

    `make` gives the command of a name, or None; `listed` says for each name where its one line of help is.
    """

    def __init__(
        self,
        name: str,
        listed: Mapping[str, tuple[str, str]],
        make: Callable[[str], click.Command | None],
        *,
        key: str = "",
        place: str = "cli",
        params: Sequence[click.Parameter] = (),
    ) -> None:
        super().__init__(name, params=[*params], no_args_is_help=True)
        self.key, self.place, self._listed, self._make = key or f"command.{name}", place, listed, make
        taken = {param.name for param in self.params}
        self.params += [option for option in common_options(hidden=True) if option.name not in taken]

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """The names, in the order in which they were given."""
        return list(self._listed)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        """The command of that name."""
        return self._make(cmd_name) if cmd_name in self._listed else None

    def spoken(self, ctx: click.Context) -> str:
        """Its help, in the chosen language."""
        return session_of(ctx).say(self.key, self.place)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, explained in the chosen language."""
        return _help_option(super().get_help_option(ctx), ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line."""
        _usage(self, ctx, formatter)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help itself."""
        _help(self.spoken(ctx), formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then commands; no command is loaded for it."""
        _options(self, ctx, formatter)
        session = session_of(ctx)
        rows = [(name, session.say(key, place).split("\n")[0]) for name, (key, place) in self._listed.items()]
        with formatter.section(session.say("help.commands")):
            formatter.write_dl(rows)


def _help_option(option: click.Option | None, ctx: click.Context) -> click.Option | None:
    if option is not None:
        option.help = session_of(ctx).say("option.help")
    return option


def _usage(self: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    formatter.write_usage(
        ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), session_of(ctx).say("help.usage") + " "
    )


def _help(text: str, formatter: click.HelpFormatter) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text)


def _options(self: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    rows = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx)) is not None]
    if rows:
        with formatter.section(session_of(ctx).say("help.options")):
            formatter.write_dl(rows)


def command(
    name: str, *params: click.Parameter, key: str = "", place: str = "cli"
) -> Callable[[Callable[..., Any]], Command]:
    """A command from a function that takes the session and the parameters by name."""

    def made(run: Callable[..., Any]) -> Command:
        def callback(**values: Any) -> Any:
            return run(session_of(click.get_current_context()), **values)

        return Command(name, params=list(params), callback=callback, key=key, place=place)

    return made


def read_names(given: Iterable[str], param: str) -> dict[str, str]:
    """`en=Iraq` and `tr=Irak` as a mapping. Raises a usage error."""
    found: dict[str, str] = {}
    for text in given:
        tag, equals, name = text.partition("=")
        if not equals or not tag or tag in found:
            raise click.BadParameter("usage.tagged", param_hint=f"--{param} {text}")
        found[tag.strip()] = name
    return found
