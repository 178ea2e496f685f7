import pytest
from tests.exchange.parties import Parties
from tests.worlds.world import key

from comity.core.errors import Refused, Unavailable
from comity.core.keys import key_id
from comity.exchange.station import newest, signer_known_as


def test_only_another_party_to_the_mechanism_can_be_meant():
    station = Parties().stations["TUR"]
    assert station.other("IRQ") == "IRQ"
    for stranger in ("TUR", "NLD", ""):
        with pytest.raises(Refused) as refused:
            station.other(stranger)
        assert refused.value.code == "not_a_party"


def test_a_party_is_addressed_by_its_newest_ed25519_key():
    first, second, lattice = key("TUR", "node"), key("TUR", "node2"), key("TUR", "node", "ml-dsa-44")
    assert newest([first.public, second.public, lattice.public]) == second.public
    with pytest.raises(Unavailable):
        newest([lattice.public])


def test_we_sign_with_the_key_by_which_we_are_known_else_with_the_best():
    first, second = key("TUR", "node"), key("TUR", "node2")
    assert signer_known_as([first, second], key_id(second.public)) is second
    assert signer_known_as([first, second], "unknown") is first
    with pytest.raises(Unavailable):
        signer_known_as([], "unknown")
