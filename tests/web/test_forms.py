"""The form of every act: filled in, judged, confirmed, said once; and what bad input gets."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.accounts.house import PASSWORD
from tests.api.house import MANDATE
from tests.web.stage import Client
from tests.web.world import MEETING, PAYLOAD, VERBS, World, act_of, errors, hidden, seen

from comity.accounts import MACHINE
from comity.chapters.meetings.acts import DateAccepted
from comity.core.act import LANGUAGES
from comity.node.record import Draft


@pytest.fixture(autouse=True)
def _root(world: World) -> None:
    """The person may speak for the charter as well."""
    world.built.accounts.grant(MACHINE, "ayla", world.built.mechanism, "root")


# ------------------------------------------------------------------------------------ every form


def test_an_act_is_filled_in_confirmed_and_said(world: World) -> None:
    before = world.record.store.size("TUR")
    client = world.client()
    page = world.confirmed(client, "meetings/convene", {**MEETING, "round": "31"})
    told = seen(page)
    assert "This will be said for TUR and cannot be unsaid." in told
    assert "15 October 2024, 10:00 (UTC+03:00)" in told
    assert "Baghdad" in told
    assert world.record.store.size("TUR") == before, "nothing is said before the last button"
    done = client.post(f"{world.root}/say/meetings/convene", {**hidden(page), "_do": "say"})
    ref = act_of(done)
    assert world.record.store.size("TUR") == before + 1
    docket = client.get(done.headers["location"].partition("#")[0])
    assert docket.status_code == 200
    assert f"Said, and on disk: {ref}" in seen(docket)
    assert "Joint Committee" in seen(docket), "the names of the body are those of its mandate"


def test_another_language_keeps_what_was_typed_and_says_nothing(world: World) -> None:
    """On the form as on the last page, whose own last field asks to say it."""
    client, path = world.client(), f"{world.root}/say/meetings/convene"
    page = client.get(path)
    assert 'form="act" formaction="?lang=tr"' in page.text
    back = client.post(f"{path}?lang=tr", {**hidden(page), "round": "77", "_do": "check", "_again": "yes"})
    assert back.status_code == 200
    assert '<html lang="tr"' in back.text
    assert 'value="77"' in back.text
    last = world.confirmed(client, "meetings/convene", {**MEETING, "round": "77"})
    size = world.record.store.size("TUR")
    again = client.post(f"{path}?lang=ar", {**hidden(last), "_again": "yes", "_do": "say"})
    assert again.status_code == 200
    assert '<html lang="ar"' in again.text
    assert hidden(again)["round"] == ["77"]
    assert world.record.store.size("TUR") == size, "nothing was said"


def test_a_thing_is_added_to_a_list_and_taken_away_without_a_script(world: World) -> None:
    client, path = world.client(), f"{world.root}/say/meetings/propose-minutes/{world.convene(32)}"
    page = client.post(path, {**hidden(client.get(path)), "_add": "decisions"})
    assert 'name="decisions.0.item"' in page.text
    typed = {"decisions.0.id": "D1", "decisions.0.text.en": "One"}
    page = client.post(path, {**hidden(page), **typed, "_add": "decisions"})
    assert 'name="decisions.1.item"' in page.text
    page = client.post(path, {**hidden(page), **typed, "decisions.1.id": "D2", "_remove": "decisions.0"})
    assert 'value="D1"' not in page.text
    assert 'value="D2"' in page.text


def test_a_text_is_read_from_files_and_shown_before_it_is_said(world: World) -> None:
    client = world.client()
    files = [
        ("_files", ("statement.en.md", b"# Joint statement\n\nThey met.\n\nThey parted.\n", "text/plain")),
        ("_files", ("statement.tr.md", "# Bildiri\n\nGörüştüler.\n\nAyrıldılar.\n".encode(), "text/plain")),
    ]
    page = world.confirmed(client, "statements/propose", {"sort": "communique"}, files)
    assert page.status_code == 200, seen(page)
    assert "They parted." in seen(page)
    assert "Ayrıldılar." in seen(page)
    assert act_of(client.post(f"{world.root}/say/statements/propose", {**hidden(page), "_do": "say"}))


# --------------------------------------------------------------------------------- once, and not stale


def test_a_double_click_says_one_act(world: World) -> None:
    client = world.client()
    path = f"{world.root}/say/meetings/convene"
    page = world.confirmed(client, "meetings/convene", {**MEETING, "round": "41"})
    before = world.record.store.size("TUR")
    sent = {**hidden(page), "_do": "say", "_csrf": client.token}

    def press(_: int) -> tuple[int, str]:
        done = Client(world.app, dict(client.cookies)).post(path, sent)
        return done.status_code, done.headers.get("location", "")

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(press, range(16)))
    assert world.record.store.size("TUR") == before + 1
    assert {status for status, _ in answers} == {303}
    assert len(answers) == 1, "every press leads to the one act"


def test_a_key_of_a_form_is_not_taken_for_something_else(world: World) -> None:
    client = world.client()
    path = f"{world.root}/say/meetings/convene"
    page = world.confirmed(client, "meetings/convene", {**MEETING, "round": "42"})
    act_of(client.post(path, {**hidden(page), "_do": "say"}))
    other = client.post(path, {**hidden(page), "_do": "say", "round": "43"})
    assert other.status_code == 409
    assert 'value="43"' in other.text


def test_a_stale_page_shows_what_changed_and_asks_again(world: World) -> None:
    ref = world.convene(44)
    client = world.client()
    path = f"{world.root}/say/meetings/propose-date/{ref}"
    page = world.confirmed(client, f"meetings/propose-date/{ref}", {"starts": "2024-11-20T10:00"})
    world.built.meet()
    accepted = Draft("meeting.date_accepted/1", DateAccepted(), "secretariat", ref, [ref], MANDATE)
    theirs = world.other.say(accepted).ref
    world.built.meet()
    size = world.record.store.size("TUR")
    again = client.post(path, {**hidden(page), "_do": "say"})
    assert again.status_code == 409
    assert "has moved on since you opened this form" in seen(again)
    assert f'id="IRQ-{theirs.number}"' in again.text
    assert "20 November 2024" in seen(again), "what was to be said still stands there"
    assert world.record.store.size("TUR") == size, "nothing was said"
    assert act_of(client.post(path, {**hidden(again), "_do": "say"})).number == size


# --------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_stand_beside_their_fields_with_what_was_typed(world: World, language: str) -> None:
    wrong = {
        **MEETING, "round": "four", "starts": "soon", "format": "by_post", "place.en": "Bağdat & <b>", "body": "b" * 101,
    }  # fmt: skip
    page = world.confirmed(world.client(language), "meetings/convene", wrong)
    assert page.status_code == 422
    found = errors(page)
    assert {"round", "starts", "format", "body"} <= set(found)
    assert "place" not in found
    assert 'value="four"' in page.text
    assert 'value="Bağdat &amp; &lt;b&gt;"' in page.text
    if language == "ar":
        told = re.sub(r"four|soon|by_post|2025-03-31T10:00", "", " ".join(found.values()))
        assert not re.search(r"[A-Za-z]{3,}", told)
    assert 'class="errors"' in page.text
    assert 'href="#f-round"' in page.text


def test_what_is_needed_and_lacks_is_told_all_at_once(world: World) -> None:
    page = world.confirmed(world.client(), "meetings/convene", {})
    assert page.status_code == 422
    assert {"body", "round", "starts", "_mandate"} <= set(errors(page))


def test_a_paste_of_20_mb_is_told_beside_its_field_and_cut(world: World) -> None:
    page = world.confirmed(world.client(), "meetings/convene", {**MEETING, "body": "x" * 20_000_000})
    assert page.status_code == 422
    assert "20,000,000" in errors(page)["body"]
    assert len(page.content) < 100_000
    page = world.confirmed(
        world.client(), f"meetings/propose-minutes/{world.convene(51)}", {"paragraphs.0.tr": "ş" * 3_000_000}
    )
    assert page.status_code == 422
    assert "3,000,000" in errors(page)["paragraphs.0.tr"]
    assert page.text.count("ş") < 21_000
    assert (
        world.client().post(f"{world.root}/say/meetings/convene", {"body": "x" * (33 << 20)}).status_code
        == 413
    )


def test_markup_and_direction_controls_are_inert_in_every_text(world: World) -> None:
    client = world.client()
    for chapter, verb in VERBS:
        path = f"{world.root}/say/{chapter}/{verb}"
        page = client.get(path)
        names = re.findall(r'<(?:input|textarea)[^>]* name="([^"_][^"]*)"', page.text)
        back = client.post(path, {**hidden(page), **dict.fromkeys(names, PAYLOAD), "_do": "check"})
        assert back.status_code in (200, 409, 422), (chapter, verb)
        assert "<script>alert" not in back.text
        assert "<img src=x" not in back.text
        outside = re.sub(r'(?s)<textarea.*?</textarea>|value="[^"]*"', "", back.text)
        assert "\u202e" not in outside, (chapter, verb)


@pytest.mark.parametrize(
    "place",
    [
        "meetings/nothing", "nowhere/convene", "charter/accept", "meetings/propose-date?docket=TUR/99999",
        "meetings/propose-date?docket=IRQ/0", "meetings/propose-date?docket=x", "meetings/propose-date/TUR/1",
        "meetings/propose-date/XXX/1", "meetings/accept-date?answers=TUR/99999", "meetings/propose-date/TUR/-1",
    ],
)  # fmt: skip
def test_what_is_not_here_is_404(world: World, place: str) -> None:
    client = world.client()
    assert client.get(f"{world.root}/say/{place}").status_code == 404
    assert client.post(f"{world.root}/say/{place}", {"_do": "say"}).status_code == 404


def test_another_mechanism_is_404_and_no_office_403(world: World) -> None:
    assert world.client().get("/m/000000000000/say/meetings/convene").status_code == 404
    stranger = world.client(name="deniz")
    assert stranger.get(f"{world.root}/say/meetings/convene").status_code == 404
    client = world.client()
    page = client.get(f"{world.root}/say/meetings/convene")
    other = client.post(f"{world.root}/say/meetings/convene", {**hidden(page), **MEETING, "_office": "mfa"})
    assert other.status_code == 403
    assert client.get(f"{world.root}/say/meetings/convene").status_code == 200


def test_what_the_rules_refuse_comes_back_with_the_rule(world: World) -> None:
    ref = world.convene(53)
    page = world.confirmed(world.client(), f"meetings/hold/{ref}", {"on": "2031-01-01"})
    assert page.status_code == 409
    assert 'value="2031-01-01"' in page.text
    assert 'role="alert"' in page.text


def test_a_node_that_may_not_speak_says_why_and_keeps_what_was_typed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.record, "silent", ["IRQ"])
    page = world.confirmed(world.client(), "meetings/convene", {**MEETING, "round": "54"})
    assert page.status_code == 409
    assert 'value="54"' in page.text
    assert "IRQ" in seen(page)


# -------------------------------------------------------------------------------------------- drafts


def test_a_draft_is_kept_for_its_form_until_it_is_said(world: World) -> None:
    ref, client = world.convene(61), world.client()
    path = f"{world.root}/say/meetings/propose-item/{ref}"
    page = client.get(path)
    kept = client.post(path, {**hidden(page), "title.en": "Rivers", "_do": "keep"})
    assert "Kept as a draft" in seen(kept)
    page = client.get(path)
    assert 'value="Rivers"' in page.text
    assert "This is your draft" in seen(page)
    other = client.get(f"{world.root}/say/meetings/propose-item/{world.convene(62)}")
    assert "Rivers" not in other.text, "a draft belongs to its docket"
    last = client.post(path, {**hidden(page), "title.en": "Rivers", "_do": "check"})
    act_of(client.post(path, {**hidden(last), "_do": "say"}))
    assert 'value="Rivers"' not in client.get(path).text
    client.post(path, {**hidden(page), "title.en": "Lakes", "_do": "keep"})
    assert client.post(path, {**hidden(page), "_do": "drop"}).status_code == 303
    assert 'value="Lakes"' not in client.get(path).text


def test_a_draft_keeps_the_mandate_and_how_a_day_is_counted(world: World) -> None:
    client, path = world.client(), f"{world.root}/say/commitments/propose"
    typed = {"_mandate": MANDATE, "_days": "20", "_closed.IRQ": "2024-09-03", "_do": "keep"}
    client.post(path, {**hidden(client.get(path)), **typed})
    page = client.get(path)
    assert "This is your draft" in seen(page)
    assert f'<option value="{MANDATE}" selected>' in page.text
    assert 'name="_days" value="20"' in page.text
    assert 'name="_closed.IRQ" value="2024-09-03"' in page.text
    client.post(path, {**hidden(page), "_do": "drop"})


def test_a_session_that_ended_while_somebody_wrote_loses_nothing(world: World) -> None:
    ref, client = world.convene(63), world.client()
    path = f"{world.root}/say/meetings/propose-item/{ref}"
    page = client.get(path)
    nobody = Client(world.app, {})
    door = nobody.post(path, {**hidden(page), "title.en": "Reservoirs", "_do": "check"})
    assert door.status_code == 401
    signed = nobody.post("/sign-in", {**hidden(door), "name": "ayla", "password": PASSWORD})
    assert signed.status_code == 303
    assert signed.headers["location"].partition("?")[0] == path
    assert 'value="Reservoirs"' in nobody.get(signed.headers["location"]).text
    nobody.post(path, {**hidden(page), "_do": "drop"})


# -------------------------------------------------------------------------------- evidence by its file


def test_evidence_is_recorded_by_its_file_once_and_released(world: World) -> None:
    ref, client = world.commitment(), world.client()
    place = f"commitments/record-evidence/{ref}"
    path = f"{world.root}/say/{place}"
    withheld = world.built.nodes["TUR"].withheld(world.record)
    before = withheld.listed()
    page = world.confirmed(client, place, {"title.en": "Minutes", "shows": "started"})
    assert page.status_code == 200, seen(page)
    assert 'type="file"' in page.text
    sent = {**hidden(page), "_do": "say"}
    lacking = client.post(path, sent)
    assert lacking.status_code == 422
    assert "_file" in errors(lacking)
    empty = client.post(path, sent, [("_file", ("minutes.pdf", b"", "application/pdf"))])
    assert empty.status_code == 409
    assert "minutes.pdf" in errors(empty)["_file"]
    assert withheld.listed() == before
    files = [("_file", ("minutes.pdf", b"%PDF what was said", "application/pdf"))]
    first = act_of(client.post(path, sent, files))
    assert act_of(client.post(path, sent, files)) == first, "the second press is the first one's act"
    assert len(withheld.listed()) == len(before) + 1
    assert "application/pdf" in seen(client.get(f"{world.root}/a/{first}"))
    released = world.said(f"commitments/release-evidence/{ref}?answers={first}")
    said = world.client().get(f"{world.root}/a/{act_of(released)}")
    assert "18 bytes" in seen(said)
    twice = world.confirmed(world.client(), f"commitments/release-evidence/{ref}", {"_answers": str(first)})
    assert twice.status_code in (200, 409)


def test_evidence_of_another_party_is_not_ours_to_release(world: World) -> None:
    page = world.confirmed(
        world.client(), f"commitments/release-evidence/{world.commitment()}", {"_answers": "IRQ/1"}
    )
    assert page.status_code in (404, 409)
    assert "<html" in page.text


# ------------------------------------------------------------------------------ an officer's own key


def test_an_officers_own_key_asks_for_its_passphrase_and_never_shows_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    try:
        world.built.accounts.grant(MACHINE, "ayla", world.built.mechanism, "root")
        node = world.built.nodes["TUR"]
        node.keys.reseal(node.settings.root[0], "", "a passphrase of one's own")
        client, path = world.client(), f"{world.root}/say/charter/move"
        page = world.confirmed(client, "charter/move", {"address": "https://node.example"})
        assert 'type="password"' in page.text
        sent = {**hidden(page), "_do": "say"}
        for wrong in ("", "not the right one"):
            back = client.post(path, {**sent, "_passphrase": wrong})
            assert back.status_code == 409
            assert "_passphrase" in errors(back)
            assert not wrong or wrong not in back.text
        done = client.post(path, {**sent, "_passphrase": "a passphrase of one's own"})
        assert act_of(done).party == "TUR"
    finally:
        world.built.close()
