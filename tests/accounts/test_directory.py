"""A directory as it is reached: believed as far as it describes itself, and asked no more often than it must be."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import ECKey
from tests.accounts.house import refused
from tests.accounts.town import Town

from comity.core.errors import Unavailable


def test_keys_that_the_directory_changed_are_fetched_again(town: Town) -> None:
    """At most once a minute, so that nobody can make us ask without end."""
    town.sign_in()
    key = ECKey.generate_key("P-256", {"kid": "two", "use": "sig", "alg": "ES256"})
    town.directory.key = town.directory.signing_key = key
    town.directory.header = {"kid": "two"}
    with refused("oidc_failed"):
        town.sign_in()
    town.clock.passes(minutes=1)
    assert town.sign_in().session is not None
    assert town.directory.asked.count("/keys") == 2


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": 1},
        {"jwks_uri": "http://keys.example/"},
        {"jwks_uri": "nonsense:"},
        {"jwks_uri": None},
        {"authorization_endpoint": "http://id.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://["},
    ],
    ids=str,
)
def test_a_directory_that_describes_itself_wrongly_is_unavailable(
    town: Town, description: dict[str, Any]
) -> None:
    """Another issuer, an address without TLS: nobody is sent there."""
    town.directory.description = description
    with pytest.raises(Unavailable):
        town.errand()


def test_a_directory_that_is_ill_is_unavailable(town: Town) -> None:
    town.directory.status, town.directory.raw = 503, b"x"
    with pytest.raises(Unavailable, match="503"):
        town.errand()
    town.directory.status, town.directory.raw = 200, b"x" * ((1 << 20) + 1)
    with pytest.raises(Unavailable):
        town.errand()
    town.directory.raw = b'{"keys":[]}'
    with pytest.raises(Unavailable):
        town.errand()


def test_our_secret_goes_where_the_directory_takes_it(town: Town) -> None:
    """In a header, as every directory can; in the form, where it says that it takes it only there."""
    town.directory.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert town.sign_in().session is not None


def test_a_directory_that_is_ill_is_not_asked_by_everybody_who_waits(town: Town) -> None:
    """Each would wait ten seconds for it, and the few threads that answer everybody else would wait with them."""
    town.directory.status, town.directory.raw = 503, b"x"
    for _ in range(5):
        with pytest.raises(Unavailable, match="503"):
            town.errand()
    assert len(town.directory.asked) == 1
    town.directory.status, town.directory.raw = 200, b""
    town.clock.passes(seconds=9)
    with pytest.raises(Unavailable, match="503"):
        town.errand()
    town.clock.passes(seconds=1)
    assert town.sign_in().session is not None
