"""The inputs of a form, made from the fields of a content: what stands in each, and what is wrong with it.

    Inputs(visit, "meetings", form, faults).of(fields(Convened))
    ->  [Input("body", "text", "The body that meets", ...), Input("starts", "datetime-local", ...), ...]

The template `say_fields.html` draws them. Of what was typed at most so much comes back as the field may hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from comity.core.act import LANGUAGES
from comity.desk import wording
from comity.desk.fields import Field
from comity.web.content import worded
from comity.web.filled import LONGEST, NODE_ZONE, Fault
from comity.web.form import Form
from comity.web.labels import label
from comity.web.text import Typed
from comity.web.visit import Visit
from comity.web.written import numbered, plain_item, tags_in

__all__ = ["Input", "Inputs", "fault_words"]

_SHORT_NAMES = ("title", "titles", "place", "names", "name", "capacity", "kept_at", "event")
_LINE = 400  # characters that still go into one line
_PARTIES = ("parties", "owners", "calendars")
_SUGGESTED = ("body", "office", "chapter", "bracket", "seat")
_OFFSETS = [f"{sign}{hour:02}:00" for sign in "-+" for hour in range(15) if sign == "+" or 0 < hour < 12]
_KINDS = {"number": "number", "day": "date", "yes": "select", "choice": "select", "data": "textarea"}


class Input(NamedTuple):
    """One input, or several that belong together. sort: as `part.field` has it, or group, structs, ticks or tongues.

    items: of structs, the inputs of each. inputs: of a group, of tongues, and of an hour its zone.
    """

    name: str
    sort: str
    label: str
    help: str = ""
    error: str = ""
    value: Any = ""
    needed: bool = False
    choices: Sequence[tuple[str, str]] = ()
    rows: int = 2
    dir: str = "auto"
    attrs: Mapping[str, str] = {}
    inputs: Sequence[Input] = ()
    items: Sequence[Sequence[Input]] = ()


def fault_words(visit: Visit, fault: Fault) -> str:
    """What is wrong, in the reader's language."""
    facts = {
        name: visit.number(fact) if isinstance(fact, int) else fact for name, fact in fault.facts.items()
    }
    return str(visit.say(fault.key, "web", **facts))


class Inputs:
    """Makes inputs for one form. `hidden`: fields that are not asked for. `lent`: those that need not be filled in.

    `known`: of some fields what they may hold, as (value, words); it is chosen from a list, and is not held against it.
    """

    def __init__(
        self,
        visit: Visit,
        chapter: str,
        form: Form,
        faults: Sequence[Fault] = (),
        hidden: Collection[str] = (),
        lent: Collection[str] = (),
        focus: str = "",
        known: Mapping[str, Sequence[tuple[str, str]]] = {},
    ) -> None:
        self._visit, self._chapter, self._form = visit, chapter, form
        self._hidden, self._lent, self._focus, self._known = hidden, lent, focus, known
        self._errors: dict[str, str] = {}
        for fault in faults:
            self._errors.setdefault(fault.name, fault_words(visit, fault))

    def of(self, fields: Sequence[Field], prefix: str = "", *, needed: bool = True) -> list[Input]:
        """The inputs of a content, or of a group in it; `needed`: whether what is needed in it must be filled in."""
        return [
            self._one(field, f"{prefix}{field.name}", needed=needed and self._needed(field, prefix))
            for field in fields
            if f"{prefix}{field.name}" not in self._hidden
        ]

    def _needed(self, field: Field, prefix: str) -> bool:
        return field.needed and f"{prefix}{field.name}" not in self._lent

    def _one(self, field: Field, name: str, *, needed: bool) -> Input:
        path = [part for part in name.split(".") if not part.isdecimal()]
        within = path[-2] if len(path) > 1 else ""
        told = label(self._visit.words, self._chapter, path[-1], within)
        error = self._errors.get(name, "")
        base = Input(name, "text", told.name, told.more, error, needed=needed)
        match field.sort:
            case "group":
                inside = self.of(field.fields, f"{name}.", needed=needed)
                return base._replace(sort="group", inputs=inside, value=self._begun(name))
            case "list" if plain_item(field) is not None:
                return self._many(field, base)
            case "list" if field.item is not None:
                items = [self._item(field.item, f"{name}.{at}") for at in numbered(self._form, name)]
                return base._replace(sort="structs", items=items)
            case "names" if self._plain(name) is None:
                return self._names(field, base)
            case "numbers" if self._plain(name) is None:
                return self._numbers(base)
            case "moment":
                return self._moment(base)
        return self._single(field, base)

    def _begun(self, name: str) -> bool:
        """Whether anything is typed, or wrong, within a group."""
        typed = (
            value
            for sent, values in self._form.texts.items()
            if sent.startswith(f"{name}.")
            for value in values
        )
        return any(value.strip() for value in typed) or any(at.startswith(f"{name}.") for at in self._errors)

    def _item(self, item: Field, name: str) -> list[Input]:
        if item.fields:
            return self.of(item.fields, f"{name}.", needed=False)
        one = self._one(item, name, needed=False)
        return list(one.inputs) if one.sort == "tongues" else [one]

    def _plain(self, name: str) -> str | None:
        """What was typed as data where there are usually several inputs."""
        typed = self._form.text(name)
        return typed if typed.strip() else None

    def _typed(self, name: str, most: int | None) -> Typed:
        return Typed(self._form.text(name)[: most or LONGEST])

    def _single(self, field: Field, base: Input) -> Input:
        lines = field.sort != "text" or (field.most or 0) > _LINE or "\n" in self._form.text(base.name)
        sort = _KINDS.get(field.sort, "textarea" if lines else "text")
        attrs: dict[str, str] = {}
        choices: list[tuple[str, str]] = []
        most = field.most if field.sort == "text" else None
        if field.sort == "number":
            attrs = {
                name: str(most)
                for name, most in (("min", field.fewest), ("max", field.most))
                if most is not None
            }
        elif field.sort == "choice":
            choices = [
                (word, wording.value(self._visit.words, word, self._chapter)) for word in field.choices
            ]
        elif field.sort == "yes":
            choices = [(word, str(self._visit.say(f"label.{word}", "cli"))) for word in ("yes", "no")]
        elif self._listed(field):
            typed = self._form.text(base.name)[: most or LONGEST]
            listed = self._listed(field)
            more = [(Typed(typed), typed)] if typed and all(typed != one for one, _ in listed) else []
            sort, choices = "select", [*listed, *more]
        elif field.pattern and ("/" in field.pattern or "#" in field.pattern) and "http" not in field.pattern:
            attrs = {"list": "suggested-refs", "autocomplete": "off"}
        elif field.name in _SUGGESTED:
            attrs = {"list": f"suggested-{field.name}", "autocomplete": "off"}
        help_ = "" if field.known or field.sort in ("choice", "yes", "day") else base.help
        ltr = bool(field.pattern) and "http" not in field.pattern
        return base._replace(
            sort=sort, help=help_, value=self._typed(base.name, most), choices=choices,
            rows=10 if field.sort == "data" else 3, attrs=self._focused(base.name, attrs),
            dir="ltr" if ltr or field.sort == "data" else "auto",
        )  # fmt: skip

    def _listed(self, field: Field) -> Sequence[tuple[str, str]]:
        """What a text is chosen from: what is known here, or the words that the act's own struct expects."""
        words = ((word, str(worded(self._visit, field.name, word) or word)) for word in field.known)
        return self._known.get(field.name) or list(words)

    def _focused(self, name: str, attrs: dict[str, str]) -> dict[str, str]:
        if self._focus and name.startswith(self._focus):
            self._focus = ""
            return {**attrs, "autofocus": "autofocus"}
        return attrs

    def _many(self, field: Field, base: Input) -> Input:
        lines = [line for typed in self._form.all(base.name) for line in typed.split("\n") if line.strip()]
        if field.name in _PARTIES:
            codes = dict.fromkeys([*self._visit.record.parties, *(line.strip() for line in lines)])
            choices = [(code, f"{self._visit.party(code)} ({code})") for code in codes]
            return base._replace(sort="ticks", choices=choices, value=[line.strip() for line in lines])
        typed = Typed("\n".join(lines)[:LONGEST])
        more = f"{base.help}{' · ' if base.help else ''}{self._visit.say('say.one_a_line')}"
        return base._replace(
            sort="textarea", help=more, value=typed, rows=min(8, max(2, len(lines) + 1)), dir="ltr"
        )

    def _names(self, field: Field, base: Input) -> Input:
        tags = [*LANGUAGES, *(tag for tag in tags_in(self._form, base.name) if tag not in LANGUAGES)]
        most = field.most or LONGEST
        errors = [self._errors[at] for tag in tags if (at := f"{base.name}.{tag}") in self._errors]
        if field.name in _SHORT_NAMES and len(tags) == len(LANGUAGES):
            value = {tag: self._typed(f"{base.name}.{tag}", most) for tag in tags}
            return base._replace(
                sort="names", value=value, error=base.error or " ".join(errors), help=base.help
            )
        known = [
            Input(
                f"{base.name}.{tag}", "textarea", self._tongue(tag), rows=2 if field.name in _SHORT_NAMES else 4,
                error=self._errors.get(f"{base.name}.{tag}", ""), value=self._typed(f"{base.name}.{tag}", most),
                dir="rtl" if tag == "ar" else "auto", needed=True,
                attrs=self._focused(f"{base.name}.{tag}", {"lang": tag}),
            )
            for tag in tags
        ]  # fmt: skip
        return base._replace(sort="tongues", inputs=known)

    def _tongue(self, tag: str) -> str:
        return str(self._visit.say(f"language.{tag}")) if tag in LANGUAGES else tag

    def _numbers(self, base: Input) -> Input:
        keys = dict.fromkeys([*self._visit.record.parties, *tags_in(self._form, base.name)])
        inputs = [
            Input(
                f"{base.name}.{key}", "number", self._visit.party(key), needed=True,
                error=self._errors.get(f"{base.name}.{key}", ""), value=self._typed(f"{base.name}.{key}", 20),
            )
            for key in keys
        ]  # fmt: skip
        return base._replace(sort="tongues", inputs=inputs)

    def _moment(self, base: Input) -> Input:
        zone = self._form.text(f"{base.name}.zone") or NODE_ZONE
        own = str(self._visit.house.zone)
        known = dict.fromkeys([*_OFFSETS, *([zone] if zone != NODE_ZONE else [])])
        choices = [(NODE_ZONE, own), *((one, f"UTC{one}") for one in known)]
        beside = Input(
            f"{base.name}.zone", "select", str(self._visit.say("say.zone")), value=Typed(zone), choices=choices,
            needed=True, dir="ltr",
        )  # fmt: skip
        return base._replace(
            sort="datetime-local", help="", value=self._typed(base.name, 40), inputs=[beside],
            attrs=self._focused(base.name, {"step": "60"} if len(self._form.text(base.name)) <= 16 else {"step": "1"}),
        )  # fmt: skip
