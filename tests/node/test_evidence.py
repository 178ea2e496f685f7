"""Evidence from act to file and back: nothing said is lost, nothing refused is kept, nothing but the recorded file is given."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.stories.programme import node, programme
from tests.stories.scene import World

from comity.chapters.commitments import acts
from comity.core.act import Ref
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.core.keys import b64
from comity.exchange.talk import answer, converse
from comity.node import evidence as files
from comity.node.check import check
from comity.node.evidence import RELEASED
from comity.node.home import Node
from comity.node.record import Draft, Record
from comity.node.repeating import once
from comity.node.withheld import RECORDED, SALT, Kept

SECRET = b"minutes of the joint centre, page one"


class Side:
    """One party's node, its record, and what it withholds."""

    def __init__(self, at: Node, docket: str) -> None:
        self.node, self.record, self.docket = at, at.record(), Ref.parse(docket)
        self.withheld = at.withheld(self.record)

    def draft(self, **changed: Any) -> Draft:
        given = {"office": "mfa", "docket": self.docket, "mandate": f"{TERMS}#art-1", **changed}
        return Draft(given.pop("kind", RELEASED), given.pop("body", None), **given)

    def about(self, **changed: Any) -> Callable[[Kept], Draft]:
        def made(kept: Kept) -> Draft:
            body = acts.EvidenceRecorded({"en": "Minutes"}, kept.digest, kept.size, "application/pdf", "done")
            return self.draft(kind=RECORDED, body=body, **changed)

        return made

    def keep(self, file: Path) -> Ref:
        return files.record_file(self.record, self.withheld, file, self.about()).ref

    def keep_digest(self, ref: Ref) -> str:
        return files.evidence(self.record, ref).said.digest

    def release(self, ref: Ref, name: str = "minutes.pdf") -> Ref:
        return files.release(self.record, self.withheld, ref, name, self.draft()).ref

    def destroy(self, ref: Ref) -> None:
        self.record.say(
            self.draft(kind=DESTROYED, body=ContentDestroyed("a rule"), answers=[ref], mandate="")
        )

    def left(self) -> set[str]:
        folder = self.withheld.folder
        return {path.name for path in folder.iterdir()} if folder.exists() else set()


TERMS = "TUR/2"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, str]:
    return programme(tmp_path_factory.mktemp("nodes"))


@pytest.fixture
def sides(world: tuple[World, str]) -> Iterator[tuple[Side, Side]]:
    nodes = [node(world[0], party) for party in ("TUR", "IRQ")]
    yield Side(nodes[0], world[1]), Side(nodes[1], world[1])
    for opened in nodes:
        opened.close()


@pytest.fixture
def tur(sides: tuple[Side, Side]) -> Side:
    return sides[0]


@pytest.fixture
def irq(sides: tuple[Side, Side]) -> Side:
    return sides[1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "minutes.pdf"
    path.write_bytes(SECRET)
    return path


def meet(one: Record, other: Record) -> None:
    for asker, asked in ((one, other), (other, one)) * 2:
        talk = converse(asker, asked.party)
        request = next(talk)
        while True:
            try:
                request = talk.send(answer(asked, asker.party, request))
            except StopIteration:
                break


def code(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.code


# --------------------------------------------------------------------------------------------- recording


def test_what_is_recorded_is_the_digest_and_the_size_and_never_the_file(tur: Side, file: Path) -> None:
    ref = tur.keep(file)
    found = files.evidence(tur.record, ref)
    salt_and_file = tur.withheld.path(found.said.digest).read_bytes()
    assert hashlib.sha256(salt_and_file).hexdigest() == found.said.digest
    assert (found.said.size, found.ref, found.releases) == (len(SECRET), ref, [])
    database = tur.node.folder / "mechanisms" / tur.record.mechanism
    for stored in database.glob("record.db*"):
        assert SECRET not in stored.read_bytes()
        assert salt_and_file[:SALT] not in stored.read_bytes()


def test_what_the_rules_refuse_is_not_kept(tur: Side, file: Path) -> None:
    before, size = tur.left(), tur.record.store.size("TUR")
    refused = tur.about(office="nobody")
    assert code(lambda: files.record_file(tur.record, tur.withheld, file, refused)) == "office_not_held"
    assert (tur.left(), tur.record.store.size("TUR")) == (before, size)


def test_an_act_that_cannot_be_made_leaves_nothing(tur: Side, file: Path) -> None:
    before = tur.left()

    def untitled(kept: Kept) -> Draft:
        body = acts.EvidenceRecorded({}, kept.digest, kept.size, "application/pdf")
        return tur.draft(kind=RECORDED, body=body)

    with pytest.raises(Malformed):
        files.record_file(tur.record, tur.withheld, file, untitled)
    assert tur.left() == before


def test_trying_judges_the_act_and_the_file_and_keeps_neither(tur: Side, file: Path) -> None:
    before, size = tur.left(), tur.record.store.size("TUR")
    files.try_file(tur.record, tur.withheld, file, tur.about())
    refused = tur.about(office="nobody")
    assert code(lambda: files.try_file(tur.record, tur.withheld, file, refused)) == "office_not_held"
    file.write_bytes(b"")
    assert code(lambda: files.try_file(tur.record, tur.withheld, file, tur.about())) == "evidence_empty"
    assert (tur.left(), tur.record.store.size("TUR")) == (before, size)


def test_a_disk_that_fails_before_the_act_leaves_nothing_and_after_it_loses_nothing(
    tur: Side, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is the same; whether the act is in the log decides."""
    before = tur.left()
    say = Record.say

    def fails(*_: object) -> None:
        raise Unavailable("database", "fell over")

    def fails_late(self: Record, draft: Draft) -> None:
        say(self, draft)
        fails()

    monkeypatch.setattr(Record, "say", fails)
    with pytest.raises(Unavailable):
        tur.keep(file)
    assert tur.left() == before
    monkeypatch.setattr(Record, "say", fails_late)
    with pytest.raises(Unavailable):
        tur.keep(file)
    ref = Ref("TUR", tur.record.store.size("TUR") - 1)
    assert tur.left() == before | {files.evidence(tur.record, ref).said.digest}


def test_acts_of_others_meanwhile_are_no_reason_to_keep_what_was_not_said(
    tur: Side, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, say = tur.left(), Record.say

    def other_first(self: Record, _: Draft) -> None:
        other = acts.EvidenceRecorded({"en": "Another"}, "ab" * 32, 1, "text/plain")
        say(self, tur.draft(kind=RECORDED, body=other))
        raise Unavailable("database", "fell over")

    monkeypatch.setattr(Record, "say", other_first)
    with pytest.raises(Unavailable):
        tur.keep(file)
    assert tur.left() == before


# --------------------------------------------------------------------------------------------- releasing


@pytest.mark.parametrize("raw", [b"x", b"\0" * 100, SECRET, bytes(range(256)) * 40])
def test_what_was_released_is_saved_by_the_other_side_byte_for_byte(
    tur: Side, irq: Side, tmp_path: Path, raw: bytes
) -> None:
    (tmp_path / "any").write_bytes(raw)
    ref = tur.keep(tmp_path / "any")
    released = tur.release(ref, "Tutanak, 1. gün.pdf")
    meet(tur.record, irq.record)
    assert files.released_file(irq.record, ref) == ("Tutanak, 1. gün.pdf", raw)
    assert files.released_file(irq.record, released)[1] == raw
    assert files.evidence(irq.record, released).ref == ref


def test_the_kept_file_stays_when_it_was_released(tur: Side, file: Path) -> None:
    ref = tur.keep(file)
    tur.release(ref)
    assert files.evidence(tur.record, ref).said.digest in tur.left()


def test_a_file_is_released_once(tur: Side, file: Path) -> None:
    ref = tur.keep(file)
    tur.release(ref)
    assert code(lambda: tur.release(ref)) == "evidence_already_released"


def test_what_was_destroyed_cannot_be_saved_and_can_be_released_again(
    tur: Side, irq: Side, file: Path
) -> None:
    ref = tur.keep(file)
    tur.destroy(tur.release(ref))
    meet(tur.record, irq.record)
    for side in (tur, irq):
        assert code(lambda side=side: files.released_file(side.record, ref)) == "evidence_destroyed"
    tur.release(ref)
    assert files.released_file(tur.record, ref)[1] == SECRET


def test_what_is_withheld_cannot_be_saved(tur: Side, irq: Side, file: Path) -> None:
    ref = tur.keep(file)
    meet(tur.record, irq.record)
    for side in (tur, irq):
        assert code(lambda side=side: files.released_file(side.record, ref)) == "evidence_withheld"


def test_another_party_s_evidence_is_not_ours_to_give(tur: Side, irq: Side, file: Path) -> None:
    ref = tur.keep(file)
    meet(tur.record, irq.record)
    size = irq.record.store.size("IRQ")
    assert code(lambda: irq.release(ref)) == "evidence_not_ours"
    assert irq.record.store.size("IRQ") == size


def test_a_reference_to_something_else_is_named(tur: Side) -> None:
    assert code(lambda: files.evidence(tur.record, tur.docket)) == "evidence_unknown"
    assert code(lambda: files.evidence(tur.record, Ref("TUR", 0))) == "evidence_unknown"
    assert code(lambda: files.evidence(tur.record, Ref("TUR", 9999))) == "act_unknown"
    assert code(lambda: files.evidence(tur.record, Ref("XYZ", 0))) == "act_unknown"


def test_evidence_of_an_act_without_effect_is_none(tur: Side, file: Path) -> None:
    """A node without rules said the same digest twice: the second act has no effect."""
    said = files.evidence(tur.record, tur.keep(file)).said
    with pytest.MonkeyPatch.context() as without_rules:
        without_rules.setattr("comity.core.fold.judge", lambda *_: None)
        second = tur.record.say(tur.draft(kind=RECORDED, body=said)).ref
    tur.record.folds.drop(tur.docket)
    assert code(lambda: files.evidence(tur.record, second)) == "evidence_unknown"


def test_only_what_fits_the_record_is_released(tur: Side, tmp_path: Path) -> None:
    for size, fits in ((acts.EVIDENCE_LIMIT, True), (acts.EVIDENCE_LIMIT + 1, False)):
        with (tmp_path / "big").open("wb") as big:
            big.truncate(size)
        ref = tur.keep(tmp_path / "big")
        if fits:
            files.try_release(tur.record, tur.withheld, ref, "big", tur.draft())
        else:
            assert code(lambda ref=ref: tur.release(ref)) == "evidence_too_large_to_release"


@pytest.mark.parametrize("name", ["", "a/b", "a\\b", "a\nb", "x" * 201])
def test_a_file_s_name_is_a_name_and_no_path(tur: Side, file: Path, name: str) -> None:
    ref, size = tur.keep(file), tur.record.store.size("TUR")
    with pytest.raises(Malformed):
        tur.release(ref, name)
    assert tur.record.store.size("TUR") == size


def test_a_kept_file_that_was_changed_or_is_gone_is_not_released(tur: Side, file: Path) -> None:
    ref = tur.keep(file)
    path = tur.withheld.path(files.evidence(tur.record, ref).said.digest)
    size = tur.record.store.size("TUR")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"?")
    for error in (Broken, Unavailable):
        with pytest.raises(error) as caught:
            tur.release(ref)
        assert str(ref) in str(caught.value)
        path.unlink(missing_ok=True)
    assert tur.record.store.size("TUR") == size
    path.write_bytes(whole)


def test_a_try_to_release_says_nothing(tur: Side, file: Path) -> None:
    ref, size = tur.keep(file), tur.record.store.size("TUR")
    files.try_release(tur.record, tur.withheld, ref, "minutes.pdf", tur.draft())
    with pytest.raises(ComityError):
        files.try_release(tur.record, tur.withheld, ref, "minutes.pdf", tur.draft(office="nobody"))
    assert tur.record.store.size("TUR") == size


@pytest.mark.parametrize("what", ["another file", "another salt", "another length"])
def test_another_file_than_the_one_recorded_is_told_and_never_given(
    tur: Side, irq: Side, file: Path, what: str
) -> None:
    """IRQ's node says the release by itself, without looking at what it kept."""
    ref = irq.keep(file)
    with irq.withheld.read(files.evidence(irq.record, ref).said.digest, str(ref)) as (salt, kept):
        data = kept.read()
    false = {
        "another file": (salt, data[::-1]),
        "another salt": (bytes(SALT), data),
        "another length": (salt + data[:1], data[1:]),
    }[what]
    body = acts.EvidenceReleased("minutes.pdf", b64(false[0][:SALT]), false[1])
    irq.record.say(irq.draft(body=body, answers=[ref]))
    meet(tur.record, irq.record)
    with pytest.raises(Broken, match="is not the file that was recorded") as caught:
        files.released_file(tur.record, ref)
    assert str(ref) in caught.value.why
    assert "minutes" not in str(caught.value)
    irq.release(ref)
    meet(tur.record, irq.record)
    assert files.released_file(tur.record, ref)[1] == data


def test_every_kept_file_is_checked_against_its_act(tmp_path: Path, file: Path) -> None:
    """`comity check` goes through the files of all acts: a flipped byte in any, one that is gone, one too many."""
    world, docket = programme(tmp_path / "nodes")
    at = node(world, "TUR")
    side = Side(at, docket)
    kept = [
        (ref, files.evidence(side.record, ref).said.digest) for ref in (side.keep(file) for _ in range(3))
    ]
    assert list(check(at)) == []
    for ref, digest in kept:
        path = side.withheld.path(digest)
        whole = path.read_bytes()
        for changed in (whole[:40] + bytes([whole[40] ^ 8]) + whole[41:], whole[:-1], whole + b"!", None):
            if changed is None:
                path.unlink()
            else:
                path.write_bytes(changed)
            assert [found.thing for found in check(at)] == [f"withheld file {digest[:12]} of {ref}"]
            path.write_bytes(whole)
            path.chmod(0o600)
    stray = side.withheld.folder / ("ab" * 32)
    stray.write_bytes(b"of no act")
    assert [found.thing for found in check(at)] == [f"withheld file {stray.name}"]
    stray.unlink()
    assert list(check(at)) == []
    at.close()


def test_what_another_party_recorded_is_not_looked_for_here(tmp_path: Path, file: Path) -> None:
    world, docket = programme(tmp_path / "nodes")
    nodes = [node(world, party) for party in ("TUR", "IRQ")]
    tur, irq = (Side(at, docket) for at in nodes)
    irq.keep(file)
    meet(tur.record, irq.record)
    assert list(check(tur.node)) == list(check(irq.node)) == []
    for at in nodes:
        at.close()


def test_withheld_is_the_folder_beside_the_database(tur: Side) -> None:
    assert tur.withheld.folder == tur.node.folder / "mechanisms" / tur.record.mechanism / "withheld"


def test_what_is_recorded_or_released_twice_under_one_key_is_said_once_and_kept_once(
    tur: Side, file: Path
) -> None:
    before, asked = tur.left(), once("ayla", "a form", b"minutes")
    refs = {files.record_file(tur.record, tur.withheld, file, tur.about(), once=asked).ref for _ in range(3)}
    assert len(refs) == 1
    ref = refs.pop()
    assert tur.left() - before == {tur.keep_digest(ref)}, "the copies of the other tries are gone"
    asked = once("ayla", "another form", b"release")
    said = files.release(tur.record, tur.withheld, ref, "minutes.pdf", tur.draft(), asked).ref
    with pytest.raises(Refused, match="evidence_already_released"):
        tur.release(ref)
    assert tur.record.said_before(asked) is not None
    assert files.released_file(tur.record, said) == ("minutes.pdf", SECRET)
