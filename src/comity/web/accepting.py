"""Proposing a charter, and accepting one: cards, what was heard by voice, all that it says, and the last word.

    POST /found/propose   _do=add: cards of the others are read;  _remove=IRQ: that one is taken out again
                          _do=check: what would be accepted, whole;  _do=say: accepted, once
    POST /found/accept    the same for a charter that another party proposed

Nothing is kept between two steps but what the form itself carries: cards and charters travel in its hidden fields, and
are read, verified and compared anew each time. The fingerprint of another party's card is shown only after somebody has
typed it as it was heard: who sees it beside the field copies it, and has compared nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from comity.core import canonical
from comity.core.act import LANGUAGES
from comity.core.charter import Card, Charter, parse_card, parse_charter
from comity.core.errors import Broken, ComityError, Malformed, Refused
from comity.desk import founding
from comity.web import keeping
from comity.web.form import Form, Sent
from comity.web.founding import (
    FOUNDING,
    Trouble,
    asks,
    card_shown,
    file_name,
    read,
    require_founder,
    say,
    signer,
    trouble,
)  # fmt: skip
from comity.web.page import Page
from comity.web.text import Typed
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]

_PROPOSE, _ACCEPT = "/found/propose", "/found/accept"
_LARGEST_CARD, _LARGEST_CHARTER = 64 << 10, 768 << 10
_MOST = 63  # parties beside ours
_FINE = Trouble(status=200)


class _Cards(NamedTuple):
    """The others' cards, by party, as they travel; and what is wrong with the files that were to become some."""

    known: Mapping[str, tuple[str, Card]]
    told: Mapping[str, str]


# ----------------------------------------------------------------------------------------------- proposing


def propose_form(visit: Visit) -> Answer:
    """The form of a charter."""
    require_founder(visit)
    kept = keeping.kept(visit, _PROPOSE)
    if kept is not None:
        return _propose(visit, kept, _cards(visit, kept), kept=True)
    return _propose(visit, Form({"chapters": _known(visit)}), _Cards({}, {}))


def _propose(
    visit: Visit, form: Form, cards: _Cards, found: Trouble = _FINE, *, kept: bool = False
) -> Answer:
    """The form, with what was typed into it."""
    mine = [
        (one.name, f"{card_shown(visit, one.card)['fingerprint']} · {one.card.address or '–'}")
        for one in reversed(_unused(visit))
    ]
    chosen = form.text("own") or (mine[0][0] if len(mine) == 1 else "")
    return visit.page(
        "found_propose.html", found.status, told=found.told, kept=kept, mine=mine, own=chosen,
        cards=[(card_shown(visit, card), Typed(raw)) for raw, card in cards.known.values()],
        heard={party: Typed(form.text(f"heard.{party}")[:200]) for party in cards.known},
        names={tag: Typed(form.text(f"names.{tag}")[:400]) for tag in LANGUAGES},
        chapters=[(one, _chapter(visit, one), one in form.all("chapters")) for one in _known(visit)],
    )  # fmt: skip


def _unused(visit: Visit) -> list[Any]:
    """Our cards that serve no mechanism yet."""
    used = {tuple(one.charter.card(one.party).node) for one in visit.house.mechanisms()}
    return [one for one in visit.house.node.cards() if tuple(one.card.node) not in used]


def _known(visit: Visit) -> list[str]:
    """The chapters that a mechanism can begin with."""
    return sorted(visit.house.node.chapters)


def _chapter(visit: Visit, name: str) -> str:
    return str(visit.say("chapter", name)) if visit.words.has("chapter", name) else name


def _cards(visit: Visit, form: Form) -> _Cards:
    """The cards that a form carries and those that came as files."""
    known: dict[str, tuple[str, Card]] = {}
    told: dict[str, str] = {}
    for raw in form.all("card")[:_MOST]:
        with suppress(Malformed, Broken):  # one that is changed on the way is not there
            card = parse_card(raw.encode("utf-8", "replace"))
            known[card.party] = (raw, card)
    known.pop(form.text("_remove"), None)
    for sent in form.files.get("_files", ()):
        if not sent.name and not sent.body:
            continue
        wrong = _added(visit, known, sent)
        if wrong:
            told["_files"] = " ".join(filter(None, (told.get("_files", ""), wrong)))
    return _Cards(known, told)


def _added(visit: Visit, known: dict[str, tuple[str, Card]], sent: Sent) -> str:
    """Take a file in as a card; or why not."""
    name = file_name(sent)
    try:
        card = parse_card(read(sent, _LARGEST_CARD))
    except Malformed:
        return say(visit, "fault.card", name=name)
    except Broken:
        return say(visit, "fault.card_broken", name=name)
    if card.party == visit.house.node.party:
        return say(visit, "fault.card_ours", name=name)
    if card.party in known and known[card.party][1] != card:
        return say(visit, "fault.card_twice", name=name, party=card.party)
    known[card.party] = (sent.body.decode().strip(), card)
    return ""


def proposed(visit: Visit) -> Answer:
    """What the form of a charter sent: more cards, a charter to be looked at, or the last word."""
    require_founder(visit)
    form, cards = visit.form, _cards(visit, visit.form)
    done = (form.all("_do") or ["check"])[-1]
    if cards.told:
        return _propose(visit, form, cards, Trouble(cards.told))
    if "_remove" in form.texts or done not in ("check", "say"):
        return _propose(visit, form, cards)
    told, charter = _charter(visit, form, cards)
    if charter is None or told:
        return _propose(visit, form, cards, Trouble(told))
    if done == "check":
        return _confirm(visit, charter, form, _PROPOSE)
    return _said(visit, charter, form, _PROPOSE)


def _charter(visit: Visit, form: Form, cards: _Cards) -> tuple[Mapping[str, str], Charter | None]:
    """The charter that a form asks for; or what is wrong, by field."""
    told: dict[str, str] = {}
    names = {tag: form.text(f"names.{tag}").strip() for tag in LANGUAGES if form.text(f"names.{tag}").strip()}
    chapters = form.all("chapters")
    ours = None
    try:
        ours = founding.own_card(visit.house.node, form.text("own"))
    except Refused:
        told["own"] = say(visit, "fault.own")
    if not cards.known:
        told["_files"] = say(visit, "fault.no_card")
    if not names or any(len(name) > 200 for name in names.values()):
        told["names"] = say(visit, "fault.names")
    if not chapters:
        told["chapters"] = say(visit, "fault.chapters")
    told |= _uncompared(visit, form, [card for _, card in cards.known.values()])
    if ours is None or told:
        return told, None
    try:
        every = [ours.card, *(card for _, card in cards.known.values())]
        return {}, founding.proposed(visit.house.node, every, names, chapters)
    except Malformed:
        return {"": say(visit, "fault.same_keys")}, None
    except Refused as error:
        return trouble(visit, error).told, None


def _uncompared(visit: Visit, form: Form, cards: Sequence[Card]) -> Mapping[str, str]:
    """What is wrong with the fingerprints that were typed. The trail hears of one that is another's."""
    told = {}
    for card in cards:
        typed, party = form.text(f"heard.{card.party}"), visit.named(card.names)
        if founding.same(card, typed):
            continue
        key = "missing" if not typed.strip() else "differs" if founding.digits(typed) else "form"
        told[f"heard.{card.party}"] = say(visit, f"fault.heard_{key}", party=party)
        if key == "differs":
            code = "fingerprint_differs"
            visit.house.accounts.note("audit.refused", visit.person.name, visit.address, code=code)
    return told


# ----------------------------------------------------------------------------------------------- accepting


def accept_form(visit: Visit) -> Answer:
    """The form to which a charter is given."""
    require_founder(visit)
    kept = keeping.kept(visit, _ACCEPT)
    return _accept(visit, kept or Form(), _given(kept) if kept else None, kept=kept is not None)


def _given(form: Form) -> Charter | None:
    """The charter that a form carries; one that was changed on the way is not there."""
    with suppress(Malformed):
        return parse_charter(form.text("charter").encode("utf-8", "replace"))
    return None


def _accept(
    visit: Visit, form: Form, charter: Charter | None, found: Trouble = _FINE, *, kept: bool = False
) -> Answer:
    """The form: for the file, and then for what was heard of each party that it names."""
    return visit.page(
        "found_accept.html", found.status, told=found.told, kept=kept,
        charter=_shown(visit, charter, form) if charter is not None else None,
    )  # fmt: skip


def _shown(visit: Visit, charter: Charter, form: Form) -> dict[str, Any]:
    """A charter, whole."""
    ours = visit.house.node.party
    return {
        "names": [(tag, charter.names[tag]) for tag in sorted(charter.names)],
        "chapters": [_chapter(visit, name) for name in charter.chapters],
        "id": charter.id,
        "cards": [
            {
                **card_shown(visit, card),
                "ours": card.party == ours,
                "heard": Typed(form.text(f"heard.{card.party}")[:200]),
            }
            for card in charter.parties
        ],
        "raw": Typed(canonical.encode(charter).decode()),
    }


def accepted(visit: Visit) -> Answer:
    """What the form sent: a charter to be looked at, what was heard, or the last word."""
    require_founder(visit)
    form, done = visit.form, (visit.form.all("_do") or ["check"])[-1]
    sent = form.file("_file")
    try:
        charter = parse_charter(read(sent, _LARGEST_CHARTER)) if sent is not None else _given(form)
    except Malformed:
        told = {"_file": say(visit, "fault.charter", name=file_name(sent) if sent is not None else "—")}
        return _accept(visit, form, None, Trouble(told))
    if done == "other" or charter is None:
        told = {} if done == "other" else {"_file": say(visit, "fault.no_charter")}
        return _accept(visit, form, None, Trouble(told, 422 if told else 200))
    try:
        visit.house.node.require_ours(charter)
    except (ComityError, OSError) as error:
        found = trouble(visit, error)
        return _accept(visit, form, None, Trouble({"_file": " ".join(found.told.values())}, found.status))
    if sent is not None or done not in ("check", "say"):
        return _accept(visit, form, charter)
    others = [card for card in charter.parties if card.party != visit.house.node.party]
    wrong = _uncompared(visit, form, others)
    if wrong:
        return _accept(visit, form, charter, Trouble(wrong))
    return (_confirm if done == "check" else _said)(visit, charter, form, _ACCEPT)


# ------------------------------------------------------------------------------------------- the last word


def _confirm(visit: Visit, charter: Charter, form: Form, action: str, found: Trouble = _FINE) -> Answer:
    """All that would be accepted, and that it cannot be unsaid."""
    carried = ("card", "charter", "own", "chapters")
    sent = [
        (name, Typed(value))
        for name, values in form.texts.items()
        if name in carried or name.startswith(("heard.", "names."))
        for value in values
    ]
    if action == _PROPOSE:
        sent = [one for one in sent if one[0] != "card"]
        sent += [("card", Typed(raw)) for raw, _ in _cards(visit, form).known.values()]
    return visit.page(
        "found_confirm.html", found.status, told=found.told, action=action, charter=_shown(visit, charter, form),
        sent=sent, asks=asks(visit), party_name=visit.house.party(visit.words),
    )  # fmt: skip


def _said(visit: Visit, charter: Charter, form: Form, action: str) -> Answer:
    """Accept it for our party, once; whoever does so holds the root key's office in the mechanism."""
    house = visit.house
    try:
        with FOUNDING:
            root = signer(visit)(house.node.settings.root[0])
            # Before the act, which nothing takes back: an acceptance that is broken off is taken up again by the same
            # person. Not in a mechanism that stands: whoever brings its charter once more gets nothing by it.
            if not house.node.stands(charter):
                house.accounts.founded(visit.person, charter.id, address=visit.address)
            house.node.accept(charter, lambda _: root)
    except (ComityError, OSError) as error:
        return _confirm(visit, charter, form, action, trouble(visit, error))
    with suppress(ComityError):  # it is said, whatever becomes of the draft
        keeping.drop(visit, action)
    person = house.accounts.person(visit.person.name)
    if not house.may_read(person, house.record(charter.id)):
        return visit.go("/found?told=stands")
    return visit.go(f"/found/m/{charter.id[:12]}?told=accepted")


PAGES = tuple(
    Page(path, work, (method,))
    for path, opened, sent in ((_PROPOSE, propose_form, proposed), (_ACCEPT, accept_form, accepted))
    for work, method in ((opened, "GET"), (sent, "POST"))
)
