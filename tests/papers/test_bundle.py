"""The bundle: canonical, strict, and the same bytes from the same record and the same file from the same bytes."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.papers.desk import LANGUAGES, Desk, unsigned

from comity.core import canonical
from comity.core.errors import Malformed, Refused
from comity.papers import bundle, increments
from comity.papers.assembling import paper_of
from comity.papers.bundle import Bundle, encode, made, made_with, parse, parse_proof, prove_paper, with_bundle
from comity.papers.verifying import read_paper

MADE_WITH = made_with(read_paper(unsigned()).paper)


def held() -> Bundle:
    desk = Desk.laid()
    paper = paper_of(desk.nodes["TUR"], desk.docket, LANGUAGES)
    return Bundle(MADE_WITH, paper, prove_paper(desk.nodes["TUR"], paper), 1)


def test_a_bundle_comes_back_as_it_was() -> None:
    one = held()
    assert parse(encode(one)) == one
    assert parse_proof(bundle.encode_proof(one.proof)) == one.proof


def test_the_same_record_makes_the_same_file() -> None:
    """Also the update that holds the bundle: its date is that of the last act in it."""
    desk = Desk.laid()
    paper = paper_of(desk.nodes["TUR"], desk.docket, LANGUAGES)
    assert made(desk.nodes["TUR"], paper).raw == made(desk.nodes["TUR"], paper).raw == unsigned()
    assert b"/LastModified(D:20240815" in unsigned()
    assert made_with(paper).startswith("comity-paper/1 typst ")


def test_only_the_acts_that_a_stranger_needs_are_in_it() -> None:
    """The act that put the text without its content, and the acceptances; later the signatures in the record."""
    one = held()
    assert [(act.ref, bool(act.content)) for act in one.proof.acts] == [
        ("IRQ/3", True),
        ("TUR/3", False),
        ("TUR/4", True),
    ]
    assert set(one.proof.chains) == {"IRQ", "TUR"}


@pytest.mark.parametrize("change", [{"v": 2}, {"more": 1}, {"paper": {}}, {"proof": {}}, {"proof": None}])
def test_a_bundle_of_another_form_is_malformed(change: dict[str, object]) -> None:
    whole = canonical.decode(encode(held()))
    with pytest.raises(Malformed):
        parse(canonical.encode({**whole, **change}))
    for raw in (encode(held()) + b"\n", b"", b"{}", bytes(bundle.LIMIT + 1)):
        with pytest.raises(Malformed):
            parse(raw)
        with pytest.raises(Malformed):
            parse_proof(raw)


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_malformed(raw: bytes) -> None:
    for read in (parse, parse_proof):
        with pytest.raises(Malformed):
            read(raw)


def test_a_bundle_whose_acts_have_no_time_is_malformed() -> None:
    """Before any of it is verified."""
    one = held()
    acts = [msgspec.structs.replace(act, leaf='{"v":1}') for act in one.proof.acts]
    raw = encode(Bundle(MADE_WITH, one.paper, msgspec.structs.replace(one.proof, acts=acts), 1))
    end, _ = increments.split(unsigned())
    with pytest.raises(Malformed):
        with_bundle(unsigned()[:end], raw)


def test_a_paper_that_is_not_the_adopted_text_is_not_proved() -> None:
    """Nor one of a sort that no act of the parties stands behind."""
    desk = Desk.laid()
    paper = read_paper(unsigned()).paper
    data = {**paper.data, "text": {**paper.data["text"], "prevailing": "tr"}}
    with pytest.raises(Refused):
        prove_paper(desk.nodes["TUR"], msgspec.structs.replace(paper, data=data))
    with pytest.raises(Refused):
        prove_paper(desk.nodes["TUR"], msgspec.structs.replace(paper, sort="certificate"))
