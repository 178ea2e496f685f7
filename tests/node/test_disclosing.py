"""A disclosure convinces a stranger of the recorded file, and of nothing else, whatever byte of it is changed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.test_evidence import Side, meet
from tests.stories.programme import node, programme
from tests.stories.scene import World
from tests.vectors import second_verifier

from comity.core.act import Ref
from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.node import disclosing
from comity.node.disclosing import MAGIC, disclose, require_recorded, verify_disclosure
from comity.node.proving import prove

SECRET = b"\n\nminutes of the joint centre, page one\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, str]:
    return programme(tmp_path_factory.mktemp("nodes"))


@pytest.fixture(scope="module")
def sides(world: tuple[World, str]) -> Iterator[tuple[Side, Side]]:
    nodes = [node(world[0], party) for party in ("TUR", "IRQ")]
    yield Side(nodes[0], world[1]), Side(nodes[1], world[1])
    for opened in nodes:
        opened.close()


@pytest.fixture(scope="module")
def recorded(sides: tuple[Side, Side], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ref]:
    """The original, and the act that recorded it; both sides have the act."""
    file = tmp_path_factory.mktemp("originals") / "minutes.pdf"
    file.write_bytes(SECRET)
    ref = sides[0].keep(file)
    meet(sides[0].record, sides[1].record)
    return file, ref


@pytest.fixture(scope="module")
def whole(
    sides: tuple[Side, Side], recorded: tuple[Path, Ref], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("disclosed") / "minutes.disclosure"
    disclose(sides[0].record, sides[0].withheld, recorded[1], "minutes.pdf", path)
    return path


@pytest.fixture(scope="module")
def salt(
    sides: tuple[Side, Side], recorded: tuple[Path, Ref], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("disclosed") / "salt.disclosure"
    disclose(sides[0].record, sides[0].withheld, recorded[1], "minutes.pdf", path, salt_only=True)
    return path


def test_a_stranger_sees_whose_file_it_is_and_gets_it(
    whole: Path, recorded: tuple[Path, Ref], sides: tuple[Side, Side], tmp_path: Path
) -> None:
    shown = verify_disclosure(whole, output=tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes() == SECRET
    assert shown.name == "minutes.pdf"
    assert second_verifier.disclosure(whole.read_bytes())["ref"] == shown.verdict.ref
    assert shown.verdict.ref == str(recorded[1])
    assert shown.verdict.mechanism == sides[0].record.mechanism
    assert "IRQ" in shown.verdict.countersigned


def test_nothing_enters_the_record(
    sides: tuple[Side, Side], recorded: tuple[Path, Ref], tmp_path: Path
) -> None:
    size = sides[0].record.store.size("TUR")
    disclose(sides[0].record, sides[0].withheld, recorded[1], "minutes.pdf", tmp_path / "d")
    assert sides[0].record.store.size("TUR") == size
    assert (tmp_path / "d").stat().st_mode & 0o077 == 0


def test_the_salt_alone_has_no_byte_of_the_file_and_fits_it_alone(
    salt: Path, recorded: tuple[Path, Ref], tmp_path: Path
) -> None:
    assert SECRET.strip() not in salt.read_bytes()
    assert verify_disclosure(salt, recorded[0], tmp_path / "out").verdict.ref == str(recorded[1])
    assert (tmp_path / "out").read_bytes() == SECRET
    assert not refused_by_second(salt.read_bytes(), SECRET)
    assert refused_by_second(salt.read_bytes(), SECRET[::-1])
    other = tmp_path / "other.pdf"
    for raw in (SECRET[::-1], SECRET[:-1], SECRET + b"\n", b""):
        other.write_bytes(raw)
        with pytest.raises(Broken, match=r"other\.pdf: is not the file that TUR/\d+ recorded"):
            verify_disclosure(salt, other, tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_which_of_the_two_is_missing_or_too_many_is_told(
    whole: Path, salt: Path, recorded: tuple[Path, Ref], tmp_path: Path
) -> None:
    with pytest.raises(Malformed, match="--file"):
        verify_disclosure(salt)
    with pytest.raises(Malformed, match="holds the file itself"):
        verify_disclosure(whole, recorded[0])
    with pytest.raises(Unavailable, match="absent"):
        verify_disclosure(salt, tmp_path / "absent")
    with pytest.raises(Unavailable, match="absent"):
        verify_disclosure(tmp_path / "absent")


def refused(path: Path, output: Path) -> str:
    """Why it convinces nobody; nothing where it does."""
    try:
        verify_disclosure(path, output=output)
    except (Malformed, Broken) as error:
        return str(error)
    return ""


def refused_by_second(raw: bytes, beside: bytes | None = None) -> bool:
    """What a verifier says that was written from docs/reference/verify.md alone."""
    try:
        second_verifier.disclosure(raw, beside)
    except (second_verifier.MalformedError, second_verifier.BrokenError):
        return True
    return False


def test_a_disk_that_cannot_be_read_is_unavailable(whole: Path) -> None:
    class Failing:
        def readline(self, _: int) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(Unavailable, match="Input/output"):
        disclosing._read_head(Failing(), str(whole))


def test_one_changed_byte_anywhere_convinces_nobody(whole: Path, tmp_path: Path) -> None:
    """Every byte of the first lines and of the file, and a sample of the proof's; nothing is written for any.

    A second verifier agrees on each.
    """
    raw, chance = whole.read_bytes(), random.Random(5)
    proof = range(raw.index(b'{"act"'), len(raw) - len(SECRET) - 1)
    name = range(raw.index(b'"minutes.pdf"') + 1, raw.index(b'"minutes.pdf"') + 12)
    places = [place for place in range(len(raw)) if place not in proof and place not in name]
    unsigned = 0
    for place in [*places, *chance.sample(proof, 150)]:
        changed = tmp_path / "changed"
        changed.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        why = refused(changed, tmp_path / "out")
        assert "minutes of" not in why
        assert bool(why) == refused_by_second(changed.read_bytes()), (place, why)
        if not why:  # a countersignature that does not verify is passed over: docs/reference/verify.md
            assert place in proof
            unsigned += 1
            (tmp_path / "out").unlink()
        assert not (tmp_path / "out").exists()
    assert unsigned < 40


def test_a_disclosure_cut_off_or_continued_convinces_nobody(whole: Path, tmp_path: Path) -> None:
    raw, cut = whole.read_bytes(), tmp_path / "cut"
    lines = [place for place in range(len(raw)) if raw[place : place + 1] == b"\n"]
    for size in sorted({0, 1, *lines, *(place + 1 for place in lines), len(raw) // 2, len(raw) - 1}):
        cut.write_bytes(raw[:size])
        if size < len(raw):
            assert refused(cut, tmp_path / "out")
            assert refused_by_second(raw[:size])
    cut.write_bytes(raw + b"x")
    with pytest.raises(Broken):
        verify_disclosure(cut)


def test_what_failed_leaves_a_file_that_was_there_as_it_was(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"before")
    (tmp_path / "bad").write_bytes(whole.read_bytes() + b"x")
    with pytest.raises(Broken):
        verify_disclosure(tmp_path / "bad", output=tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad", "out"]


def test_only_the_proof_of_recorded_evidence_will_do(
    whole: Path, sides: tuple[Side, Side], recorded: tuple[Path, Ref], tmp_path: Path
) -> None:
    label = whole.read_bytes().split(b"\n")[1]
    record, bad = sides[0].record, tmp_path / "bad"
    others = [
        (prove(record, Ref("TUR", 1)), "no act that records evidence"),
        (prove(record, recorded[1], with_content=False), "does not show what its act says"),
    ]
    for proof, why in others:
        bad.write_bytes(MAGIC + label + b"\n" + proof + SECRET)
        with pytest.raises(Malformed, match=why):
            verify_disclosure(bad)


def test_an_act_that_says_nothing_of_a_file_is_malformed(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a node without rules could have said it."""
    verify = disclosing.verify_proof

    def without_digest(*arguments: object) -> object:
        verdict = verify(*arguments)
        return disclosing.msgspec.structs.replace(verdict, content={"title": {"en": "x"}})

    monkeypatch.setattr(disclosing, "verify_proof", without_digest)
    with pytest.raises(Malformed, match="content of TUR/"):
        verify_disclosure(whole)


@given(rest=st.binary(max_size=200) | st.just(b"a" * 5000) | st.just(b'{"name":"x","salt":"y"}\n{}\n'))
def test_whatever_follows_the_first_line_is_malformed_at_worst(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.disclosure"
    path.write_bytes(MAGIC + rest)
    with pytest.raises(Malformed):
        verify_disclosure(path)
    path.write_bytes(rest)
    with pytest.raises(Malformed):
        verify_disclosure(path)


def test_the_other_side_finds_the_act_in_its_own_record(
    whole: Path, sides: tuple[Side, Side], recorded: tuple[Path, Ref]
) -> None:
    for side in sides:
        assert require_recorded(side.record, verify_disclosure(whole)).ref == recorded[1]


def test_a_disclosure_of_another_mechanism_or_of_an_act_that_is_not_here_is_told(
    sides: tuple[Side, Side], recorded: tuple[Path, Ref], tmp_path: Path
) -> None:
    world, docket = programme(tmp_path / "other")
    at = node(world, "TUR")
    other = Side(at, docket)
    ref = other.keep(recorded[0])
    disclose(other.record, other.withheld, ref, "minutes.pdf", tmp_path / "d")
    written: list[Path] = [tmp_path / "out"]
    with pytest.raises(Broken, match="another mechanism"):
        verify_disclosure(
            tmp_path / "d", output=written[0], also=lambda shown: require_recorded(sides[0].record, shown)
        )
    assert not written[0].exists()
    beside = node(world, "IRQ")  # it has not heard of it yet
    with pytest.raises(Refused) as caught:
        require_recorded(beside.record(), verify_disclosure(tmp_path / "d"))
    assert caught.value.code == "act_unknown"
    at.close()
    beside.close()


def test_a_disclosure_that_contradicts_this_record_is_broken(whole: Path, sides: tuple[Side, Side]) -> None:
    """As after a fork: the same number, another file."""
    shown = verify_disclosure(whole)
    other = disclosing.msgspec.structs.replace(shown.said, size=shown.said.size + 1)
    with pytest.raises(Broken, match="another act"):
        require_recorded(sides[0].record, shown._replace(said=other))


def test_only_its_author_discloses_and_only_what_it_still_has(
    sides: tuple[Side, Side], recorded: tuple[Path, Ref], tmp_path: Path
) -> None:
    tur, irq = sides
    with pytest.raises(Refused) as caught:
        disclose(irq.record, irq.withheld, recorded[1], "minutes.pdf", tmp_path / "d")
    assert caught.value.code == "evidence_not_ours"
    with pytest.raises(Malformed):
        disclose(tur.record, tur.withheld, recorded[1], "a/b", tmp_path / "d")
    with pytest.raises(Unavailable, match="no-such-folder"):
        disclose(tur.record, tur.withheld, recorded[1], "x", tmp_path / "no-such-folder" / "d")
    path = tur.withheld.path(tur.keep_digest(recorded[1]))
    kept = path.read_bytes()
    path.write_bytes(kept[::-1])
    with pytest.raises(Broken):
        disclose(tur.record, tur.withheld, recorded[1], "minutes.pdf", tmp_path / "d")
    path.write_bytes(kept)
    assert list(tmp_path.iterdir()) == []
