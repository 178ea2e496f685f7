"""A hostile node says whatever can be written: every chapter keeps telling, and nobody else's acts are moved.

Each chapter's scenarios are taken as they are, and one party, which asks no rules, goes on with acts of every kind whose
contents are well-typed and absurd: empty and huge, dates at both ends of time, references to nothing, to themselves, in
circles; under offices and mandates that it does not have, with answers that fit nothing, in no order.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from msgspec import inspect
from tests.chapters.replay import ON, account, settled, told, verdicts
from tests.chapters.table import NOON, Table
from tests.chapters.test_every_chapter import CHAPTERS, every_scenario, scenarios

from comity.core import canonical
from comity.core.act import Act, Ref
from comity.core.chapter import View
from comity.core.errors import Malformed

DAYS = (date.min, date(1900, 1, 1), *ON, date(2200, 1, 1), date.max)
TIMES = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    NOON,
    datetime(2024, 2, 29, tzinfo=UTC),
)
STRINGS = (
    "", " ", "x" * 300, "\u202e", "أ", "İ", "art-1", "art-1.1", "trade", "b1", "keep", "omit", "agreed", "open", "en",
    "0" * 64, "TUR", "IRQ", "XXX", "TUR/1", "IRQ/1", "TUR/0", "TUR/99", "IRQ/999999999999", "a.b/1", "[", "]", "[x]",
    "[TUR: a] [IRQ: b]", "\\[", "{body}", "%s", "\n", "0001-01-01", "9999-12-31", "0001-01-01T00:00:00Z", "day",
    "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2024-08-15", "any_time",
    "2024-08-15T10:00:00+03:00", "end_of_period", "notifications", "signature", "article", "replace", "delete",
    "insert_after", "in_person", "cancelled", "postponed", "D1",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 12, 120, 1200, 24, 36600, 100_000, (1 << 53) - 1, -(1 << 53) + 1, 1 << 53, 1 << 70)


def clone(table: Table) -> Table:
    made = copy.copy(table)
    made.acts, made.sizes = list(table.acts), dict(table.sizes)
    return made


# ------------------------------------------------------------------------------------ absurd contents


def absurd(kind: Any, chance: random.Random, table: Table, depth: int = 0) -> Any:
    """Data of that type, as absurd as may be: what a strict parser of it lets through."""
    match kind:
        case inspect.UnionType(types=types):
            return absurd(chance.choice(types), chance, table, depth)
        case inspect.NoneType():
            return None
        case inspect.BoolType():
            return chance.choice((True, False))
        case inspect.IntType(ge=least, le=most):
            edges = [number for number in (least, most) if number is not None]
            return chance.choice((*NUMBERS, *edges))
        case inspect.LiteralType(values=values):
            return chance.choice(values)
        case inspect.StructType(fields=fields):
            wanted = [field for field in fields if field.required or chance.random() < 0.5]
            return {field.encode_name: absurd(field.type, chance, table, depth + 1) for field in wanted}
        case inspect.DictType(key_type=keys, value_type=values):
            several = range(chance.choice((0, 1, 2, 3)))
            return {
                str(absurd(keys, chance, table, depth)): absurd(values, chance, table, depth + 1)
                for _ in several
            }
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            several = chance.choice((0, 1, 1, 2, 3, 150 if depth < 2 else 3))
            one = absurd(item, chance, table, depth + 1)
            again = [absurd(item, chance, table, depth + 1) for _ in range(min(several, 3))]
            return [*again, *[one] * max(0, several - 3)][:several]
        case inspect.StrType():
            return string(chance, table)
        case inspect.DateTimeType():
            return chance.choice([text for text in STRINGS if "T" in text and text[:1].isdigit()])
        case inspect.DateType():
            return chance.choice(("0001-01-01", "9999-12-31", "2024-02-29", "2024-08-15"))
    return string(chance, table)


def string(chance: random.Random, table: Table) -> str:
    """Something odd; or something that is somewhere in this docket already."""
    if chance.random() < 0.4:
        return chance.choice(STRINGS)
    known = [str(act.ref) for act in table.acts] or ["TUR/1"]
    if chance.random() < 0.4:
        return chance.choice(known)
    found = [text for text in texts(msgspec.to_builtins(chance.choice(table.acts).body)) if len(text) < 200]
    return chance.choice(found or known)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for key, part in value.items() if isinstance(value, Mapping) else ():
        yield from (key, *texts(part))
    for part in value if isinstance(value, list | tuple) else ():
        yield from texts(part)


def disturbed(value: Any, kind: Any, chance: random.Random, table: Table) -> Any:
    """A true content with one thing in it replaced by something absurd, or left out."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        name = chance.choice(list(value))
        if chance.random() < 0.15:
            return {key: part for key, part in value.items() if key != name}
        if isinstance(kind, inspect.StructType):
            inner = next((field.type for field in kind.fields if field.encode_name == name), kind)
        else:
            inner = getattr(kind, "value_type", kind)
        return value | {name: disturbed(value[name], inner, chance, table)}
    if isinstance(value, list) and value and chance.random() < 0.85:
        at, inner = chance.randrange(len(value)), getattr(kind, "item_type", kind)
        match chance.randrange(5):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return [*value, value[at]]
            case 2:
                return value[::-1]
            case _:
                return [*value[:at], disturbed(value[at], inner, chance, table), *value[at + 1 :]]
    if isinstance(kind, inspect.UnionType):
        fitting = [
            one for one in kind.types if isinstance(one, inspect.StructType) == isinstance(value, dict)
        ]
        kind = chance.choice(fitting or list(kind.types))
    return absurd(kind, chance, table, 1)


def content(kind: Any, chance: random.Random, table: Table) -> Any:
    """A content that a node would read from bytes; None where it could not (or it is gone)."""
    said = [act.body for act in table.acts if act.kind == kind.name and act.body is not None]
    shape = inspect.type_info(kind.body)
    for _ in range(30):
        if said and chance.random() < 0.75:
            data = msgspec.to_builtins(chance.choice(said))
            for _ in range(chance.choice((0, 1, 1, 2, 4))):
                data = disturbed(data, shape, chance, table)
        else:
            data = absurd(shape, chance, table)
        try:
            raw = canonical.encode(msgspec.convert(data, kind.body))
            return canonical.parse(raw, kind.body, kind.name)
        except (msgspec.ValidationError, Malformed):
            continue
    return None


# --------------------------------------------------------------------------------------- hostile acts


def hostile(table: Table, party: str, chance: random.Random) -> Act:
    """One more act of the hostile party, of any kind, in any of this docket's places and none."""
    chapter = table.chapter
    kind = chance.choice(chapter.kinds)
    own = [act for act in table.acts if act.party == party]
    least = max((act.seen for act in own[-1:]), default={}, key=len)
    sight = {p: chance.randint(min(least.get(p, 0), n), n) for p, n in table.sizes.items() if p != party}
    known = [act.ref for act in table.acts] + [Ref("TUR", 77), Ref(party, table.sizes[party]), Ref(party, 0)]
    fewest, most = kind.answers
    many = chance.choice((fewest, fewest, most, 0, 1, 2, 3)) if chance.random() < 0.9 else 64
    mandates = [act.mandate for act in table.acts] + ["", "TUR/3#art-9", f"{table.docket}#art-1", "XXX/1#a"]
    act = table.act(
        party,
        kind.name if chance.random() < 0.96 else f"{chapter.noun}.imagined/1",
        content(kind, chance, table) if chance.random() < 0.96 else None,
        answers=[chance.choice(known) for _ in range(many)],
        sees=sight,
        office=chance.choice(("secretariat", "minister", "defence", "nobody")),
        signed=chance.random() < 0.6,
        mandate=chance.choice(mandates),
        time=chance.choice(TIMES),
    )
    if chapter.kind(act.kind) is None:
        act = msgspec.structs.replace(act, body=None)
    return act


def haunted(table: Table, seed: int, count: int = 12) -> tuple[Table, str]:
    """The scenario, gone on with by a hostile party: a dozen acts, some of them twice."""
    chance = random.Random(seed)
    made, party = clone(table), chance.choice(table.parties)
    for _ in range(count):
        act = hostile(made, party, chance)
        made.force(act)
        if chance.random() < 0.2:
            made.force(msgspec.structs.replace(act, ref=Ref(party, made.sizes[party])))
    return made, party


def survey(table: Table, view: View) -> None:
    """Everything that can be asked of a docket, on all days; it raises nothing, and is JSON without floats."""
    account(table, view)
    chapter = table.chapter
    for on in DAYS:
        for question in chapter.questions.values():
            canonical.encode(msgspec.to_builtins(question(view, on)))
    for milestone in chapter.milestones(view):
        assert all(number < table.sizes[party] for party, number in milestone.halves.items())
        assert milestone.halves
    if chapter.mandate is None:
        return
    named = {
        text for act in table.acts if act.body is not None for text in texts(msgspec.to_builtins(act.body))
    }
    for provision in sorted({text for text in named if len(text) < 60} | {"", "art-1", "nothing", "x" * 200}):
        found = chapter.mandate(view, provision)
        if found is not None:
            assert found.ref == f"{view.docket}#{provision}"
            assert set(found.parties) <= set(view.parties)
            for on in DAYS:
                found.in_force(on)


SEEDS = 8  # as many as are quick; with 240 nothing more was found


@pytest.mark.parametrize(("name", "at"), every_scenario())
def test_whatever_a_hostile_party_says_everything_can_still_be_asked(name: str, at: int) -> None:
    """Folding, telling and asking raise nothing, on any day; verdicts on the others' acts stay as they were."""
    table = scenarios(name)[at]
    expected = verdicts(table)
    for seed in range(SEEDS):
        made, _ = haunted(table, seed)
        fold = made.fold()
        found = {fault.ref: (fault.code, dict(fault.facts)) for fault in fold.irregular}
        assert {ref: found[ref] for ref in expected if ref in found} == expected, f"seed {seed}"
        assert all(ref in expected or ref.number >= table.sizes[ref.party] for ref in found), f"seed {seed}"
        survey(made, fold.at(made.sizes))


@pytest.mark.parametrize(("name", "at"), every_scenario())
def test_what_a_hostile_party_says_takes_back_nothing_that_was_settled(name: str, at: int) -> None:
    """Law 3, along one causal delivery, act by act: each settled milestone is there after every later act."""
    table = scenarios(name)[at]
    for seed in range(100, 100 + SEEDS // 2):
        made, _ = haunted(table, seed, 6)
        fold, chapter = made.fold(), made.chapter
        first = {p: made.sizes[p] - sum(act.party == p for act in made.acts) for p in made.parties}
        cut, firm = dict(first), set()
        for act in fold.all_acts():
            cut[act.party] = act.ref.number + 1
            found = chapter.milestones(fold.at(cut))
            lost = firm - {told(milestone) for milestone in found}
            assert not lost, f"seed {seed}, at {cut}: {lost}"
            firm |= {told(m) for m in found if settled(m, made, cut)}


@pytest.mark.parametrize(("name", "at"), every_scenario())
def test_an_order_of_arrival_chosen_by_a_hostile_party_changes_nothing(name: str, at: int) -> None:
    """Law 2: its acts first as early as they can be, or last."""
    table = scenarios(name)[at]
    for seed in range(200, 200 + SEEDS // 4):
        made, party = haunted(table, seed, 6)
        expected = account(made, made.view())
        for early in (True, False):
            fold = type(made.fold())(made.docket or Ref("TUR", 0), made.chapter, made.parties)
            for act in delivered(made, party, early=early):
                fold.add(act, made.setting)
            assert account(made, fold.at(made.sizes)) == expected, f"seed {seed}"


def delivered(table: Table, party: str, *, early: bool) -> list[Act]:
    """All acts, each after what its author had seen; the party's as early, or as late, as that allows."""
    waiting = {
        p: sorted((a for a in table.acts if a.party == p), key=lambda a: a.ref.number) for p in table.parties
    }
    order: list[Act] = []
    while any(waiting.values()):
        ready = [
            said[0]
            for said in waiting.values()
            if said
            and all(
                not waiting[p] or waiting[p][0].ref.number >= n
                for p, n in said[0].seen.items()
                if p in waiting
            )
        ]
        act = min(ready, key=lambda one: ((one.party == party) != early, one.party))
        waiting[act.party].remove(act)
        order.append(act)
    return order


def test_every_kind_is_reached_with_contents_that_are_read() -> None:
    """The absurd contents are not all refused by their types: most of what is forced has a body."""
    for chapter in CHAPTERS.values():
        said: dict[str, int] = {}
        for at, table in enumerate(scenarios(chapter.name)):
            for seed in range(8):
                made, _ = haunted(table, 1000 * at + seed)
                for act in made.acts[len(table.acts) :]:
                    if act.body is not None:
                        said[act.kind] = said.get(act.kind, 0) + 1
        assert {kind.name for kind in chapter.kinds} <= set(said)
