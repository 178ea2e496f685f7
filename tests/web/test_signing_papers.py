"""Papers signed in the pages: by whom, in what, once; as files that people hand on; and what is told beside which field.

Seen to fail: with the docket not looked at again before signing; with `once` left out; with the wrong passphrase told beside
the other key's field; with a file taken that is another paper's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import httpx
import pytest
from tests.accounts.house import PASSWORD
from tests.api.house import CODES, MANDATE
from tests.web.browser import Fresh, faults, fits, keep, signed_in
from tests.web.stage import Client
from tests.web.world import World, hidden, seen

from comity.accounts import MACHINE
from comity.chapters.meetings import acts as meeting
from comity.core.act import LANGUAGES, Ref
from comity.core.charter import ROOT, OfficeFilled
from comity.core.keys import ED25519
from comity.desk import signing
from comity.exchange.http.serving import serving
from comity.node.record import Draft
from comity.papers.assembling import certificate_for
from comity.papers.verifying import verify_paper
from comity.web import signing_papers

pytestmark = pytest.mark.usefixtures("cheap")
PAPER = Ref("TUR", 1)
TITLES = {"en": "Minister of Foreign Affairs", "tr": "Dışişleri Bakanı", "ar": "وزير الخارجية"}
OWN = "dağın ardında"


@pytest.fixture
def desk(tmp_path: Any) -> Iterator[World]:
    """Each side has a foreign minister with a certificate; Umay holds that office here, Ayla the root key and others."""
    world = World(tmp_path)
    built = world.built
    for code in CODES:
        record, keys = built.records[code], built.nodes[code].keys
        root = keys.signer(built.nodes[code].settings.root[0])
        filled = OfficeFilled("mfa", TITLES, "", keys.make(ED25519).public, "foreign_minister")
        record.say(Draft("charter.office_filled/1", filled, ROOT, docket=Ref(code, 0), signer=root))
        signing.certify(record, keys, "mfa", None, built.clock())
    built.meet()
    built.accounts.grant(MACHINE, "ayla", built.mechanism, ROOT)
    built.accounts.grant(MACHINE, "umay", built.mechanism, "mfa")
    yield world
    built.close()


def at(world: World, ref: Ref = PAPER) -> str:
    return f"{world.root}/documents/sign/{ref}"


def looked(world: World, client: Client, ref: Ref = PAPER, **typed: Any) -> httpx.Response:
    """The page that asks for the last word, or the form again."""
    page = client.get(at(world, ref))
    told = {"office": "mfa", "in": ["en"], "place": "Ankara", **typed}
    return client.post(at(world, ref), {**hidden(page), **told, "_do": "check"})


def pressed(
    world: World, client: Client, page: httpx.Response, ref: Ref = PAPER, **last: Any
) -> httpx.Response:
    files = last.pop("files", None)
    return client.post(at(world, ref), {**hidden(page), "_do": "say", **last}, files)


def beside(page: httpx.Response) -> dict[str, str]:
    """Field -> what is wrong with it."""
    return dict(re.findall(r'<p class="error" id="f-([^"]*)-error">(.*?)</p>', page.text))


def minutes(world: World) -> Ref:
    """A meeting whose minutes both approved."""
    built, how = world.built, {"office": "secretariat", "mandate": MANDATE}
    docket = world.convene(70)
    record, other = world.record, world.other
    put = meeting.MinutesProposed(({"en": "The Parties met.", "tr": "Taraflar toplandı."},))
    held = meeting.Held(date(2024, 9, 1))

    def both(kind: str, body: Any, answers: list[Ref]) -> None:
        built.meet()
        other.say(Draft(kind, body, docket=docket, answers=answers, **how))  # type: ignore[arg-type]
        built.meet()

    both("meeting.date_accepted/1", meeting.DateAccepted(), [docket])
    record.say(Draft("meeting.held/1", held, docket=docket, **how))  # type: ignore[arg-type]
    both("meeting.held/1", held, [])
    said = record.say(Draft("meeting.minutes_proposed/1", put, docket=docket, **how)).ref  # type: ignore[arg-type]
    both("meeting.minutes_approved/1", meeting.MinutesApproved(), [said])
    return docket


# ------------------------------------------------------------------------------------- in the record


def test_an_instrument_is_signed_in_the_record_and_its_file_is_offered(desk: World) -> None:
    client = desk.client("en", "umay")
    assert at(desk) in client.get(f"{desk.root}/documents").text
    assert at(desk) in client.get(f"{desk.root}/instruments/{PAPER}/state").text
    page = looked(desk, client)
    assert page.status_code == 200, seen(page)
    for told in ("Minister of Foreign Affairs", "Ankara", "cannot be unsaid", "With this you sign in person"):
        assert told in seen(page)
    done = pressed(desk, client, page)
    assert done.status_code == 303, seen(done)
    page = client.get(done.headers["location"])
    assert "The paper is signed." in seen(page)
    href = re.search(r'href="([^"]*/documents/paper/[^"]*)"', page.text)
    assert href is not None
    raw = client.get(href[1]).content
    signed = verify_paper(raw).signatures
    assert [(one.party, one.office, one.place) for one in signed] == [("TUR", "mfa", "Ankara")]
    again = pressed(desk, client, looked(desk, client))
    assert again.status_code == 409
    assert "You have signed this paper" in seen(again)


def test_a_double_click_signs_once(desk: World) -> None:
    client = desk.client("en", "umay")
    sent = {**hidden(looked(desk, client)), "_do": "say", "_csrf": client.token}
    size = desk.record.store.size("TUR")

    def press(_: int) -> tuple[int, str]:
        done = Client(desk.app, dict(client.cookies)).post(at(desk), sent)
        return done.status_code, done.headers.get("location", "")

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(press, range(4)))
    assert answers == {(303, f"{at(desk)}?said=TUR/{size}")}
    assert desk.record.store.size("TUR") == size + 2, "the signature and what it appended"
    other = Client(desk.app, dict(client.cookies)).post(at(desk), {**sent, "place": "Izmir"})
    assert other.status_code == 422, seen(other)


def test_the_other_side_s_signature_is_gone_on_from_in_its_languages(desk: World) -> None:
    """And where it came while the form was open, that is shown first."""
    client = desk.client("en", "umay")
    page, size = looked(desk, client), desk.record.store.size("TUR")
    keys = desk.built.nodes["IRQ"].keys
    signing.sign(desk.other, keys, PAPER, ("en",), "mfa", "Baghdad", now=desk.built.clock())
    desk.built.meet()
    stale = pressed(desk, client, page)
    assert stale.status_code == 409
    assert "has moved on since you opened this form" in seen(stale)
    assert desk.record.store.size("TUR") == size
    fresh = client.get(at(desk))
    assert re.findall(r'name="in" value="(..)" checked', fresh.text) == ["en"]
    assert "Signed so far by: IRQ" in seen(fresh)
    assert pressed(desk, client, stale).status_code == 303
    raw = client.get(f"{desk.root}/documents/paper/{PAPER}?in=en").content
    assert verify_paper(raw).missing == ()


def test_columns_stand_in_the_order_in_which_others_signed() -> None:
    """In another order it would be another paper."""
    assert signing_papers._ordered(["en", "ar"], ("ar", "en")) == ("ar", "en")
    assert signing_papers._ordered(["tr", "en"], ("ar", "en")) == ("en", "tr")
    assert signing_papers._ordered([], ("ar", "en")) == ()


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(desk: World) -> None:
    client, size = desk.client("en", "umay"), desk.record.store.size("TUR")
    nobody = looked(desk, client, office="")
    assert (nobody.status_code, set(beside(nobody))) == (422, {"office"})
    assert 'value="Ankara"' in nobody.text
    assert looked(desk, client, office="secretariat").status_code == 422, "an office that she does not hold"
    both = desk.client("en", "ayla")
    lacking = looked(desk, both, office="secretariat")
    assert (lacking.status_code, set(beside(lacking))) == (409, {"office"})
    assert looked(desk, client, **{"in": ["tr"]}).status_code == 422, "a language that the text has not"
    many = looked(desk, client)
    assert many.status_code == 200
    assert desk.record.store.size("TUR") == size
    assert client.post(at(desk), {**hidden(many), "_do": ["say", "edit"]}).status_code == 200


@pytest.mark.parametrize("ref", ["TUR/9999", "SYR/1", "TUR/0"])
def test_what_is_no_paper_is_refused_in_words(desk: World, ref: str) -> None:
    for language in LANGUAGES:
        page = desk.client(language, "umay").get(f"{desk.root}/documents/sign/{ref}")
        assert page.status_code in (404, 409)
        assert f'<html lang="{language}"' in page.text


def test_who_holds_no_office_signs_nothing(desk: World) -> None:
    desk.built.accounts.add(MACHINE, "okan", "Okan Ay", "en", PASSWORD)
    desk.built.accounts.grant(MACHINE, "okan", desk.built.mechanism, "auditor")
    client = desk.client("en", "okan")
    assert client.get(at(desk)).status_code == 403
    assert client.post(at(desk), {"office": "mfa", "_do": "say"}).status_code == 403
    for place in ("documents", f"instruments/{PAPER}/state"):
        assert "/documents/sign/" not in client.get(f"{desk.root}/{place}").text


def test_a_form_from_elsewhere_or_after_the_session_signs_nothing(desk: World) -> None:
    client, size = desk.client("en", "umay"), desk.record.store.size("TUR")
    page = looked(desk, client)
    assert (
        client.post(at(desk), {**hidden(page), "_do": "say"}, origin="https://elsewhere.example").status_code
        == 403
    )
    nobody = Client(desk.app, {})
    door = nobody.post(at(desk), {**hidden(page), "_do": "say", "_passphrase": OWN})
    assert door.status_code == 401
    assert OWN not in door.text
    signed = nobody.post("/sign-in", {**hidden(door), "name": "umay", "password": PASSWORD})
    assert 'value="Ankara"' in nobody.get(signed.headers["location"]).text
    assert desk.record.store.size("TUR") == size


# --------------------------------------------------------------------------------- files handed on


def test_minutes_are_signed_on_the_file_as_it_was_handed_on(desk: World) -> None:
    ref, client = minutes(desk), desk.client("en", "umay")
    size = desk.record.store.size("TUR")
    page = looked(desk, client, ref, **{"in": []})
    assert "hand the signed file on" in seen(page)
    assert "not consent" not in seen(page)
    first = pressed(desk, client, page, ref)
    assert first.headers["content-type"] == "application/pdf", seen(first)
    assert first.headers["content-disposition"].startswith("attachment")
    theirs = signing.sign(
        desk.other, desk.built.nodes["IRQ"].keys, ref, (), "mfa", "Baghdad", now=desk.built.clock()
    ).raw
    both = pressed(desk, client, page, ref, files=[("_over", ("minutes.pdf", theirs, "application/pdf"))])
    assert [one.party for one in verify_paper(both.content).signatures] == ["IRQ", "TUR"]
    assert desk.record.store.size("TUR") == size, "the record knows nothing of it"
    other = signing.sign(
        desk.other, desk.built.nodes["IRQ"].keys, PAPER, (), "mfa", "Baghdad", now=desk.built.clock()
    ).raw
    for language in LANGUAGES:
        reader, told = desk.client(language, "umay"), set()
        shown = looked(desk, reader, ref, **{"in": []})
        for wrong in (b"a letter", b"%PDF-1.7\n%%EOF\n", theirs[:-300], other):
            files = [("_over", ("minutes.pdf", wrong, "application/pdf"))]
            back = pressed(desk, reader, shown, ref, files=files)
            assert back.status_code in (409, 422)
            assert set(beside(back)) == {"_over"}
            told.add(beside(back)["_over"])
        assert len(told) == 4, "each says why"


# ------------------------------------------------------------------------------------ in a browser


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("tr", 1280)])
def test_every_page_on_the_way_fits_and_can_be_read_by_everybody(
    desk: World, fresh: Fresh, language: str, width: int
) -> None:
    """From the list of papers to a signed one that is fetched; axe finds nothing serious."""
    umay = desk.built.accounts.sign_in("umay", PASSWORD, "127.0.0.1").session
    assert umay is not None
    point = certificate_for(desk.record, "mfa").point
    desk.built.nodes["TUR"].keys.reseal(signing.document_key(point), "", OWN)
    looks: dict[str, list[str]] = {}
    with serving(desk.app) as address:
        page = signed_in(fresh, address, umay.token, language, width)

        def look(name: str, button: str) -> None:
            page.locator(button).first.wait_for()
            looks[name] = [*fits(page), *faults(page)]
            keep(page, f"page-{name}-{language}-{width}")

        page.goto(f"{address}{desk.root}/documents")
        look("documents", f'main a[href$="/documents/sign/{PAPER}"]')
        page.locator(f'main a[href$="/documents/sign/{PAPER}"]').click()
        look("sign", 'select[name="office"]')
        page.fill('[name="place"]', "Ankara")
        page.locator("main form button.button-main").click()
        look("sign-confirm", "button.button-final")
        page.fill('[name="_document_passphrase"]', "not that one")
        page.locator("main form button.button-final").click()
        look("sign-wrong", ".errors")
        page.fill('[name="_document_passphrase"]', OWN)
        page.locator("main form button.button-final").click()
        look("sign-done", ".notice-good")
        with page.expect_download() as waiting:
            page.locator('main a.button-main[href*="/documents/paper/"]').click()
        assert waiting.value.path().read_bytes().startswith(b"%PDF-")
    assert {name: found for name, found in looks.items() if found} == {}
    assert len(looks) == 5


# ----------------------------------------------------------------------------- an officer's own keys


def test_each_key_asks_for_its_own_passphrase_and_none_is_shown_again(desk: World) -> None:
    record, keys = desk.record, desk.built.nodes["TUR"].keys
    with record.reading():
        office = record.folds.offices("TUR", record.ready)["mfa"]
    keys.reseal(office.key, "", "another one of hers")
    umay = desk.built.accounts.person("umay")
    signing.certify(
        record, signing.Held(desk.built.accounts, umay, keys, "", OWN), "mfa", None, desk.built.clock()
    )
    client = desk.client("en", "umay")
    page, size = looked(desk, client), record.store.size("TUR")
    assert page.text.count('type="password"') == 2
    for document, own, field in (
        ("", "", "_document_passphrase"),
        ("not that one", "another one of hers", "_document_passphrase"),
        (OWN, "not that one", "_passphrase"),
    ):
        back = pressed(desk, client, page, _document_passphrase=document, _passphrase=own)
        assert back.status_code == 403
        assert set(beside(back)) == {field}
        for typed in filter(None, (document, own)):
            assert typed not in back.text
    assert record.store.size("TUR") == size
    done = pressed(desk, client, page, _document_passphrase=OWN, _passphrase="another one of hers")
    assert done.status_code == 303
