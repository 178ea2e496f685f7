"""A paper is verified by nothing but its file, and everything that is wrong with one is named.

Seen to fail: with the comparison of the typeset bytes left out (a changed letter), with that of the signatures' parts left
out (a flipped bit), with what follows the last part not looked at (an update after signing), with certificates believed
that nobody named, and with full powers not asked for.
"""

from __future__ import annotations

import functools
import re
from datetime import date, timedelta
from unittest import mock

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chapters.instruments.drafts import text
from tests.papers import desk as desks
from tests.papers.desk import Desk, certificate, document_key, officer, signed, unsigned

from comity.core import canonical
from comity.core.act import Ref
from comity.core.charter import OfficeVacated, PowersRevoked
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.papers import bundle, certificates, increments, signing, typeset
from comity.papers.assembling import append_signature
from comity.papers.signing import Signer, Who
from comity.papers.verifying import read_paper, verify_paper

BOTH = ("TUR", "IRQ")
MADE_WITH = bundle.made_with(read_paper(unsigned()).paper)


def broken(raw: bytes, kind: type[ComityError] = Broken) -> str:
    """What is said of a file that must be refused."""
    with pytest.raises(kind) as told:
        verify_paper(raw, "file.pdf")
    assert str(told.value).startswith("file.pdf")
    return str(told.value)


# ----------------------------------------------------------------------------------------- what is shown


def test_a_paper_that_all_signed_is_verified_by_its_file_alone() -> None:
    """The text's hash, the docket, each party's acceptance and signature, what to compare."""
    verdict = verify_paper(signed(*BOTH))
    assert (verdict.sort, verdict.ref, verdict.missing, verdict.parties) == (
        "instrument",
        "TUR/3",
        (),
        ("IRQ", "TUR"),
    )
    assert (
        verdict.text
        == Desk.laid().nodes["IRQ"].folds.view(Ref("TUR", 3)).halves["IRQ"].acceptances[0].body.text
    )
    assert [(one.party, one.office, one.place) for one in verdict.signatures] == [
        ("TUR", "minister", "Baghdad"),
        ("IRQ", "minister", "Baghdad"),
    ]
    assert verdict.signatures[0].certificate == certificates.fingerprint(certificate("TUR minister"))
    assert {party: yes.kind for party, yes in verdict.accepted.items()} == dict.fromkeys(
        ("IRQ", "TUR"), "instrument.accepted/1"
    )
    assert set(verdict.fingerprints) == {"IRQ", "TUR"}
    assert verdict.heads["TUR"].countersigned.keys() == {"IRQ"}
    assert verdict.title["tr"] == text().title["tr"]


def test_three_parties_sign_one_after_the_other() -> None:
    """In any order."""
    verdict = verify_paper(signed("JOR", "TUR", "IRQ"))
    assert [one.party for one in verdict.signatures] == ["JOR", "TUR", "IRQ"]
    assert verdict.missing == ()


def test_a_paper_that_not_all_signed_says_who_has_not() -> None:
    """It is the accepted text all the same."""
    assert verify_paper(unsigned()).missing == ("IRQ", "TUR")
    assert verify_paper(signed("TUR")).missing == ("IRQ",)
    assert verify_paper(signed("IRQ", "TUR", "JOR")[: len(signed("IRQ", "TUR", "JOR"))]).missing == ()


def test_what_was_negotiated_stays_out_of_the_file() -> None:
    """The act that put the text is proved by its leaf; its content, with notes and brackets, is not shown."""
    assert b"A note of the negotiators" not in signed(*BOTH)
    held = next(act for act in proof_of(unsigned()).acts if act.ref == "TUR/3")
    assert held.content == ""


def proof_of(raw: bytes) -> bundle.DocketProof:
    found = re.search(rb"/Type/ComityBundle/Length (\d+)>>\nstream\n", raw)
    assert found is not None
    return bundle.parse(raw[found.end() : found.end() + int(found[1])]).proof


def test_certificates_and_powers_younger_than_the_bundle_come_with_the_signature() -> None:
    """Who signs second may have been named after the first signed; the second signature brings a newer proof."""
    desk = Desk.laid(ready=False)
    desk.certify("TUR")
    desk.meet()
    desk.sign("TUR")
    desk.meet()
    desk.fill("IRQ", "envoy", "")
    desk.certify("IRQ", "envoy")
    desk.empower("IRQ", "envoy")
    desk.meet()
    raw = desk.sign("IRQ", "envoy")
    assert b"/Type/ComityProof" in raw
    verdict = verify_paper(raw)
    assert [one.office for one in verdict.signatures] == ["minister", "envoy"]


# ----------------------------------------------------------------------------------------- what is refused


def test_one_letter_changed_is_not_the_accepted_text() -> None:
    """In a copy that was made by the same program from a changed text, everything else untouched."""
    raw = signed(*BOTH)
    read = read_paper(raw)
    data = msgspec.to_builtins(read.paper)
    row = data["data"]["text"]["provisions"][1]["words"]["en"]
    row["text"] = row["text"].replace("Parties", "Partners", 1)
    other = msgspec.convert(data, type(read.paper))
    end, _ = increments.split(raw)
    assert "is not the text that the parties accepted" in broken(typeset.typeset(other) + raw[end:])


def test_a_changed_text_with_a_bundle_that_fits_it_lacks_the_acceptances() -> None:
    """Whoever changes the text changes its hash, and nobody accepted that one."""
    read = read_paper(unsigned())
    data = msgspec.to_builtins(read.paper)
    data["data"]["text"]["title"]["en"] = "Another memorandum"
    other = msgspec.convert(data, type(read.paper))
    held = bundle.encode(bundle.Bundle(MADE_WITH, other, proof_of(unsigned()), 1))
    raw = bundle.with_bundle(typeset.typeset(other), held).raw
    assert "does not show that IRQ, TUR accepted this text" in broken(raw)


@pytest.mark.parametrize("field", ["names", "parties", "dated"])
def test_nothing_else_on_the_paper_can_be_changed(field: str) -> None:
    """Names of states, of the mechanism, the date: all follow from the acts."""
    read = read_paper(unsigned())
    data = msgspec.to_builtins(read.paper)
    if field == "dated":
        data["dated"] = date(2024, 8, 16)
    elif field == "names":
        data["names"]["en"] = "Another mechanism"
    else:
        data["parties"][0]["names"]["en"] = "Another state"
    other = msgspec.convert(data, type(read.paper))
    held = bundle.encode(bundle.Bundle(MADE_WITH, other, proof_of(unsigned()), 1))
    raw = bundle.with_bundle(typeset.typeset(other), held).raw
    assert f"says otherwise than the acts in it, in: {field}" in broken(raw)


def test_an_update_after_signing_is_named() -> None:
    """Also one that a PDF program would write, also a single byte, also an increment that looks like ours."""
    raw = signed(*BOTH)
    update = b"\n900 0 obj\n<</Type/Catalog>>\nendobj\nxref\n900 1\n0000000000 00000 n \ntrailer\n<</Size 901>>\nstartxref\n0\n%%EOF\n"
    for more in (update, b"\n", b"%", b"\n%comity {}\n"):
        with pytest.raises((Broken, Malformed)):
            verify_paper(raw + more)
    assert "was changed after IRQ signed it" in broken(raw + update)
    assert "was changed after it was made" in broken(unsigned() + update)


def test_a_signature_with_an_unknown_certificate_is_named() -> None:
    """A stranger's, one that the party has replaced, another party's."""
    desk = Desk.laid()
    stranger = desk.pen("TUR", name="stranger")
    assert "not one that this party named" in broken(append_unchecked(desk, stranger))
    of_iraq = desk.pen("TUR", name="IRQ minister")
    assert "not one that this party named" in broken(append_unchecked(desk, of_iraq))
    desk.certify("TUR", name="TUR second")
    desk.meet()
    assert "not one that this party named" in broken(append_unchecked(desk, desk.pen("TUR")))
    assert verify_paper(append_unchecked(desk, desk.pen("TUR", name="TUR second"))).missing == ("IRQ",)


def append_unchecked(desk: Desk, pen: object, raw: bytes = b"", party: str = "TUR", **how: object) -> bytes:
    """Sign as a hostile program would: nothing is asked."""
    raw = raw or desk.assembled(party)
    read = read_paper(raw)
    who = Who(party, pen.office, desks.TITLES[party], pen.certificate, pen.time, pen.place)._replace(**how)  # type: ignore[attr-defined]
    return signing.sign(read.file, read.paper, Signer(who, pen.sign), read.fields).raw  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", ["none", "other instrument", "revoked", "expired", "other key", "vacated"])
def test_a_signature_without_full_powers_is_named(case: str) -> None:
    """By an office that is none of VCLT article 7(2)."""
    desk = Desk.laid()
    desk.fill("TUR", "envoy", "")
    desk.certify("TUR", "envoy")
    match case:
        case "other instrument":
            desk.docket, docket = Ref("TUR", 99), desk.docket
            desk.empower("TUR", "envoy")
            desk.docket = docket
        case "revoked":
            issued = desk.empower("TUR", "envoy")
            root = desks.key("TUR", "root")
            desk.say("TUR", "charter.powers_revoked/1", PowersRevoked(), Ref("TUR", 0), [issued], signer=root)
        case "expired":
            desk.empower("TUR", "envoy", until=date(2024, 8, 14))
        case "other key":
            desk.empower("TUR", "envoy", key=officer("somebody").public)
        case "vacated":
            desk.empower("TUR", "envoy")
            desk.root("TUR", "office_vacated", OfficeVacated("envoy"))
    desk.meet()
    raw = append_unchecked(desk, desk.pen("TUR", "envoy"))
    expected = "not one that this party named" if case == "vacated" else "had no full powers"
    assert expected in broken(raw)
    with pytest.raises(Refused):
        desk.sign("TUR", "envoy")


def test_a_signature_that_claims_another_office_or_party_is_named() -> None:
    """The certificate says whose it is."""
    desk = Desk.laid()
    desk.fill("TUR", "envoy", "head_of_state")
    desk.meet()
    pen = desk.pen("TUR")
    assert "is that of the office minister, not of envoy" in broken(
        append_unchecked(desk, pen, office="envoy")
    )
    assert "not one that this party named" in broken(append_unchecked(desk, pen, party="IRQ"))


def test_a_party_signs_once() -> None:
    """A second signature of the same party is no second party's."""
    desk = Desk.laid()
    raw = desk.sign("TUR")
    assert "stands twice" in broken(append_unchecked(desk, desk.pen("TUR"), raw))


def test_a_signature_outside_its_certificates_time_or_before_the_text_was_accepted_is_named() -> None:
    """The day that the signer claims is held against both."""
    desk = Desk.laid()
    pen = desk.pen("TUR")
    assert "before the text was accepted" in broken(
        append_unchecked(desk, pen, time=pen.time - timedelta(days=1))
    )
    assert "was not valid at" in broken(append_unchecked(desk, pen, time=pen.time + timedelta(days=366 * 40)))


def test_a_signature_by_another_key_than_the_certificates_is_named() -> None:
    """The certificate is public; the key is not."""
    desk = Desk.laid()
    thief = desk.pen("TUR")._replace(sign=document_key("thief").sign)
    assert "does not verify under its certificate" in broken(append_unchecked(desk, thief))


def test_a_signature_over_another_file_is_named() -> None:
    """Taken over from a paper in other languages, part and all."""
    desk = Desk.laid()
    other = desk.sign("TUR", languages=("en",))
    _, parts = increments.split(other)
    raw = desk.assembled("IRQ") + other[parts[1].start : parts[1].end]
    assert broken(raw)


def test_the_bundle_of_another_paper_does_not_fit() -> None:
    """Whole and true as it is."""
    desk = Desk.laid()
    english, both = desk.assembled("TUR", ("en",)), desk.assembled("TUR")
    end, _ = increments.split(english)
    start, _ = increments.split(both)
    assert "is not the text that the parties accepted" in broken(both[:start] + english[end:])


def test_a_bundle_that_says_less_than_it_must_is_named() -> None:
    """An acceptance taken out; all of Iraq's."""
    proof = proof_of(unsigned())
    acts = [act for act in proof.acts if not act.ref.startswith("IRQ")]
    heads = {"TUR": proof.heads["TUR"]}
    less = msgspec.structs.replace(proof, acts=acts, heads=heads)
    held = bundle.encode(bundle.Bundle(MADE_WITH, read_paper(unsigned()).paper, less, 1))
    end, _ = increments.split(unsigned())
    raw = bundle.with_bundle(unsigned()[:end], held).raw
    assert "does not show that IRQ accepted" in broken(raw)


def test_a_file_set_by_another_typst_cannot_be_made_again_and_that_is_said() -> None:
    """With what to install. Where it makes no difference to the bytes, it is verified."""
    paper = read_paper(unsigned()).paper
    end, _ = increments.split(unsigned())
    held = bundle.encode(bundle.Bundle("comity-paper/1 typst 0.1.2", paper, proof_of(unsigned()), 1))
    same = bundle.with_bundle(unsigned()[:end], held).raw
    assert verify_paper(same).made_with == "comity-paper/1 typst 0.1.2"
    with mock.patch(
        "comity.papers.typeset.typeset", return_value=unsigned()[:end].replace(b"/Pages", b"/Pagez", 1)
    ):
        assert "typst==0.1.2" in broken(same, Unavailable)


# ----------------------------------------------------------------------------------------- hostile bytes


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "is not a PDF"),
        (b"PK\x03\x04", "is not a PDF"),
        (b"%PDF-1.7\nsomething\n%%EOF", "was not made by Comity"),
        (b"%PDF-1.7\n%%EOF\n%comity {}\n", ""),
    ],
)
def test_what_is_no_paper_is_malformed_and_says_so(raw: bytes, said: str) -> None:
    assert said in broken(raw, Malformed)


def test_a_paper_without_its_bundle_is_one_of_which_nothing_is_known() -> None:
    end, _ = increments.split(unsigned())
    assert "nothing is known of its text" in broken(unsigned()[:end], Malformed)


def test_a_file_that_is_too_large_is_not_looked_into() -> None:
    with mock.patch.object(increments, "LIMIT", 10):
        assert "at most 10" in broken(unsigned(), Malformed)


@functools.cache
def whole(name: str) -> bytes:
    return {"unsigned": unsigned, "signed": lambda: signed(*BOTH)}[name]()


@pytest.mark.parametrize("name", ["unsigned", "signed"])
def test_a_file_cut_off_anywhere_is_refused_or_says_who_is_missing(name: str) -> None:
    """At every 1 KiB, and at every end of a part: what is left is never more than what was signed up to there."""
    raw = whole(name)
    ends = {part.end: at for at, part in enumerate(increments.split(raw)[1])}
    for at in {
        *range(0, len(raw), 1024),
        *(end - 1 for end in ends),
        *(end + 1 for end in ends if end + 1 < len(raw)),
    }:
        if at not in ends:
            with pytest.raises((Malformed, Broken)):
                verify_paper(raw[:at])
    for end, signatures in ends.items():
        assert len(verify_paper(raw[:end]).signatures) == signatures


@given(st.data())
def test_no_flipped_bit_goes_unnoticed(data: st.DataObject) -> None:
    """In any part of the file: typeset bytes, bundle, stamps, certificates, the room around the signatures."""
    raw = whole(data.draw(st.sampled_from(["unsigned", "signed"])))
    _, parts = increments.split(raw)
    bounds = [0, *(part.start for part in parts), len(raw)]
    region = data.draw(st.integers(0, len(bounds) - 2))
    at = data.draw(st.integers(bounds[region], bounds[region + 1] - 1))
    flipped = raw[:at] + bytes([raw[at] ^ (1 << data.draw(st.integers(0, 7)))]) + raw[at + 1 :]
    with pytest.raises((Malformed, Broken, Unavailable)):
        verify_paper(flipped)


@given(st.integers(0, 2), st.integers(0, 6000), st.integers(0, 7))
def test_no_flipped_bit_around_a_signature_goes_unnoticed(part: int, offset: int, bit: int) -> None:
    """The container is the one place that no signature covers: it is held to one form, to the last zero behind it."""
    raw = whole("signed")
    places = [found.end() for found in re.finditer(rb"/Contents<", raw)]
    at = min(places[part % len(places)] - 12 + offset % 3100, len(raw) - 1)
    flipped = raw[:at] + bytes([raw[at] ^ (1 << bit)]) + raw[at + 1 :]
    with pytest.raises((Malformed, Broken, Unavailable)):
        verify_paper(flipped)


@given(st.binary(min_size=1, max_size=300), st.booleans())
def test_random_bytes_behind_a_paper_are_refused(more: bytes, marked: bool) -> None:
    """Also behind the mark of an increment."""
    with pytest.raises((Malformed, Broken)):
        verify_paper(whole("signed") + (b"\n%comity " if marked else b"") + more)


@given(st.data())
def test_a_bundle_of_random_json_shows_nothing_that_is_not_so(data: st.DataObject) -> None:
    """Any other value at any place of it, canonical and in a file that is otherwise right: refused, or as true."""
    raw = whole("unsigned")
    found = re.search(rb"/Type/ComityBundle/Length (\d+)>>\nstream\n", raw)
    assert found is not None
    held = canonical.decode(raw[found.end() : found.end() + int(found[1])])
    at = held
    path = []
    while isinstance(at, dict | list) and at and (not path or data.draw(st.booleans())):
        step = (
            data.draw(st.sampled_from(sorted(at)))
            if isinstance(at, dict)
            else data.draw(st.integers(0, len(at) - 1))
        )
        path.append((at, step))
        at = at[step]
    parent, step = path[-1]
    parent[step] = data.draw(
        st.sampled_from(["", "x", 0, 7, None, [], {}, True]).filter(lambda one: one != at)
    )
    end, _ = increments.split(raw)
    try:
        made = bundle.with_bundle(raw[:end], canonical.encode(held)).raw
    except Malformed:
        return
    try:
        verdict = verify_paper(made)
    except ComityError:
        return
    # Another true proof of the same, such as one that shows a countersignature or a certificate less.
    whole_verdict = verify_paper(raw)
    assert (verdict.text, verdict.parties, verdict.missing) == (
        whole_verdict.text,
        ("IRQ", "TUR"),
        ("IRQ", "TUR"),
    )
    assert {party: yes.ref for party, yes in verdict.accepted.items()} == {
        party: yes.ref for party, yes in whole_verdict.accepted.items()
    }


def test_a_signed_file_goes_on_only_if_all_in_it_holds() -> None:
    """Nobody's officer signs over a file that does not verify."""
    desk = Desk.laid()
    raw = desk.sign("TUR")
    desk.meet()
    with pytest.raises(Broken):
        append_signature(desk.nodes["IRQ"], raw + b"\n", desk.pen("IRQ"))
    assert verify_paper(append_signature(desk.nodes["IRQ"], raw, desk.pen("IRQ"))).missing == ()
