"""Certificates named in the pages: by the root key's holder alone, once, made here or brought, perhaps under a passphrase.

Seen to fail: with the offices shown to everybody; with a key brought that is another certificate's; with `once` left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from tests.accounts.house import PASSWORD
from tests.web.browser import Fresh, faults, fits, keep, signed_in
from tests.web.stage import Client
from tests.web.world import World, hidden, seen

from comity.accounts import MACHINE
from comity.core.act import LANGUAGES
from comity.core.charter import ROOT
from comity.core.errors import Malformed
from comity.desk import reasons
from comity.exchange.http.serving import serving
from comity.papers import certificates
from comity.papers.assembling import certificate_for
from comity.web import certifying
from comity.words import Words

pytestmark = pytest.mark.usefixtures("cheap")

OWN = "dağın ardında"


@pytest.fixture
def desk(tmp_path: Any) -> Iterator[World]:
    """Ayla holds the root key."""
    world = World(tmp_path)
    world.built.accounts.grant(MACHINE, "ayla", world.built.mechanism, ROOT)
    yield world
    world.built.close()


def at(world: World) -> str:
    return f"{world.root}/people/certify"


def looked(world: World, client: Client, how: str = "made", office: str = "secretariat") -> httpx.Response:
    """The page that asks for the last word, or the form again."""
    page = client.get(f"{at(world)}?office=secretariat")
    return client.post(at(world), {**hidden(page), "office": office, "how": how, "_do": "check"})


def pressed(world: World, client: Client, page: httpx.Response, **last: Any) -> httpx.Response:
    files = last.pop("files", None)
    return client.post(at(world), {**hidden(page), "_do": "say", **last}, files)


def beside(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<p class="error" id="f-([^"]*)-error">(.*?)</p>', page.text))


def file(name: str, raw: bytes) -> tuple[str, tuple[str, bytes, str]]:
    return name, (f"{name}.pem", raw, "application/x-pem-file")


def pem(private: Any, passphrase: bytes = b"open sesame") -> bytes:
    found: bytes = private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)
    )
    return found


def test_a_certificate_is_made_and_its_fingerprint_shown(desk: World) -> None:
    client = desk.client()
    assert f"{at(desk)}?office=secretariat" in client.get(f"{desk.root}/people").text
    page = looked(desk, client)
    assert page.status_code == 200, seen(page)
    for told in ("Secretariat", "CN=Secretariat, O=TUR", "cannot be unsaid"):
        assert told in seen(page)
    done = pressed(desk, client, page)
    assert done.status_code == 303, seen(done)
    named = certificate_for(desk.record, "secretariat")
    assert certificates.fingerprint(named.der) in client.get(done.headers["location"]).text
    assert desk.built.nodes["TUR"].keys.document(named.point)
    assert "CN=" not in client.get(f"{at(desk)}?said=IRQ/1").text, (
        "an act of another kind, or of another party"
    )


def test_a_double_click_names_one(desk: World) -> None:
    client = desk.client()
    sent = {**hidden(looked(desk, client)), "_do": "say", "_csrf": client.token}
    size = desk.record.store.size("TUR")

    def press(_: int) -> tuple[int, str]:
        done = Client(desk.app, dict(client.cookies)).post(at(desk), sent)
        return done.status_code, done.headers.get("location", "")

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(press, range(6)))
    assert answers == {(303, f"{at(desk)}?said=TUR/{size}")}
    assert desk.record.store.size("TUR") == size + 1


def test_who_does_not_hold_the_root_key_names_none(desk: World) -> None:
    built = desk.built
    built.accounts.add(MACHINE, "selin", "Selin Ak", "en", PASSWORD)
    built.accounts.grant(MACHINE, "selin", built.mechanism, "secretariat")
    for language in LANGUAGES:
        client = desk.client(language, "selin")
        assert client.get(at(desk)).status_code == 403
        assert (
            client.post(at(desk), {"office": "secretariat", "how": "made", "_do": "say"}).status_code == 403
        )
        assert "/people/certify" not in client.get(f"{desk.root}/people").text


def brought() -> tuple[bytes, list[tuple[list[Any], str, str]], list[Any]]:
    """A certificate; what may be sent with it that is wrong (files, passphrase, field); and what is right."""
    private, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    der = certificates.make(private, "State", "Minister", datetime(2024, 8, 1, tzinfo=UTC))
    right, key = file("_certificate", der), file("_private_key", pem(private))
    wrong: list[tuple[list[Any], str, str]] = [
        ([], "", "_certificate"),
        ([right], "", "_private_key"),
        ([file("_certificate", b"a letter"), key], "open sesame", "_certificate"),
        ([file("_certificate", b"-----BEGIN a letter"), key], "open sesame", "_certificate"),
        ([file("_certificate", b"x" * 9000), key], "open sesame", "_certificate"),
        ([right, file("_private_key", b"a letter")], "", "_private_key"),
        (
            [right, file("_private_key", pem(rsa.generate_private_key(65537, 2048)))],
            "open sesame",
            "_private_key",
        ),
        ([right, file("_private_key", pem(other))], "open sesame", "_private_key"),
        ([right, key], "", "_private_key"),
        ([right, key], "open barley", "_private_key"),
    ]
    return der, wrong, [right, key]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_that_is_brought_is_held_against_its_key(desk: World, language: str) -> None:
    """Why a file is not taken is said beside it, in the reader's language."""
    client, size = desk.client(language), desk.record.store.size("TUR")
    der, wrong, right = brought()
    page = looked(desk, client, "brought")
    assert page.text.count('type="file"') == 2
    told = set()
    for files, passphrase, field in wrong:
        back = pressed(desk, client, page, files=files, _key_passphrase=passphrase)
        assert (back.status_code, set(beside(back))) == (422, {field})
        assert "barley" not in back.text
        assert "sesame" not in back.text
        told.add(beside(back)[field])
    assert len(told) == len(wrong) - 2, "two are missing, one cannot be read for either of two reasons"
    assert Words(language).say("fault.file_other", "web") not in told
    assert desk.record.store.size("TUR") == size
    done = pressed(desk, client, page, files=right, _key_passphrase="open sesame")
    assert done.status_code == 303, seen(done)
    assert certificate_for(desk.record, "secretariat").der == der


def test_a_clock_that_went_back_is_looked_at_by_a_person(desk: World) -> None:
    client, clock = desk.client(), desk.built.clock
    page, now = looked(desk, client), clock.now
    clock.now -= timedelta(days=1)
    back = pressed(desk, client, page)
    assert (back.status_code, set(beside(back))) == (409, {"_clock_checked"})
    assert pressed(desk, client, page, _clock_checked="yes").status_code == 303
    clock.now = now


def test_the_key_may_lie_under_its_officer_s_own_passphrase(desk: World) -> None:
    client, keys = desk.client(), desk.built.nodes["TUR"].keys
    page, size = looked(desk, client), desk.record.store.size("TUR")
    for own, again in ((OWN, "another one"), (OWN, ""), ("short", "short")):
        back = pressed(desk, client, page, _own=own, _own_again=again)
        assert set(beside(back)) == {"_own"}
        assert own not in back.text
    assert desk.record.store.size("TUR") == size
    assert pressed(desk, client, page, _own=OWN, _own_again=OWN).status_code == 303
    point = certificate_for(desk.record, "secretariat").point
    assert keys.document(point, OWN)
    assert keys.asks(keys.document(point, OWN).public) == "passphrase"


def test_a_root_key_under_its_own_passphrase_asks_for_it(desk: World) -> None:
    node, client = desk.built.nodes["TUR"], desk.client()
    node.keys.reseal(node.settings.root[0], "", OWN)
    page = looked(desk, client)
    for wrong in ("", "not that one"):
        back = pressed(desk, client, page, _passphrase=wrong)
        assert (back.status_code, set(beside(back))) == (403, {"_passphrase"})
        assert not wrong or wrong not in back.text
    assert pressed(desk, client, page, _passphrase=OWN).status_code == 303


def test_what_is_not_chosen_is_asked_for_and_the_form_can_be_come_back_to(desk: World) -> None:
    client = desk.client()
    assert set(beside(looked(desk, client, office="nobody"))) == {"office"}
    assert set(beside(looked(desk, client, office=ROOT))) == {"office"}
    assert set(beside(looked(desk, client, how="stolen"))) == {"how"}
    page = looked(desk, client, "brought")
    back = client.post(at(desk), {**hidden(page), "_do": ["say", "edit"]})
    assert '<option value="brought" selected>' in back.text


def test_a_form_from_elsewhere_or_after_the_session_names_nothing(desk: World) -> None:
    client, size = desk.client(), desk.record.store.size("TUR")
    page = looked(desk, client, "brought")
    sent = {**hidden(page), "_do": "say", "_own": OWN, "_own_again": OWN}
    assert client.post(at(desk), sent, origin="https://elsewhere.example").status_code == 403
    nobody = Client(desk.app, {})
    door = nobody.post(at(desk), sent)
    assert door.status_code == 401
    assert OWN not in door.text
    signed = nobody.post("/sign-in", {**hidden(door), "name": "ayla", "password": PASSWORD})
    assert '<option value="brought" selected>' in nobody.get(signed.headers["location"]).text
    assert desk.record.store.size("TUR") == size


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("tr", 1280)])
def test_every_page_on_the_way_fits_and_can_be_read_by_everybody(
    desk: World, fresh: Fresh, language: str, width: int
) -> None:
    """From the list of people to a certificate that is named; axe finds nothing serious."""
    ayla = desk.built.accounts.sign_in("ayla", PASSWORD, "127.0.0.1").session
    assert ayla is not None
    desk.built.nodes["TUR"].keys.reseal(desk.built.nodes["TUR"].settings.root[0], "", OWN)
    looks: dict[str, list[str]] = {}
    with serving(desk.app) as address:
        page = signed_in(fresh, address, ayla.token, language, width)

        def look(name: str, there: str) -> None:
            page.locator(there).first.wait_for()
            looks[name] = [*fits(page), *faults(page)]
            keep(page, f"page-{name}-{language}-{width}")

        page.goto(f"{address}{desk.root}/people")
        page.locator('main a[href$="/people/certify?office=secretariat"]').click()
        look("certify", 'select[name="how"]')
        page.select_option('select[name="how"]', "brought")
        page.locator("main form button.button-main").click()
        look("certify-brought", '[name="_certificate"]')
        page.locator('button[value="edit"]').click()
        page.select_option('select[name="how"]', "made")
        page.locator("main form button.button-main").click()
        page.fill('[name="_passphrase"]', "not that one")
        page.locator("main form button.button-final").click()
        look("certify-wrong", ".errors")
        for name in ("_own", "_own_again", "_passphrase"):
            page.fill(f'[name="{name}"]', OWN)
        page.locator("main form button.button-final").click()
        look("certify-done", ".notice-good")
    assert {name: found for name, found in looks.items() if found} == {}
    assert len(looks) == 4


@pytest.mark.parametrize(
    "error",
    [
        Malformed("paper", "a dictionary does not end where it should"),
        Malformed("paper", "not canonical JSON (RFC 8785)"),
        Malformed("paper: proof", "its edge does not fit its size"),
        Malformed("paper", "the moon is full"),
    ],
    ids=str,
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_deep_inside_a_file_is_not_told_to_who_chose_it(
    error: Malformed, language: str
) -> None:
    words = Words(language)
    visit: Any = SimpleNamespace(words=words, say=lambda key, **facts: words.say(key, "web", **facts))
    told = certifying.beside(visit, error, (), {"paper": "_over"})
    assert told == ("_over", words.say("fault.file_other", "web"))
    of_it = certifying.beside(visit, Malformed("paper", "is not a PDF"), (), {"paper": "_over"})
    assert of_it == ("_over", words.say("fault.file_why", "web", why=reasons.said(words, "is not a PDF")))
