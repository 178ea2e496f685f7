import io

import pytest
from tests.exchange.parties import Parties, sealing
from tests.exchange.pouch.bags import opened, packed, plains_of
from tests.worlds.world import key

from comity.core.errors import Malformed, Refused, Unavailable
from comity.exchange.pouch.outside import inspect
from comity.exchange.pouch.packing import covered, pack


def carries(raw: bytes) -> dict[str, tuple[int, int]]:
    return dict(inspect(io.BytesIO(raw)).head.carries)


def test_what_the_recipients_receipt_covers_stays_at_home():
    parties = Parties().found()
    parties.world.put("TUR")
    assert covered(parties.stations["TUR"].journal, "IRQ") == {"IRQ": 1, "TUR": 1}
    assert carries(packed(parties, "TUR", "IRQ")) == {"TUR": (1, 1)}
    parties.world.meet()
    assert carries(packed(parties, "TUR", "IRQ")) == {}


def test_a_pouch_without_new_acts_carries_receipts():
    """Türkiye learns by it that Iraq holds its act, though Iraq has said nothing."""
    parties = Parties().found()
    parties.world.put("TUR")
    opened(parties, "IRQ", packed(parties, "TUR", "IRQ"))
    back = packed(parties, "IRQ", "TUR")
    assert carries(back) == {}
    opened(parties, "TUR", back)
    assert parties.world.nodes["TUR"].heads()["IRQ"].checkpoint.receipts == {"TUR": 2}


def test_a_third_partys_acts_travel_too():
    parties = Parties("IRQ", "SYR", "TUR").found()
    parties.world.put("SYR")
    parties.world.sync("TUR", "SYR")
    assert carries(packed(parties, "TUR", "IRQ")) == {"SYR": (1, 1)}


def test_a_long_log_travels_in_pages_of_bounded_size():
    parties = Parties().found()
    for _ in range(20):
        parties.world.put("TUR", "text" * 30)
    raw = packed(parties, "TUR", "IRQ", limit=1500)
    assert carries(raw) == {"TUR": (1, 20)}
    assert len(plains_of(raw)) > 5
    assert max(map(len, plains_of(raw))) < 4000
    assert opened(parties, "IRQ", raw).report.received["TUR"] == 20


def test_where_the_recipient_holds_more_than_we_do_nothing_of_that_log_travels():
    parties = Parties("IRQ", "SYR", "TUR").found()
    parties.world.put("SYR")
    parties.world.sync("IRQ", "SYR")
    parties.world.sync("TUR", "IRQ")
    parties.world.sync("TUR", "IRQ")
    raw = packed(parties, "TUR", "IRQ", start={"IRQ": 1, "SYR": 3, "TUR": 0})
    assert set(carries(raw)) == {"TUR"}
    assert opened(parties, "IRQ", raw).report.faults == {}


def test_a_frozen_log_is_not_packed_over():
    """A refusal of the record's other than `nothing newer` is not taken for the end of a log."""
    parties = Parties().found()

    def page(*_):
        raise Refused("log_frozen")

    parties.world.nodes["TUR"].page = page
    with pytest.raises(Refused, match="log_frozen"):
        packed(parties, "TUR", "IRQ")


def test_acts_said_while_it_is_packed_wait_for_the_next_one():
    """The outside names the numbers that it turned out to carry, whatever happens meanwhile."""
    parties = Parties().found()
    for _ in range(6):
        parties.world.put("TUR", "text" * 30)
    node = parties.world.nodes["TUR"]
    real, count = node.page, []

    def page(*args):
        made = real(*args)
        if args[0] == "TUR" and len(count) < 3:
            count.append(parties.world.put("TUR"))
            node.head()
        return made

    node.page = page
    raw = packed(parties, "TUR", "IRQ", limit=600)
    first, last = carries(raw)["TUR"]
    assert opened(parties, "IRQ", raw).report.received["TUR"] == last - first + 1
    assert parties.sizes("IRQ")["TUR"] == last + 1


def test_nothing_is_packed_for_a_stranger_or_to_an_unsound_key():
    parties = Parties().found()
    with pytest.raises(Refused, match="not_a_party"):
        packed(parties, "TUR", "TUR")
    with pytest.raises(Malformed):
        pack(io.BytesIO(), parties.stations["TUR"], "IRQ", key("IRQ", "node").public)


def test_a_full_disk_is_unavailable_and_names_the_pouch():
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    with pytest.raises(Unavailable, match="pouch for IRQ: cannot be written: No space left"):
        pack(Full(), Parties().found().stations["TUR"], "IRQ", sealing("IRQ").public)
