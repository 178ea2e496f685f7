import io

import msgspec
import pytest
from tests.exchange.http.raw import cut_line
from tests.exchange.parties import BOTH, Parties, sealing
from tests.exchange.pouch.bags import opened, packed, plains_of, put_together, sealed_anew, taken_apart
from tests.worlds.faulty import copy_of
from tests.worlds.world import key

from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.core.log import encode_page, parse_page
from comity.exchange.pouch.opening import open_pouch
from comity.exchange.sealing import SealingKey


def founded(*codes, acts=3, **how):
    parties = Parties(*codes, **how).found()
    for _ in range(acts):
        parties.world.put("TUR")
    return parties


def test_two_nodes_whose_networks_never_touch_come_to_the_same():
    """Pouch there, pouch back: both hold everything, and know that the other does."""
    parties = founded(kinds=BOTH)
    parties.world.put("IRQ")
    report = opened(parties, "IRQ", packed(parties, "TUR", "IRQ")).report
    assert (report.peer, report.received, report.faults) == ("TUR", {"IRQ": 0, "TUR": 3}, {})
    assert report.said == {"IRQ": 2, "TUR": 4}
    assert report.held_by_them == {"IRQ": 1, "TUR": 4}
    assert opened(parties, "TUR", packed(parties, "IRQ", "TUR")).report.received["IRQ"] == 1
    opened(parties, "IRQ", packed(parties, "TUR", "IRQ"))
    assert parties.sizes("IRQ") == parties.sizes("TUR") == {"IRQ": 2, "TUR": 4}
    assert parties.world.nodes["IRQ"].heads()["TUR"].checkpoint.receipts == {"IRQ": 2}


def test_opening_it_again_brings_nothing_and_harms_nothing():
    parties = founded()
    raw = packed(parties, "TUR", "IRQ")
    first = opened(parties, "IRQ", raw)
    before = parties.world.state()
    again = opened(parties, "IRQ", raw)
    assert again.id == first.id
    assert (again.report.received, again.report.faults) == ({"IRQ": 0, "TUR": 0}, {})
    assert parties.world.state() == before


def test_pouches_may_overlap_and_come_in_any_order():
    """The sender has no receipt yet, so each pouch begins where the first did; the newest may come first."""
    parties = founded()
    raws = [packed(parties, "TUR", "IRQ")]
    for _ in range(4):
        parties.world.put("TUR")
        raws.append(packed(parties, "TUR", "IRQ", limit=700))
    for at in (1, 0, 3, 1, 4, 2, 4):
        assert opened(parties, "IRQ", raws[at]).report.faults == {}, at
    assert parties.sizes("IRQ")["TUR"] == 8


@pytest.mark.parametrize("between", range(1, 12))
def test_a_pouch_fits_whatever_its_reader_has_heard_since_the_last_receipt(between):
    """The reader's newest head may be of any size between the receipt and the pouch's own head."""
    parties = founded(acts=0)
    for _ in range(between):
        parties.world.put("TUR")
    early = packed(parties, "TUR", "IRQ")
    for _ in range(12 - between):
        parties.world.put("TUR")
    late = packed(parties, "TUR", "IRQ", limit=700)
    opened(parties, "IRQ", early)
    report = opened(parties, "IRQ", late).report
    assert (report.received["TUR"], report.faults) == (12 - between, {})


@pytest.mark.parametrize("after", [1500, 3000, 5000])
def test_a_pouch_goes_on_where_a_broken_line_stopped(after):
    """Half a log came over the link, under a head that the pouch's packer never got a receipt for."""
    parties = founded(acts=10, page=600)
    before = parties.sizes("IRQ")["TUR"]
    with parties.listening("TUR") as place, cut_line(place, after) as broken, pytest.raises(Unavailable):
        parties.talk("IRQ", "TUR", broken, timeout=5)
    part = parties.sizes("IRQ")["TUR"]
    assert before <= part < 11
    for _ in range(3):
        parties.world.put("TUR")
    report = opened(parties, "IRQ", packed(parties, "TUR", "IRQ", limit=600)).report
    assert (report.received["TUR"], report.faults) == (14 - part, {})


def test_a_third_partys_head_that_the_packer_never_saw_does_not_stand_in_the_way():
    parties = founded("IRQ", "SYR", "TUR", acts=0)
    for _ in range(3):
        parties.world.put("SYR")
    parties.world.sync("IRQ", "SYR")
    for _ in range(4):
        parties.world.put("SYR")
    parties.world.sync("TUR", "SYR")
    report = opened(parties, "IRQ", packed(parties, "TUR", "IRQ")).report
    assert (report.received["SYR"], report.faults) == (4, {})


def test_a_key_that_was_rotated_meanwhile_is_learned_from_the_pouch():
    """The head before the revocation comes first, under the old key; then the one under the new key."""
    parties = founded()
    parties.rotate("TUR")
    parties.world.put("TUR")
    raw = packed(parties, "TUR", "IRQ")
    assert opened(parties, "IRQ", raw).report.faults == {}
    assert parties.sizes("IRQ")["TUR"] == parties.sizes("TUR")["TUR"]
    with pytest.raises(Broken, match="not a node key of TUR"):
        opened(parties, "IRQ", raw)  # its signer is revoked by now; all that it brought is here


def test_a_pouch_cut_off_at_any_byte_stores_nothing():
    parties = founded()
    raw = packed(parties, "TUR", "IRQ")
    before = parties.world.state()
    for cut in range(0, len(raw), 3):
        with pytest.raises(Malformed):
            opened(parties, "IRQ", raw[:cut])
    assert parties.world.state() == before


def test_a_pouch_with_any_byte_changed_stores_nothing():
    parties = founded()
    raw = packed(parties, "TUR", "IRQ")
    before = parties.world.state()
    for at in range(0, len(raw), 5):
        with pytest.raises((Malformed, Broken, Refused)):
            opened(parties, "IRQ", raw[:at] + bytes([raw[at] ^ 0x10]) + raw[at + 1 :])
    assert parties.world.state() == before


def changed_frames(parties):
    """The same pouch with its frames in another order, fewer, or those of another; damaged in the making, not on the way."""
    for _ in range(6):
        parties.world.put("TUR", "text" * 30)
    head, frames = taken_apart(packed(parties, "TUR", "IRQ", limit=600))
    _, others = taken_apart(packed(parties, "TUR", "IRQ", limit=600))
    assert len(frames) > 3
    return head, {
        "swapped": [frames[0], frames[2], frames[1], *frames[3:]],
        "first two swapped": [frames[1], frames[0], *frames[2:]],
        "last one gone": frames[:-1],
        "one left out": [frames[0], *frames[2:]],
        "one doubled": [*frames[:2], *frames[1:]],
        "one of another pouch": [frames[0], others[1], *frames[2:]],
        "all of another pouch": others,
    }


@pytest.mark.parametrize(
    "how",
    [
        "swapped",
        "first two swapped",
        "last one gone",
        "one left out",
        "one doubled",
        "one of another pouch",
        "all of another pouch",
    ],
)
def test_frames_open_only_in_their_own_place(how):
    """Even under the sender's own signature; and a stranger cannot sign such a pouch at all."""
    parties = founded()
    head, wrong = changed_frames(parties)
    before = parties.sizes("IRQ")["TUR"]
    with pytest.raises(Broken):
        opened(parties, "IRQ", put_together(head, wrong[how], key("IRQ", "node")))
    assert parties.sizes("IRQ")["TUR"] == before
    with pytest.raises(Malformed, match="does not open with this key"):
        opened(parties, "IRQ", put_together(head, wrong[how]))


def test_a_pouch_for_another_recipient_or_another_key_is_refused():
    parties = founded("IRQ", "SYR", "TUR")
    raw = packed(parties, "TUR", "SYR")
    with pytest.raises(Refused) as refused:
        opened(parties, "IRQ", raw)
    assert refused.value.code == "pouch_for_another"
    with pytest.raises(Refused) as refused:
        open_pouch(io.BytesIO(raw), parties.stations["SYR"], SealingKey.generate())
    assert refused.value.code == "pouch_sealed_to_another"


def test_a_pouch_of_another_mechanism_is_refused_and_named_by_nothing():
    """The same parties with the same keys in a second mechanism: the name inside tells, and only to the recipient."""
    three, two = founded("IRQ", "SYR", "TUR"), founded()
    before = two.world.state()
    with pytest.raises(Refused) as refused:
        opened(two, "IRQ", packed(three, "TUR", "IRQ"))
    assert refused.value.code == "pouch_of_another_mechanism"
    assert two.world.state() == before


def test_a_pouch_from_no_party_or_signed_by_a_revoked_key_is_refused():
    parties = founded()
    head, frames = taken_apart(packed(parties, "TUR", "IRQ"))
    for sender in ("NLD", "IRQ"):
        with pytest.raises(Refused, match="not_a_party"):
            opened(parties, "IRQ", put_together(head._replace(sender=sender), frames, key("NLD", "node")))
    with pytest.raises(Broken):
        opened(parties, "IRQ", put_together(head, frames, key("TUR", "node2")))


def remade(parties, change):
    """A pouch whose sender's program is wrong: the plain frames are changed, then sealed and signed properly."""
    raw = packed(parties, "TUR", "IRQ", limit=500)
    head, _ = taken_apart(raw)
    plains = change(plains_of(raw))
    return put_together(head, sealed_anew(head, plains))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda p: [*p[:2], p[3], p[2], *p[4:]], "other acts than its outside says"),
        (lambda p: [b"\xc1", *p[1:]], "its first frame"),
        (lambda p: [p[1], *p[1:]], "its first frame"),
        (lambda p: [p[0], b"\xc1"], "frame 1"),
        (lambda p: [p[0].replace(b"\xa3TUR", b"\xa3SYR", 1), *p[1:]], "another sender or recipient inside"),
    ],
)
def test_a_pouch_that_was_made_wrong_is_malformed_and_says_where(change, match):
    parties = founded(acts=6)
    with pytest.raises(Malformed, match=match):
        opened(parties, "IRQ", remade(parties, change))


def test_a_fault_in_one_log_ends_that_log_and_no_other():
    """A page with a changed act is not stored; what follows of other logs is."""
    parties = founded("IRQ", "SYR", "TUR")
    parties.world.put("SYR")
    parties.world.sync("TUR", "SYR")

    def spoil(plains):
        pages = [parse_page(plain) for plain in plains[1:]]
        spoiled = [
            msgspec.structs.replace(p, entries=[(p.entries[0][0] + b" ", None)])
            if p.log == "SYR" and p.entries
            else p
            for p in pages
        ]
        return [plains[0], *map(encode_page, spoiled)]

    report = opened(parties, "IRQ", remade(parties, spoil)).report
    assert set(report.faults) == {"SYR"}
    assert report.received["TUR"] == 3
    assert parties.sizes("IRQ")["SYR"] == 1


def test_a_page_of_no_party_is_a_fault():
    parties = founded()

    def foreign(plains):
        page = next(p for p in map(parse_page, plains[1:]) if not p.entries)
        return [*plains, encode_page(msgspec.structs.replace(page, log="NLD"))]

    assert set(opened(parties, "IRQ", remade(parties, foreign)).report.faults) == {"NLD"}


def test_a_pouch_with_a_gap_before_it_is_a_fault_that_says_so():
    parties = founded(acts=6)
    raw = packed(parties, "TUR", "IRQ", start={"TUR": 4, "IRQ": 1})
    report = opened(parties, "IRQ", raw).report
    assert "page_gap" in report.faults["TUR"]
    assert parties.sizes("IRQ")["TUR"] == 1


# ------------------------------------------------------------------------- law 10: after a restore


def restored_iraq():
    """Iraq said two acts that only Türkiye still holds; its node was restored from before them."""
    parties = founded(acts=0)
    old, backup = packed(parties, "TUR", "IRQ"), copy_of(parties.world.stores["IRQ"].inner)
    parties.world.put("IRQ")
    parties.world.put("IRQ")
    parties.world.meet()
    parties.world.restore("IRQ", backup)
    return parties, old


def test_an_old_pouch_does_not_make_a_restored_node_speak():
    """It was packed before the restore, so it says nothing about what its sender holds now."""
    parties, old = restored_iraq()
    assert opened(parties, "IRQ", old).report.faults == {}
    assert parties.world.nodes["IRQ"].silent == ["TUR"]


def test_a_restored_node_fetches_its_own_log_back_and_speaks_when_its_question_is_answered():
    parties, _ = restored_iraq()
    node = parties.world.nodes["IRQ"]
    asked = packed(parties, "IRQ", "TUR")
    question = opened(parties, "TUR", asked).id
    everything = {"IRQ": 0, "TUR": 0}
    unasked = packed(parties, "TUR", "IRQ", start=everything)
    opened(parties, "IRQ", unasked, asked=[question])
    assert parties.sizes("IRQ")["IRQ"] == 3
    assert node.silent == ["TUR"]
    answer = packed(parties, "TUR", "IRQ", start=everything, answers=question)
    opened(parties, "IRQ", answer, asked=[question])
    assert node.silent == []
    parties.world.put("IRQ")


def test_a_restored_node_learns_that_nobody_held_anything_of_it():
    parties = Parties()
    parties.world.accept("TUR")
    parties.world.nodes["IRQ"].restored()
    opened(parties, "IRQ", packed(parties, "TUR", "IRQ", start={}, answers="q"), asked=["q"])
    assert parties.world.nodes["IRQ"].silent == []
    parties.world.accept("IRQ")


def test_a_file_that_cannot_be_read_half_way_is_unavailable():
    parties = founded()
    raw = packed(parties, "TUR", "IRQ")

    class Bad(io.BytesIO):
        seeks = 0

        def seek(self, *where):
            Bad.seeks += 1
            if Bad.seeks > 2:
                raise OSError(5, "Input/output error")
            return super().seek(*where)

    with pytest.raises(Unavailable, match="Input/output error"):
        open_pouch(Bad(raw), parties.stations["IRQ"], sealing("IRQ"))
