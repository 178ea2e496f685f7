"""Sign-in by a directory: whom an administrator bound, once it is proved, and nobody else."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey
from tests.accounts.house import enrolled, refused, whats
from tests.accounts.town import Town

from comity.accounts import Accounts
from comity.core.errors import Unavailable


def test_whom_the_directory_names_signs_in_as_whom_an_administrator_bound(town: Town) -> None:
    step = town.sign_in()
    assert step.session is not None
    assert (step.person.name, step.session.strong) == ("deniz", False)
    assert town.accounts.audit(0, 100)[-1].facts == {"way": "oidc:ministry"}
    town.sign_in()
    assert town.directory.asked == ["/.well-known/openid-configuration", "/keys", "/token", "/token"]


def test_our_second_step_is_asked_for_unless_the_directory_has_its_own(town: Town, tmp_path: Path) -> None:
    enrolled(town.accounts, town.clock, "deniz")
    step = town.sign_in()
    assert (step.needs, step.session) == ("totp", None)
    (tmp_path / "other").mkdir()
    strong = Town(tmp_path / "other", town.directory, town.clock, strong=True)
    enrolled(strong.accounts, strong.clock, "deniz")
    session = strong.sign_in().session
    assert session is not None
    assert session.strong
    strong.accounts.close()


def test_somebody_of_the_directory_who_is_bound_to_nobody_stays_outside(town: Town) -> None:
    """The trail says who it was, so that an administrator can bind them; an e-mail address says nothing."""
    town.directory.lie = {"email": "deniz@ministry.example", "email_verified": True}
    with refused("sign_in_failed"):
        town.sign_in("78")
    assert town.accounts.audit(0, 100)[-1].facts == {"provider": "ministry", "subject": "78"}
    town.accounts.disable("ayla", "deniz")
    with refused("sign_in_failed"):
        town.sign_in()


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another", "third"]},
        {"aud": ["comity", "another"]},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 99999999999},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 77},
        {"sub": ["77"]},
        {"at_hash": "AAAA"},
    ],
    ids=str,
)
def test_claims_that_are_not_for_this_sign_in_open_nothing(town: Town, lie: dict[str, Any]) -> None:
    town.directory.lie = lie
    with refused("oidc_failed"):
        town.sign_in()
    assert whats(town.accounts)[-1] == "audit.oidc_failed"


def test_a_token_that_its_key_did_not_sign_opens_nothing(town: Town) -> None:
    town.directory.signing_key = ECKey.generate_key("P-256")
    with refused("oidc_failed"):
        town.sign_in()
    town.directory.header = {"kid": "unknown"}
    with refused("oidc_failed"):
        town.sign_in()


def _none(claims: dict[str, Any], alg: str) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": alg, "kid": "one"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])


@pytest.mark.parametrize("alg", ["none", "HS256", "", "RS256"])
def test_a_token_under_no_algorithm_of_ours_opens_nothing(town: Town, alg: str) -> None:
    errand = town.errand()
    now = int(town.clock.now.timestamp())
    nonce = errand.url.split("nonce=")[1].split("&")[0]
    claims = {
        "iss": town.directory.issuer,
        "aud": "comity",
        "sub": "77",
        "iat": now,
        "exp": now + 9,
        "nonce": nonce,
    }
    answer = town.directory.visit(errand.url, "77")
    town.directory.raw = json.dumps({"id_token": _none(claims, alg)}).encode()
    with refused("oidc_failed"):
        town.accounts.finish_oidc(errand.state, answer, "a")


def test_an_errand_is_run_once_in_time_and_by_the_browser_that_was_sent(town: Town) -> None:
    first, second = town.errand(), town.errand()
    answer = town.directory.visit(first.url, "77")
    for state, given in (
        (second.state, answer),  # another browser's answer, slipped to this one
        ("", answer | {"state": ""}),
        ("x", answer | {"state": "x"}),
        ("\ud800", answer),
    ):
        with refused("oidc_failed"):
            town.accounts.finish_oidc(state, given, "a")
    town.accounts.finish_oidc(first.state, answer, "a")
    with refused("oidc_failed"):
        town.accounts.finish_oidc(first.state, answer, "a")
    late = town.errand()
    answer = town.directory.visit(late.url, "77")
    town.clock.passes(minutes=5)
    with refused("oidc_failed"):
        town.accounts.finish_oidc(late.state, answer, "a")


@pytest.mark.parametrize(
    "change", [{"code": "another"}, {"code": ""}, {"iss": "https://other.example"}, {"error": "x"}]
)
def test_an_answer_that_is_not_the_directory_s_opens_nothing(town: Town, change: dict[str, str]) -> None:
    errand = town.errand()
    answer = town.directory.visit(errand.url, "77") | change
    if "error" in change:
        del answer["code"]
    with refused("oidc_failed"):
        town.accounts.finish_oidc(errand.state, answer, "a")


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"id_token":1}', b'{"id_token":"a.b.c"}']
)
def test_whatever_the_token_endpoint_sends_is_refused(town: Town, raw: bytes) -> None:
    errand = town.errand()
    answer = town.directory.visit(errand.url, "77")
    town.directory.raw = raw or b" "
    with refused("oidc_failed"):
        town.accounts.finish_oidc(errand.state, answer, "a")


def test_one_of_the_directory_is_bound_to_one_person(town: Town) -> None:
    accounts: Accounts = town.accounts
    with refused("oidc_bound"):
        accounts.bind("ayla", "murat", "ministry", "77")
    with refused("not_admin"):
        accounts.bind("deniz", "deniz", "ministry", "78")
    for subject in ("", "x" * 256, "a\nb"):
        with refused("oidc_unbound"):
            accounts.bind("ayla", "murat", "ministry", subject)
    with refused("provider_unknown"):
        accounts.bind("ayla", "murat", "nowhere", "78")
    session = town.sign_in().session
    assert session is not None
    assert accounts.bound("deniz") == [("ministry", "77")]
    accounts.unbind("ayla", "deniz", "ministry", "77")
    assert accounts.session(session.token) is None
    with refused("oidc_unbound"):
        accounts.unbind("ayla", "deniz", "ministry", "77")
    with refused("sign_in_failed"):
        town.sign_in()


def test_a_directory_that_cannot_be_asked_is_a_sign_in_that_failed(town: Town) -> None:
    """It is in the trail, and is no refusal: whoever comes back later may well get in."""
    errand = town.errand()
    answer = town.directory.visit(errand.url, "77")
    town.directory.status, town.directory.raw = 503, b"x"
    with pytest.raises(Unavailable, match="503"):
        town.accounts.finish_oidc(errand.state, answer, "10.0.0.7")
    row = town.accounts.audit(0, 100)[-1]
    assert (row.what, row.address, row.facts) == ("audit.oidc_failed", "10.0.0.7", {"provider": "ministry"})


def test_who_begins_errands_without_end_fills_no_disk(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody need have an account to begin one. The newest stay; those that go first would have ended first."""
    from comity.accounts import oidc

    monkeypatch.setattr(oidc, "_MOST", 3)
    first = town.errand()
    answer = town.directory.visit(first.url, "77")
    for _ in range(5):
        town.clock.passes(seconds=1)
        last = town.errand()
    with town.accounts._read() as read:
        assert read.row("SELECT count(*) FROM errand") == (3,)
    with refused("oidc_failed"):
        town.accounts.finish_oidc(first.state, answer, "a")
    assert town.accounts.finish_oidc(last.state, town.directory.visit(last.url, "77"), "a").session
