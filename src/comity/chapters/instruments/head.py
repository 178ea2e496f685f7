"""The head of an instrument's file: YAML between two lines of ---, in words that a lawyer would use.

    ---
    language: en
    authentic: [en, tr, ar]
    prevailing: en
    parties: [TUR, IRQ]
    bodies:
      - article: 4
        kind: committee
        names: {en: Committee on Trade, tr: Ticaret Komitesi, ar: لجنة التجارة}
        seats: {TUR: 5, IRQ: 5}
        every months: 6
    final:
      article: 12
      entry into force: {after: notifications, days: 30}
      duration: {years: 5}
      renewal: {years: 1}
      renewal notice: {months: 6, at: end of period}
      denunciation: {months: 6, at: any time}
      amendments: {reply days: 90, after: notifications, month: 2}
    ---

Every value is read as what was typed: no `NO` that turns into false, no dates that turn into numbers, no
aliases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec
import yaml

from comity.chapters.instruments.ids import default_id
from comity.chapters.instruments.numbering import fold, roman
from comity.chapters.instruments.text import Final, Setup
from comity.core.chapter import BodyTerms
from comity.core.errors import Malformed

__all__ = ["Head", "bodies", "final", "read_head", "written"]

LIMIT = 65536


class _Form(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename=lambda name: name.replace("_", " ")
):
    """A part of the head: field names are typed with spaces."""


class Period(_Form, frozen=True):
    """A length of time."""

    years: int = 0
    months: int = 0


class NoticeForm(_Form, frozen=True):
    """How long before its effect a notice is given."""

    months: int = 0
    days: int = 0
    at: Literal["end of period", "any time"] = "any time"


class EntryForm(_Form, frozen=True):
    """When the text enters into force."""

    after: Literal["signature", "notifications", "day"] = "signature"
    days: int = 0
    month: int = 0
    day: date | None = None
    signature: Literal["needed", "not needed"] = "needed"


class AmendmentForm(_Form, frozen=True):
    """How amendments are answered and enter into force; without `after`, as the instrument itself does."""

    reply_days: int = 0
    after: Literal["signature", "notifications", "day", ""] = ""
    days: int = 0
    month: int = 0
    signature: Literal["needed", "not needed"] = "not needed"


class FinalForm(_Form, frozen=True):
    """The final clauses."""

    article: str = ""
    entry_into_force: EntryForm = EntryForm()
    duration: Period = Period()
    renewal: Period = Period()
    renewal_notice: NoticeForm | None = None
    denunciation: NoticeForm | None = None
    amendments: AmendmentForm = AmendmentForm()


class BodyForm(_Form, frozen=True):
    """A body that an article sets up."""

    article: str
    kind: str
    names: dict[str, str]
    id: str = ""
    seat: str = ""
    seats: dict[str, int] = {}
    competence: str = ""
    every_months: int = 0


class Head(_Form, frozen=True):
    """The whole head. All files of an instrument say the same, except language, title and note."""

    language: str
    title: str = ""
    note: str = ""
    authentic: tuple[str, ...] = ()
    prevailing: str = ""
    parties: tuple[str, ...] = ()
    bodies: tuple[BodyForm, ...] = ()
    final: FinalForm | None = None


class _Loader(yaml.BaseLoader):
    """Plain YAML: every scalar is text, a key stands once, and nothing refers to anything else."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="aliases are not allowed; write it out", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = True) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem="a key stands twice, or is not a word", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_head(name: str, raw: str, line: int) -> Head:
    """The head from its YAML. `line` is the line of the file on which it starts."""
    if len(raw) > LIMIT:
        raise Malformed(
            name, "the head is longer than 64 KB; is the second line of --- missing?", at="line 1"
        )
    try:
        plain = yaml.load(raw, _Loader)  # noqa: S506  the loader above makes text, lists and mappings only
    except yaml.MarkedYAMLError as error:
        at = line + error.problem_mark.line if error.problem_mark else line
        raise Malformed(
            name, f"the head is not plain YAML: {error.problem or error.context}", at=f"line {at}"
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Malformed(
            name, f"the head is not plain YAML: {str(error).splitlines()[0]}", at=f"line {line}"
        ) from error
    if not isinstance(plain, dict):
        raise Malformed(
            name, "the head has no fields; write `language: en` and the others", at=f"line {line}"
        )
    try:
        return msgspec.convert(_spaced(plain), Head, strict=False)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Malformed(name, f"{error}".replace("`$.", "`").replace("Object ", "it "), at="head") from error


def _spaced(plain: Any) -> Any:
    """Keys with spaces, lists where a list may be typed with commas."""
    if isinstance(plain, dict):
        out = {key.replace("_", " "): _spaced(said) for key, said in plain.items()}
        for key in ("authentic", "parties"):
            if isinstance(out.get(key), str):
                out[key] = [part.strip() for part in out[key].split(",") if part.strip()]
        return {key: said for key, said in out.items() if said != ""}
    return [_spaced(said) for said in plain] if isinstance(plain, list) else plain


def provision(article: str) -> str:
    """The id at first reading of what the head calls `4`, `4.2` or `Annex I`; an id is itself."""
    article = article.strip()
    if re.fullmatch(r"[a-z]+-[a-z0-9.-]+|preamble|closing", article):
        return article
    kind = "annex" if fold(article).startswith("annex") else "article"
    number, _, rest = article.removeprefix("Annex").removeprefix("annex").strip().partition(".")
    return default_id(kind, roman(number), "", 1) + (f".{rest}" if rest else "")


def bodies(head: Head) -> list[dict[str, Any]]:
    """The bodies as plain data of `Setup`."""
    out = []
    for form in head.bodies:
        id_ = form.id or re.sub(r"[^a-z0-9]+", "-", fold(form.names.get("en") or form.kind)).strip("-")
        terms = BodyTerms(
            id_, form.kind, form.names, form.seat, form.seats, form.competence, form.every_months
        )
        out.append(msgspec.to_builtins(Setup(provision(form.article), terms)))
    return out


def final(head: Head) -> Mapping[str, Any]:
    """The final clauses as plain data of `Final`."""
    form = head.final
    if form is None:
        return {}
    out: dict[str, Any] = {
        "provision": provision(form.article) if form.article else "",
        "entry": _entry(form.entry_into_force),
        "duration": form.duration.years * 12 + form.duration.months,
        "renewal": form.renewal.years * 12 + form.renewal.months,
        "reply_days": form.amendments.reply_days,
    }
    for field, notice in (("denunciation", form.denunciation), ("refusal", form.renewal_notice)):
        if notice is not None:
            out[field] = {"months": notice.months, "days": notice.days, "at": notice.at.replace(" ", "_")}
    if form.amendments.after:
        out["amendments"] = _entry(form.amendments)
    return out


def _entry(form: EntryForm | AmendmentForm) -> dict[str, Any]:
    day = form.day if isinstance(form, EntryForm) else None
    signed = form.signature == "needed"
    return {"after": form.after, "days": form.days, "month": form.month, "day": day, "signed": signed}


def written(setups: tuple[Setup, ...], clauses: Final) -> dict[str, Any]:
    """The head's `bodies` and `final` for a text, as they would be typed."""
    out: dict[str, Any] = {}
    if setups:
        out["bodies"] = [
            {"article": one.provision, **_spaced_keys(msgspec.to_builtins(one.terms))} for one in setups
        ]
    if clauses != Final():
        entry = clauses.entry
        form: dict[str, Any] = {"article": clauses.provision, "entry into force": _entry_form(entry)}
        form["duration"] = {"months": clauses.duration}
        form["renewal"] = {"months": clauses.renewal}
        for key, notice in (("denunciation", clauses.denunciation), ("renewal notice", clauses.refusal)):
            if notice:
                form[key] = {"months": notice.months, "days": notice.days, "at": notice.at.replace("_", " ")}
        form["amendments"] = {"reply days": clauses.reply_days}
        if clauses.amendments:
            form["amendments"] |= _entry_form(clauses.amendments)
        out["final"] = {
            key: said for key, said in form.items() if said not in ("", {"months": 0}, {"reply days": 0})
        }
    return out


def _entry_form(entry: Any) -> dict[str, Any]:
    form = {
        "after": entry.after,
        "days": entry.days,
        "month": entry.month,
        "day": entry.day.isoformat() if entry.day else 0,
    }
    return {key: said for key, said in form.items() if said} | {
        "signature": "needed" if entry.signed else "not needed"
    }


def _spaced_keys(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {key.replace("_", " "): said for key, said in plain.items()}
