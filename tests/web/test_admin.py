"""The accounts of a node: only administrators see them, and none of them gives themselves anything to say."""

from __future__ import annotations

import re
import sqlite3

import pyotp
import pytest
from tests.web.stage import PASSWORD, Client, Stage

from comity.accounts import MACHINE, Accounts
from comity.core.act import LANGUAGES

PATHS = ("/admin", "/admin/add", "/admin/people/ayla", "/admin/trail")


@pytest.fixture
def deniz(stage: Stage) -> Client:
    """An administrator, who holds no office."""
    client = stage.client("TUR", "deniz", "en")
    client.get("/admin")
    return client


@pytest.fixture
def accounts(stage: Stage) -> Accounts:
    return stage.house("TUR").accounts


def new(accounts: Accounts, name: str) -> str:
    """A person of the test's own."""
    accounts.add(MACHINE, name, "Yeni Kişi", "tr", PASSWORD)
    return name


@pytest.mark.parametrize("path", PATHS)
def test_whoever_is_no_administrator_is_refused(stage: Stage, path: str) -> None:
    client = stage.client("TUR", "ayla", "en")
    page = client.get(path)
    assert page.status_code == 403
    assert "Only an administrator" in page.text
    client.get("/account")
    for verb in ("grant", "admin", "password", "nothing"):
        assert client.post(f"/admin/people/ayla/{verb}", {"office": "x:y"}).status_code == 403
    assert client.post("/admin/add", {"name": "evil", "display": "E", "language": "en"}).status_code == 403
    accounts = stage.house("TUR").accounts
    assert not accounts.person("ayla").admin
    last = accounts.audit(accounts.newest_audit()[0] - 1)[0]
    assert (last.person, last.what, last.facts) == ("ayla", "audit.refused", {"code": "not_an_administrator"})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_an_administrator_sees_every_page_in_their_language(stage: Stage, path: str, language: str) -> None:
    page = stage.client("TUR", "deniz", language).get(path)
    assert page.status_code == 200
    assert not re.search(r">(admin|account|audit|sign_in|web)\.[a-z_.]+<", page.text)


def test_it_is_said_plainly_what_an_administrator_cannot_do(deniz: Client) -> None:
    assert "cannot grant themselves one" in deniz.get("/admin").text
    assert "You cannot grant yourself an office" in deniz.get("/admin/people/deniz").text


def test_an_administrator_grants_themselves_no_office(
    stage: Stage, deniz: Client, accounts: Accounts
) -> None:
    office = f"{stage.house('TUR').mechanisms()[0].mechanism}:mfa"
    page = deniz.post("/admin/people/deniz/grant", {"office": office})
    assert page.status_code == 409
    assert "Nobody gives themselves an office" in page.text
    assert accounts.person("deniz").held == frozenset()


def test_an_office_is_granted_by_its_title_and_taken_again(
    stage: Stage, deniz: Client, accounts: Accounts
) -> None:
    mechanism = stage.house("TUR").mechanisms()[0].mechanism
    name = new(accounts, "officer")
    page = deniz.get(f"/admin/people/{name}")
    assert f'value="{mechanism}:mfa"' in page.text
    answer = deniz.post(f"/admin/people/{name}/grant", {"office": f"{mechanism}:mfa"})
    assert answer.headers["location"] == f"/admin/people/{name}?told=grant"
    assert accounts.person(name).offices(mechanism) == {"mfa"}
    for bad in ("x", f"{mechanism}:nobody", f"{'0' * 64}:mfa", ""):
        assert deniz.post(f"/admin/people/{name}/grant", {"office": bad}).status_code == 409
    answer = deniz.post(f"/admin/people/{name}/revoke", {"office": f"{mechanism}:mfa"})
    assert answer.status_code == 303
    assert accounts.person(name).held == frozenset()


def test_whoever_only_reads_is_granted_an_office_that_the_charter_has_not_filled(
    stage: Stage, deniz: Client, accounts: Accounts
) -> None:
    mechanism = stage.house("TUR").mechanisms()[0].mechanism
    name = new(accounts, "reader")
    assert "reads everything and says nothing" in deniz.get(f"/admin/people/{name}").text
    answer = deniz.post(f"/admin/people/{name}/grant", {"office": f"{mechanism}:auditor"})
    assert answer.headers["location"] == f"/admin/people/{name}?told=grant"
    page = deniz.get(f"/admin/people/{name}")
    assert page.text.count(f'value="{mechanism}:auditor"') == 1
    assert stage.client("TUR", name).get(stage.root("TUR")).status_code == 200


def test_an_account_is_added_and_what_is_wrong_stands_beside_its_field(
    deniz: Client, accounts: Accounts
) -> None:
    send = {"name": "gül", "display": "Gül Ak", "language": "tr", "password": "kısa"}
    page = deniz.post("/admin/add", send)
    assert page.status_code == 409
    assert 'value="Gül Ak"' in page.text
    assert "kısa" not in page.text
    page = deniz.post("/admin/add", {**send, "password": PASSWORD})
    assert 'id="f-name-error"' in page.text
    answer = deniz.post("/admin/add", {**send, "name": "gul", "password": PASSWORD})
    assert answer.headers["location"] == "/admin/people/gul?told=added"
    assert not accounts.person("gul").admin
    page = deniz.post("/admin/add", {**send, "name": "gul", "password": PASSWORD})
    assert 'id="f-name-error"' in page.text
    page = deniz.post("/admin/add", {**send, "name": "hostile", "display": "<i>\u202e", "password": PASSWORD})
    text = deniz.get("/admin").text + deniz.get("/admin/people/hostile").text
    assert "<i>" not in text
    assert "\u202e" not in text


def test_an_account_is_disabled_enabled_unlocked_and_renamed(
    stage: Stage, deniz: Client, accounts: Accounts
) -> None:
    name = new(accounts, "someone")
    token = stage.cookie("TUR", name)
    assert deniz.post(f"/admin/people/{name}/disable").status_code == 303
    assert accounts.session(token) is None
    assert accounts.person(name).disabled
    assert deniz.post(f"/admin/people/{name}/enable").status_code == 303
    client = stage.client("TUR")
    for _ in range(accounts.settings.lock_after):
        client.post("/sign-in", {"name": name, "password": "x"})
    assert accounts.person(name).locked
    assert "locked" in deniz.get("/admin").text
    assert deniz.post(f"/admin/people/{name}/unlock").status_code == 303
    assert not accounts.person(name).locked
    assert deniz.post(f"/admin/people/{name}/rename", {"display": "Ad", "language": "ar"}).status_code == 303
    assert deniz.post(f"/admin/people/{name}/rename", {"display": "", "language": "ar"}).status_code == 409
    assert accounts.person(name).display == "Ad"


def test_a_second_step_is_reset_and_a_password_set(stage: Stage, deniz: Client, accounts: Accounts) -> None:
    name = new(accounts, "forgetful")
    accounts.confirm_totp(name, pyotp.TOTP(accounts.begin_totp(name).secret).at(stage.house("TUR").clock()))
    assert deniz.post(f"/admin/people/{name}/reset").status_code == 303
    assert not accounts.person(name).totp
    assert deniz.post(f"/admin/people/{name}/password", {"password": "short"}).status_code == 409
    assert (
        deniz.post(f"/admin/people/{name}/password", {"password": "yedi kelime ve bir kalem"}).status_code
        == 303
    )
    assert accounts.sign_in(name, "yedi kelime ve bir kalem", "a").session is not None
    assert deniz.post(f"/admin/people/{name}/end").status_code == 303
    assert accounts.sessions(name) == []


def test_an_administrator_s_own_password_is_not_set_without_the_old_one(
    deniz: Client, accounts: Accounts
) -> None:
    assert (
        deniz.post("/admin/people/deniz/password", {"password": "yedi kelime ve bir kalem"}).status_code
        == 409
    )
    assert accounts.sign_in("deniz", PASSWORD, "a").session is not None


def test_the_last_administrator_stays(deniz: Client, accounts: Accounts) -> None:
    others = [one for one in accounts.people() if one.admin and one.name != "deniz"]
    for other in others:
        accounts.set_admin(MACHINE, other, admin=False)
    for verb in ("no_admin", "disable"):
        page = deniz.post(f"/admin/people/deniz/{verb}")
        assert page.status_code == 409
        assert "last administrator" in page.text
    for other in others:
        accounts.set_admin(MACHINE, other)
    name = new(accounts, "second")
    assert deniz.post(f"/admin/people/{name}/admin").status_code == 303
    assert accounts.person(name).admin
    assert accounts.person(name).held == frozenset()
    assert deniz.post(f"/admin/people/{name}/no_admin").status_code == 303
    assert not accounts.person(name).admin


@pytest.mark.parametrize("path", ["/admin/people/nobody", "/admin/people/%3Cb%3E"])
def test_whom_nobody_knows_is_not_found(deniz: Client, path: str) -> None:
    assert deniz.get(path).status_code == 404


def test_what_cannot_be_done_is_not_found(deniz: Client) -> None:
    page = deniz.post("/admin/people/ayla/%3Cscript%3E")
    assert page.status_code == 404
    assert "<script>" not in page.text


def test_the_trail_is_read_page_by_page_newest_first(deniz: Client, accounts: Accounts) -> None:
    for number in range(120):
        accounts.note("audit.sign_in_failed", "", f"10.0.0.{number % 250}")
    newest = accounts.newest_audit()[0]
    page = deniz.get("/admin/trail")
    seen: list[int] = []
    path = "/admin/trail"
    while path and len(seen) < 1000:
        page = deniz.get(path)
        seen += [int(one) for one in re.findall(r'class="number"><div>(\d+)</div>', page.text)]
        found = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = found[1] if found else ""
    assert seen == list(range(newest, 0, -1))
    for odd in ("0", "1", "-5", "x", "9" * 30, "²"):
        assert deniz.get(f"/admin/trail?before={odd}").status_code == 200


def test_what_stands_in_the_trail_is_shown_inert(deniz: Client, accounts: Accounts) -> None:
    accounts.note("audit.oidc_nobody", "", "<b>", provider="ministry", subject="<script>\u202e")
    page = deniz.get("/admin/trail")
    assert "<script>\u202e" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "\u202e" not in page.text


def test_a_row_that_was_changed_is_found_when_the_trail_is_checked(
    stage: Stage, deniz: Client, accounts: Accounts
) -> None:
    assert "Every row is as it was written" in deniz.get("/admin/trail?check=1").text
    with sqlite3.connect(stage.house("TUR").node.folder / "accounts.db") as file:
        (before,) = file.execute("SELECT person FROM trail WHERE number=2").fetchone()
        file.execute("DROP TRIGGER trail_stays")
        file.execute("UPDATE trail SET person='mallory' WHERE number=2")
        file.commit()
        page = deniz.get("/admin/trail?check=1")
        file.execute("UPDATE trail SET person=? WHERE number=2", (before,))
        file.execute(
            "CREATE TRIGGER trail_stays BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        )
    file.close()
    assert "Row 2 is not as it was written" in page.text
    assert accounts.verify_audit() is None
