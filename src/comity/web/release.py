"""One release, for everybody: what it shows, each act of a record that was released whole, and the proof.

GET /public/tr/3f2a91c07b1e/TUR/40            the release; with /proof, a file for `comity verify`
GET /public/tr/3f2a91c07b1e/TUR/4             by its matter: leads to the newest release of that
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from comity.core.act import LANGUAGES, Ref
from comity.core.errors import Malformed, Refused
from comity.desk import outcome, public, release, wording
from comity.desk.public import Release
from comity.desk.release import PublicMilestone, Released
from comity.node.record import Record
from comity.web.reader import KEPT, Reader, page
from comity.web.text import html, visible
from comity.web.visit import Answer, short

__all__ = ["PAGES"]


def _ref(reader: Reader, prefix: str = "") -> Ref:
    text = f"{reader.path[f'{prefix}party']}/{reader.path[f'{prefix}number']}"
    try:
        return Ref.parse(text)
    except Malformed as error:
        raise Refused("not_public", ref=visible(text[:40])) from error


def _found(reader: Reader) -> tuple[Record, Released]:
    record = reader.record
    return record, release.release(record, _ref(reader), reader.house.today())


def _release(reader: Reader) -> Answer:
    """A release; by the reference of its matter, the newest release of that."""
    record, ref, on = reader.record, _ref(reader), reader.house.today()
    newest = public.of_matter(record, ref, on)
    if newest is not None:
        answer = reader.go(reader.release_at(record, newest.ref))
        answer.headers["cache-control"] = KEPT
        return answer
    found = release.release(record, ref, on)
    return reader.drawn(
        reader.mark([(record, found.release)]),
        "public/release.html",
        lambda: _shown(reader, record, found),
    )


def _shown(reader: Reader, record: Record, found: Released) -> dict[str, Any]:
    one = found.release
    here = reader.release_at(record, one.ref)
    names = {party: reader.party_of(record, party) for party in record.parties}
    return {
        "title": reader.named(found.title),
        "note": reader.named(one.note) if one.note else "",
        "sort": reader.chapter(found.chapter),
        "mechanism_name": reader.named(record.charter.names),
        "release": one,
        "extent": reader.say(f"value.{one.extent}", "releases"),
        "since": (one.since.isoformat(), reader.day(one.since), reader.hijri(one.since)),
        "opened": (found.opened.isoformat(), reader.day(_local(reader, found.opened)), ""),
        "yes": [(party, names.get(party, party), ref) for party, ref in sorted(one.yes.items())],
        "texts": [_text(reader, text, names) for text in found.texts],
        "milestones": [_milestone(reader, found.chapter, one, made, here) for made in found.milestones],
        "acts": [
            {
                "ref": act.ref,
                "href": f"{here}/acts/{act.ref}",
                "party": act.party,
                "name": names.get(act.party, act.party),
                "what": wording.what(reader.words, record, act.kind),
                "time": act.time.isoformat(),
                "shown_time": reader.moment(act.time),
                "effect": act.effect,
            }
            for act in found.acts
        ],
        "proof": f"{here}/proof",
        "verify": f"{reader.top}/verify",
    }


def _local(reader: Reader, at: datetime) -> date:
    return at.astimezone(reader.house.zone).date()


def _text(reader: Reader, text: outcome.Text, names: Mapping[str, str]) -> dict[str, Any]:
    tags = [tag for tag in (reader.language, *LANGUAGES) if tag in text.languages]
    tags = list(dict.fromkeys([*tags, *text.languages]))[:3]
    facts = [
        (reader.say(f"public.fact.{name}"), _fact(reader, name, fact)) for name, fact in text.facts.items()
    ]
    return {
        "sort": reader.say(f"public.text.{text.sort}"),
        "title": reader.named(text.title),
        "on": (text.on.isoformat(), reader.day(text.on), reader.hijri(text.on)),
        "ref": text.ref,
        "facts": facts,
        "languages": tags,
        "rows": [row for part in text.parts for row in _rows(reader, part)],
        "reservations": [
            (names.get(one.party, one.party), one.party, _on_what(reader, one), reader.named(one.text))
            for one in text.reservations
        ],
    }


def _rows(reader: Reader, part: outcome.Part) -> list[dict[str, Any]]:
    """A passage as rows of the aligned text: what stands above it, and what it says."""
    rows: list[dict[str, Any]] = []
    if part.heading:
        above = {
            tag: " — ".join(filter(None, (part.label.get(tag), words))) for tag, words in part.heading.items()
        }
        rows.append({"number": "", "heading": True, "texts": above, "id": part.id})
    if part.text:
        label = "" if part.heading else part.label.get(reader.language) or next(iter(part.label.values()), "")
        row = {"number": label, "texts": {tag: _lines(words) for tag, words in part.text.items()}}
        rows.append(row if rows else {**row, "id": part.id})
    elif part.label and not part.heading:
        rows.append({"number": "", "heading": True, "texts": dict(part.label), "id": part.id})
    return rows


def _lines(words: str) -> Markup:
    return Markup("<br>").join(visible(line) for line in words.split("\n"))


def _fact(reader: Reader, name: str, fact: str) -> str:
    match name:
        case "dated" | "due" | "since" | "until":
            return reader.day(fact)
        case "held":
            return reader.listed(reader.day(day) for day in fact.split(", "))
        case "closed":
            return wording.value(reader.words, fact, "commitments")
        case _:
            return visible(fact)


def _on_what(reader: Reader, one: outcome.Reservation) -> Markup:
    if one.decision:
        return reader.say("public.reservation.decision", decision=one.decision)
    if one.paragraph:
        return reader.say("public.reservation.paragraph", paragraph=one.paragraph)
    return reader.say("public.reservation.whole")


def _milestone(
    reader: Reader, chapter: str, one: Release, made: PublicMilestone, here: str
) -> dict[str, Any]:
    acts = one.extent == "record"
    facts = {name: _fact(reader, "dated", fact) for name, fact in made.facts.items()}
    return {
        "what": reader.say(f"milestone.{made.what}", chapter, **facts),
        "standing": "settled",
        "halves": [(ref, f"{here}/acts/{ref}" if acts else "") for _, ref in sorted(made.acts.items())],
        "time": made.on.isoformat(),
        "shown_time": reader.day(made.on),
    }


def _act(reader: Reader) -> Answer:
    """One act of a record that was released whole."""
    record, found = _found(reader)
    ref = str(_ref(reader, "act_"))
    act = next((one for one in found.acts if one.ref == ref), None)
    if act is None:
        raise Refused("not_public", ref=ref)

    def make() -> Mapping[str, Any]:
        chapter = wording.chapter_of(record, act.kind)
        here = reader.release_at(record, found.release.ref)
        shown = {one.ref for one in found.acts}
        return {
            "act": act,
            "what": wording.what(reader.words, record, act.kind),
            "name": reader.party_of(record, act.party),
            "office": reader.office(act.office, act.party),
            "time": (act.time.isoformat(), reader.moment(act.time), reader.hijri(act.time)),
            "answers": [(one, f"{here}/acts/{one}" if one in shown else "") for one in act.answers],
            "fields": list(_fields(reader, chapter, act.content)) if act.content else [],
            "matter": reader.named(found.title),
            "back": here,
        }

    return reader.drawn(reader.mark([(record, found.release)]), "public/act.html", make)


def _fields(reader: Reader, chapter: str, content: Any, above: str = "") -> Iterable[tuple[str, Any]]:
    """A content as (label, value) pairs, whatever is in it: nested fields have the way to them as their label."""
    if isinstance(content, Mapping) and content and set(content) <= _TAGS:
        for tag, words in sorted(content.items()):
            text = html(
                '<span lang="{}" dir="{}">{}</span>', tag, "rtl" if tag == "ar" else "ltr", _lines(str(words))
            )
            yield (f"{above} ({reader.say('language.' + tag)})" if len(content) > 1 else above), text
        return
    if isinstance(content, Mapping):
        for name, value in content.items():
            words = (
                str(reader.say(f"field.{name}", chapter))
                if reader.words.has(f"field.{name}", chapter)
                else name
            )
            yield from _fields(reader, chapter, value, f"{above} › {words}" if above else words)
    elif isinstance(content, list | tuple):
        for at, value in enumerate(content, start=1):
            yield from _fields(reader, chapter, value, f"{above} {at}" if len(content) > 1 else above)
    elif content not in ("", None):
        yield above, _lines(str(content))


_TAGS = frozenset(LANGUAGES)


def _proof(reader: Reader) -> Answer:
    """The proof of what is shown, to be checked elsewhere."""
    record, ref, on = reader.record, _ref(reader), reader.house.today()
    found = release.release(record, ref, on)
    name = f"comity-{short(record)}-{ref.party}-{ref.number}.proof.json"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    mark = reader.mark([(record, found.release)], "proof")
    return reader.kept(mark, "application/json", lambda: release.proof(record, ref, on), headers)


_ONE = "/{mechanism:str}/{party:str}/{number:str}"

PAGES = (
    page(_ONE, _release),
    page(f"{_ONE}/proof", _proof),
    page(f"{_ONE}/acts/{{act_party:str}}/{{act_number:str}}", _act),
)
