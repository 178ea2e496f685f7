"""Cards, charters, and the acts that change keys, offices and powers.

Seen to fail: with the card's signatures not verified, with the parties' order not looked at, and with the refusals of the
last key and of another party's docket left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from tests.core.author import CHARTER, NOON
from tests.worlds.world import card, key

from comity.core import canonical
from comity.core import charter as charters
from comity.core.act import Act, Ref
from comity.core.chapter import Office
from comity.core.charter import (
    CHAPTER,
    ROOT,
    Accepted,
    AddressChanged,
    Card,
    CertificateNamed,
    ChapterActivated,
    Half,
    KeyAdded,
    KeyRevoked,
    OfficeFilled,
    OfficeVacated,
    PowersIssued,
    PowersRevoked,
    SignedCard,
    card_fingerprint,
    make_card,
    parse_card,
    parse_charter,
    root_office,
)
from comity.core.errors import Broken, Malformed, Refused
from comity.core.fold import Fold
from comity.core.keys import ML_DSA, b64, key_id

TUR = card("TUR")
SIGNED = make_card(TUR, [key("TUR", "root")])
replace = msgspec.structs.replace


# ------------------------------------------------------------------------------------ cards and charters


def test_a_card_comes_back_and_may_have_a_newline_around_it() -> None:
    """People save it, mail it, print it."""
    assert parse_card(SIGNED) == parse_card(b"\n" + SIGNED + b"\n") == TUR


def test_a_card_that_its_root_key_did_not_sign_is_broken() -> None:
    """Another key's signature, or one over another card."""
    others = [
        make_card(TUR, [key("IRQ", "root")]),
        canonical.encode(SignedCard(replace(TUR, address="https://x"), signatures(SIGNED))),
    ]
    for raw in others:
        with pytest.raises(Broken) as broken:
            parse_card(raw)
        assert broken.value.proof is None


def signatures(raw: bytes) -> list[str]:
    return canonical.parse(raw, SignedCard, "card").signatures


def test_a_card_with_too_few_or_too_many_signatures_is_malformed() -> None:
    """One for each root key, in their order."""
    two = replace(TUR, root=[key("TUR", "root").public, key("TUR", "root", ML_DSA).public])
    both = [key("TUR", "root"), key("TUR", "root", ML_DSA)]
    assert parse_card(make_card(two, both)) == two
    for wrong in ([both[0]], [*both, both[0]]):
        with pytest.raises(Malformed):
            parse_card(make_card(two, wrong))
    with pytest.raises((Malformed, Broken)):
        parse_card(make_card(two, both[::-1]))


WRONG_CARDS: list[dict[str, Any]] = [
    {"v": 2}, {"party": "tur"}, {"party": "T"}, {"names": {}}, {"names": {"en": ""}}, {"names": {"en": "x" * 201}},
    {"names": {"ı": "x"}}, {"names": {"e": "x"}}, {"node": []}, {"root": []}, {"node": [TUR.node[0]] * 5}, {"node": ["x"]},
    {"root": [key("TUR", "root", ML_DSA).public]}, {"node": [key("TUR", "node", ML_DSA).public]}, {"sealing": TUR.node[0]},
    {"node": [TUR.sealing]}, {"tls": "x"}, {"address": "x" * 401}, {"sealing": ""},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG_CARDS, ids=lambda change: canonical.encode(change)[:40].decode())
def test_a_wrong_card_is_malformed_alone_and_in_a_charter(change: dict[str, Any]) -> None:
    """Whoever signed it."""
    wrong = replace(TUR, **change)
    raw = canonical.encode(
        SignedCard(wrong, [b64(key("TUR", "root").sign(b"comity party card\n" + canonical.encode(wrong)))])
    )
    with pytest.raises(Malformed):
        parse_card(raw)
    parties = sorted([card("IRQ"), wrong], key=lambda one: one.party)
    with pytest.raises(Malformed):
        parse_charter(canonical.encode(replace(CHARTER, parties=parties)))


def test_a_wrong_charter_is_malformed() -> None:
    """Parties unsorted, doubled, alone, too many; keys that two parties share; chapters unsorted; a later version."""
    irq = card("IRQ")
    thief = replace(TUR, node=irq.node)
    twice = replace(TUR, node=TUR.root)
    for change in (
        {"parties": [TUR, irq]}, {"parties": [irq, irq]}, {"parties": [irq]}, {"parties": []}, {"parties": [irq, thief]},
        {"parties": [irq, twice]}, {"chapters": ["b", "a"]}, {"chapters": ["a", "a"]}, {"chapters": ["A"]}, {"v": 2}, {"names": {}},
        {"chapters": [chr(97 + n // 26) + chr(97 + n % 26) for n in range(41)]},
    ):  # fmt: skip
        with pytest.raises(Malformed):
            parse_charter(canonical.encode(replace(CHARTER, **change)))
    assert parse_charter(canonical.encode(CHARTER) + b"\n") == CHARTER


def test_the_identifier_and_the_fingerprint_change_with_every_word() -> None:
    """So nobody can be given other parties, keys or names later."""
    others = [
        replace(CHARTER, names={"en": "Tesu"}),
        replace(CHARTER, chapters=[]),
        replace(CHARTER, parties=[replace(card("IRQ"), address="x"), TUR]),
    ]
    assert len({CHARTER.id, *(other.id for other in others)}) == 4
    assert card_fingerprint(TUR) != card_fingerprint(replace(TUR, address="https://x"))
    assert CHARTER.codes == ("IRQ", "TUR")
    with pytest.raises(Refused):
        CHARTER.card("JOR")


# ------------------------------------------------------------------------------------------- charter acts


class Setting:
    """What the charter's rules ask for: offices as the fold itself gives them."""

    mechanism, parties = CHARTER.id, CHARTER.codes

    def __init__(self, fold: Fold) -> None:
        self.fold = fold

    def offices(self, party: str) -> Mapping[str, Office]:
        held = self.fold.half("TUR", 1 << 40)[1].offices if party == "TUR" else ()
        return {ROOT: root_office(CHARTER.card(party))} | {office.name: office for office in held}

    def signer(self, act: Act) -> Office | None:
        return next(
            (o for o in self.offices(act.party).values() if o.key and key_id(o.key) == act.signer), None
        )

    def active(self, _chapter: str) -> bool:
        return True


class Docket:
    """TUR's charter docket, said into by anybody with any key."""

    def __init__(self) -> None:
        self.fold = Fold(Ref("TUR", 0), CHAPTER, CHARTER.codes)
        self.numbers = {"TUR": 0, "IRQ": 0}
        self.say("accepted", Accepted(CHARTER))

    def say(
        self,
        kind: str,
        body: Any,
        by: str = "",
        office: str = ROOT,
        party: str = "TUR",
        answers: tuple[Ref, ...] = (),
        at: int = -1,
    ) -> Ref:
        number = self.numbers[party] if at < 0 else at
        ref = Ref(party, number)
        seen = {other: size for other, size in self.numbers.items() if other != party and size}
        signer = key_id(by or CHARTER.card(party).root[0]) if by != "none" else ""
        opens = kind == "accepted" and number == 0
        act = Act(
            ref,
            f"charter.{kind}/1",
            ref if opens else Ref("TUR", 0),
            NOON,
            office,
            "",
            answers,
            seen,
            "",
            body,
            signer,
        )
        self.fold.admit(act, Setting(self.fold))  # type: ignore[arg-type]
        self.numbers[party] = number + 1
        return ref

    def refused(self, kind: str, body: Any, **how: Any) -> str:
        with pytest.raises(Refused) as refused:
            self.say(kind, body, **how)
        return refused.value.code

    @property
    def half(self) -> Half:
        half: Half = self.fold.half("TUR", 1 << 40)[1]
        return half


NEW, LATER = key("TUR", "node2").public, key("JOR", "node").public


def test_only_the_root_key_changes_the_charter() -> None:
    """No signature, the node's key, another party's root key: refused."""
    docket = Docket()
    body = KeyAdded(NEW, "node")
    assert docket.refused("key_added", body, by="none") == "signature_needed"
    for wrong in (TUR.node[0], card("IRQ").root[0], NEW):
        assert docket.refused("key_added", body, by=wrong) == "signature_needed"
    docket.say("office_filled", OfficeFilled("mfa", {"en": "MFA"}, key=NEW))
    assert (
        docket.refused("key_added", KeyAdded(LATER, "node"), by=NEW, office="mfa") == "root_signature_needed"
    )


def test_nobody_else_speaks_in_a_partys_charter() -> None:
    """Not even with its own root key (law 1)."""
    docket = Docket()
    docket.numbers["IRQ"] = 1
    assert docket.refused("office_filled", OfficeFilled("mfa", {"en": "x"}), party="IRQ") == "charter_docket"


def test_the_charter_is_accepted_once_and_is_the_founding_one() -> None:
    """Else a party could give itself other keys than those that all have accepted."""
    docket = Docket()
    assert docket.refused("accepted", Accepted(CHARTER)) == "docket_opens"
    other = replace(CHARTER, parties=[card("IRQ"), replace(TUR, node=[NEW])])
    fresh = Docket.__new__(Docket)
    fresh.fold, fresh.numbers = Fold(Ref("TUR", 0), CHAPTER, CHARTER.codes), {"TUR": 0, "IRQ": 0}
    assert fresh.refused("accepted", Accepted(other)) == "charter_other"


def test_keys_are_valid_between_the_acts_that_add_and_revoke_them() -> None:
    """For heads of those sizes: acts decide, never a clock."""
    docket = Docket()
    added = docket.say("key_added", KeyAdded(NEW, "node")).number
    docket.say("address_changed", AddressChanged("https://x"))
    revoked = docket.say("key_revoked", KeyRevoked(TUR.node[0])).number
    assert (added, revoked) == (1, 3)
    valid = {size: docket.half.valid("node", size) for size in range(6)}
    assert valid == {
        0: [TUR.node[0]],
        1: [TUR.node[0]],
        2: [TUR.node[0], NEW],
        3: [TUR.node[0], NEW],
        4: [NEW],
        5: [NEW],
    }
    assert docket.half.valid("node") == [NEW]
    assert docket.half.valid("sealing") == [TUR.sealing]


def test_a_key_is_added_once_and_the_last_of_its_type_stays() -> None:
    """Also a revoked one never comes back; and a party never locks itself out."""
    docket = Docket()
    assert docket.refused("key_added", KeyAdded(TUR.node[0], "node")) == "key_known"
    assert docket.refused("key_revoked", KeyRevoked(NEW)) == "key_unknown"
    assert docket.refused("key_revoked", KeyRevoked(TUR.node[0])) == "key_last"
    assert docket.refused("key_revoked", KeyRevoked(TUR.sealing)) == "key_last"
    docket.say("key_added", KeyAdded(key("TUR", "node", ML_DSA).public, "node"))
    assert docket.refused("key_revoked", KeyRevoked(TUR.node[0])) == "key_last"
    docket.say("key_added", KeyAdded(NEW, "node"))
    docket.say("key_revoked", KeyRevoked(TUR.node[0]))
    assert docket.refused("key_added", KeyAdded(TUR.node[0], "node")) == "key_known"
    assert docket.refused("key_revoked", KeyRevoked(TUR.node[0])) == "key_unknown"


@pytest.mark.parametrize(
    ("body", "code"),
    [(KeyAdded("x", "node"), "key_unsound"), (KeyAdded(NEW, "sealing"), "key_unsound"), (KeyAdded(card("IRQ").sealing, "node"), "key_unsound"), (KeyAdded(NEW, "root"), "key_use")],
)  # fmt: skip
def test_an_unsound_key_is_refused(body: KeyAdded, code: str) -> None:
    """Of no type, or for another use."""
    assert Docket().refused("key_added", body) == code


def test_offices_are_filled_and_vacated_by_name() -> None:
    """The root office is nobody's to fill or vacate; a capacity is one of VCLT art. 7(2)."""
    docket = Docket()
    names = {"en": "Minister"}
    assert docket.refused("office_filled", OfficeFilled(ROOT, names)) == "office_reserved"
    assert docket.refused("office_filled", OfficeFilled("mfa", names, ex_officio="king")) == "office_reserved"
    assert docket.refused("office_filled", OfficeFilled("mfa", names, key="x")) == "key_unsound"
    assert docket.refused("office_vacated", OfficeVacated("mfa")) == "office_not_held"
    assert docket.refused("office_vacated", OfficeVacated(ROOT)) == "office_reserved"
    docket.say("office_filled", OfficeFilled("mfa", names, "First", NEW))
    docket.say("office_filled", OfficeFilled("mfa", names, "Second", LATER))
    assert [(office.name, office.holder) for office in docket.half.offices] == [(ROOT, ""), ("mfa", "Second")]
    assert (
        docket.refused("office_filled", OfficeFilled("x", names), by=NEW, office="mfa") == "signature_needed"
    )
    docket.say("office_vacated", OfficeVacated("mfa"))
    assert [office.name for office in docket.half.offices] == [ROOT]
    assert docket.refused("address_changed", AddressChanged("x"), office="mfa") == "office_not_held"


def test_powers_are_issued_by_the_root_or_ex_officio_and_revoked_by_their_reference() -> None:
    """A minister of foreign affairs issues full powers without the root key, and nothing else."""
    docket = Docket()
    issued = PowersIssued("envoy", LATER, "TUR/9")
    docket.say("office_filled", OfficeFilled("minister", {"en": "x"}, key=NEW, ex_officio="foreign_minister"))
    docket.say("office_filled", OfficeFilled("clerk", {"en": "x"}, key=key("JOR", "root").public))
    assert (
        docket.refused("powers_issued", issued, by=key("JOR", "root").public, office="clerk")
        == "root_signature_needed"
    )
    assert docket.refused("powers_issued", replace(issued, key="x")) == "key_unsound"
    first = docket.say("powers_issued", issued, by=NEW, office="minister")
    second = docket.say("powers_issued", issued)
    assert docket.refused("powers_revoked", PowersRevoked(), answers=(Ref("TUR", 0),)) == "powers_unknown"
    assert docket.refused("powers_revoked", PowersRevoked()) == "answers_count"
    docket.say("powers_revoked", PowersRevoked(), answers=(first,), by=NEW, office="minister")
    assert {powers.said: powers.revoked for powers in docket.half.powers} == {first: True, second: False}
    assert (
        docket.refused("key_added", KeyAdded(LATER, "node"), by=NEW, office="minister")
        == "root_signature_needed"
    )


def der(letter: bytes) -> str:
    """What has the outer form of a certificate."""
    return b64(b"0\x82\x01\x00" + letter * 256)


def test_a_certificate_is_named_for_an_office_and_ends_with_its_holder() -> None:
    """A later one replaces it; whoever fills the office anew names their own."""
    docket = Docket()
    assert docket.refused("certificate_named", CertificateNamed("mfa", der(b"a"))) == "office_not_held"
    assert docket.refused("certificate_named", CertificateNamed(ROOT, der(b"a"))) == "office_reserved"
    for office in ("mfa", "defence"):
        docket.say("office_filled", OfficeFilled(office, {"en": "x"}, key=NEW))
    first = docket.say("certificate_named", CertificateNamed("mfa", der(b"a")))
    assert [(c.office, c.der, c.said) for c in docket.half.certificates] == [("mfa", der(b"a"), first)]
    assert docket.refused("certificate_named", CertificateNamed("defence", der(b"a"))) == "certificate_known"
    docket.say("certificate_named", CertificateNamed("mfa", der(b"b")))
    docket.say("certificate_named", CertificateNamed("defence", der(b"a")))
    assert {c.office: c.der for c in docket.half.certificates} == {"mfa": der(b"b"), "defence": der(b"a")}
    docket.say("office_vacated", OfficeVacated("defence"))
    docket.say("office_filled", OfficeFilled("mfa", {"en": "x"}, "Another", LATER))
    assert docket.half.certificates == ()
    described = CHAPTER.describe(docket.fold.at(docket.numbers))
    assert described["certificates"] == []


@pytest.mark.parametrize("wrong", ["", "MA", "M+" + der(b"a")[2:], b64(b"0\x82\0\x90" + bytes(144)), b64(b"0\x81\x10" + bytes(16)), b64(b"0" * 300), der(b"a") + "AAAA"])  # fmt: skip
def test_what_cannot_be_a_certificate_is_refused(wrong: str) -> None:
    """By its outer form alone, which every node judges alike for ever."""
    docket = Docket()
    docket.say("office_filled", OfficeFilled("mfa", {"en": "x"}, key=NEW))
    assert docket.refused("certificate_named", CertificateNamed("mfa", wrong)) == "certificate_unsound"


def test_a_chapter_is_activated_once_by_each() -> None:
    """The founding ones are active from the start."""
    docket = Docket()
    assert docket.refused("chapter_activated", ChapterActivated("pact")) == "chapter_active"
    docket.say("chapter_activated", ChapterActivated("meetings"))
    assert docket.half.chapters == ("meetings", "pact")
    assert docket.refused("chapter_activated", ChapterActivated("meetings")) == "chapter_active"


def test_the_state_of_a_charter_can_be_described_at_any_time() -> None:
    """Also before it is accepted, where a node knows a party only by name."""
    empty = Fold(Ref("TUR", 0), CHAPTER, CHARTER.codes).at({})
    assert CHAPTER.describe(empty)["keys"] == []
    assert CHAPTER.milestones(empty) == []
    assert "en" in CHAPTER.title(empty)
    docket = Docket()
    docket.say("powers_issued", PowersIssued("envoy", LATER, "TUR/9"))
    view = docket.fold.at(docket.numbers)
    assert canonical.encode(dict(CHAPTER.describe(view)))
    assert [m.what for m in CHAPTER.milestones(view)] == ["charter_accepted"]
    assert isinstance(charters.CHAPTER.title(view)["en"], str)
    assert isinstance(TUR, Card)
