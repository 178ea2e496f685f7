"""An instrument's paper says what the parties accepted, each provision beside itself in the other languages."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.chapters.instruments.drafts import text as memorandum
from tests.papers import made
from tests.papers.desk import Desk

from comity.chapters.instruments import acts
from comity.chapters.instruments.text import digest
from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.papers.instrument import adopted, instrument_paper, lay_out, text_of
from comity.papers.paper import frame


def rows(paper: Any, look: str = "") -> list[dict[str, Any]]:
    return [row for row in lay_out(paper)["rows"] if not look or row["look"] == look]


def test_the_paper_of_an_adopted_text_has_the_hash_that_was_accepted() -> None:
    desk = Desk.laid()
    text, day = adopted(desk.node("TUR"), desk.docket)
    paper = instrument_paper(text, str(desk.docket), day, frame(desk.node("TUR")))
    assert paper.digest == digest(memorandum())
    assert (adopted(desk.node("IRQ"), desk.docket), day) == ((text, day), paper.dated)
    assert text_of(paper) == text


def test_a_text_that_not_all_have_accepted_is_refused() -> None:
    desk = Desk().found()
    docket = desk.say("TUR", "instrument.proposed/1", acts.Proposed(memorandum()))
    desk.meet()
    desk.say("IRQ", "instrument.accepted/1", acts.Accepted(str(docket), digest(memorandum())), docket)
    with pytest.raises(Refused, match="paper_no_text"):
        adopted(desk.node("TUR"), docket)
    with pytest.raises(Refused, match="paper_no_text"):
        adopted(desk.node("TUR"), Ref("TUR", 0))


def test_brackets_are_replaced_by_what_was_agreed() -> None:
    desk = Desk().found()
    said = memorandum(committee=" [It may invite observers.]")
    docket = desk.say("TUR", "instrument.proposed/1", acts.Proposed(said))
    desk.meet()
    position = acts.BracketPosition(str(docket), "b1", "agreed", "keep", ("keep", "omit"))
    for party in ("TUR", "IRQ"):
        desk.say(party, "instrument.bracket_position/1", position, docket)
    desk.meet()
    kept = memorandum(committee=" It may invite observers.")
    for party in ("TUR", "IRQ"):
        body = acts.Accepted(str(docket), digest(kept), {"b1": "keep"})
        desk.say(party, "instrument.accepted/1", body, docket)
    desk.meet()
    assert adopted(desk.node("IRQ"), docket)[0] == kept


def test_each_provision_is_one_row_in_every_language() -> None:
    paper = made.instrument(memorandum(), ("en", "tr", "ar"))
    articles = [[cell[0] for cell in row["cells"]] for row in rows(paper, "article")]
    assert articles == [[f"Article {n}", f"Madde {n}", f"المادة {n}"] for n in (1, 2, 3)]
    signs = [[cell[0] for cell in row["cells"]] for row in rows(paper, "text")]
    assert ["(a)", "(a)", "(أ)"] in signs
    assert ["(b)", "(b)", "(ب)"] in signs
    assert ["2.", "2.", "2."] in signs


def test_points_stand_further_in_than_their_paragraph() -> None:
    levels = {
        row["cells"][0][0]: row["level"] for row in rows(made.instrument(memorandum(), ("en",)), "text")
    }
    assert (levels["1."], levels["(a)"]) == (0, 1)


def test_roman_points_and_dashes_are_printed_as_they_are() -> None:
    def row(id_: str, kind: str, number: str, under: str) -> dict[str, Any]:
        return {"id": id_, "kind": kind, "number": number, "under": under, "words": {"ar": {"text": "نص"}}}

    provisions = [
        row("art-1", "article", "1", ""),
        row("art-1.i", "point", "i", "art-1"),
        row("art-1.ii", "point", "ii", "art-1"),
        row("art-1.d1", "item", "", "art-1.ii"),
    ]
    said = msgspec.convert(
        {"title": {"ar": "ن"}, "languages": ["ar"], "provisions": provisions}, type(memorandum())
    )
    found = rows(made.instrument(said), "text")
    assert [row["cells"][0][0] for row in found[1:]] == ["(\u2066i\u2069)", "(\u2066ii\u2069)", "–"]
    assert [row["level"] for row in found[1:]] == [0, 0, 1]


def test_a_paragraph_may_have_a_heading_of_its_own() -> None:
    said = made.text("Words.")
    headed = msgspec.structs.replace(
        said.provisions[1], words={"en": type(said.provisions[1].words["en"])("Scope", "Words.")}
    )
    paper = made.instrument(msgspec.structs.replace(said, provisions=(said.provisions[0], headed)))
    assert [row["cells"] for row in rows(paper, "strong")] == [[["", "Scope"], None]]


def test_what_one_language_lacks_stays_empty() -> None:
    said = made.text({"en": "Only here."}, languages=("en", "ar"))
    (row,) = rows(made.instrument(said), "text")
    assert row["cells"] == [["1.", "Only here."], None]


def test_a_text_s_own_note_stands_below_its_title() -> None:
    """The worked example says on its first page that it is one."""
    note = {"en": "Illustrative text.", "ar": "نص توضيحي."}
    paper = made.instrument(made.text("x", note=note))
    assert rows(paper)[2]["look"] == "note"
    assert [cell[1] for cell in rows(paper)[2]["cells"]] == list(note.values())


def test_a_draft_says_so_in_every_language() -> None:
    (row,) = rows(made.instrument(made.text("x"), standing="draft"), "note")
    assert [cell[1] for cell in row["cells"]] == [
        "Draft. Not accepted by all parties.",
        "مسودة. لم تقبلها جميع الأطراف.",
    ]
    assert not rows(made.instrument(made.text("x")), "note")


def test_the_signing_page_tells_of_languages_that_are_not_shown() -> None:
    """The hash covers all of them, so nobody may think that what is shown is all there is."""
    said = made.text("x", languages=("en", "tr", "ar"), authentic=["en", "tr", "ar"], prevailing="en")
    told = [
        row["cells"][0][1]
        for row in lay_out(made.instrument(said, ("en", "tr")))["signing"]
        if row["sort"] == "row"
    ]
    assert "Authentic texts: English, Turkish, Arabic." in told
    assert "If the texts differ, this one prevails: English." in told
    assert "The text is also in: Arabic." in told
    every = lay_out(made.instrument(said))["signing"]
    assert not any("also in" in str(row) for row in every)


def test_the_whole_hash_is_on_the_signing_page_and_its_beginning_on_every_page() -> None:
    paper = made.instrument()
    sheet = lay_out(paper)
    (line,) = [row["words"] for row in sheet["signing"] if row["sort"] == "line"]
    assert line.replace(" ", "") == f"SHA-256{paper.digest}"
    assert sheet["short"].replace(" ", "") == f"SHA-256{paper.digest[:16]}…"


def test_only_the_text_s_own_parties_sign() -> None:
    said = made.text("x", parties=["IRQ", "TUR"])
    paper = made.instrument(said, (), "IRQ", "JOR", "TUR")
    assert [party.code for party in paper.parties] == ["IRQ", "TUR"]


def test_without_a_wish_the_authentic_languages_are_shown() -> None:
    said = made.text("x", languages=("en", "tr", "ar"), authentic=["tr", "ar"])
    assert made.instrument(said).languages == ("tr", "ar")


@pytest.mark.parametrize(
    "languages", [("nl",), ("en", "nl"), ("en", "en"), ("en", "ar", "tr", "nl")], ids="-".join
)
def test_a_language_that_the_text_lacks_or_a_wrong_number_of_them_is_malformed(
    languages: tuple[str, ...],
) -> None:
    with pytest.raises(Malformed):
        made.instrument(made.text("x"), languages)


@pytest.mark.parametrize(
    "change",
    [
        {"standing": "final"},
        {"more": 1},
        {"text": {}},
        {"text": None},
        {"text": {"title": {}, "languages": [], "provisions": []}},
    ],
)
def test_a_paper_whose_data_is_no_text_is_malformed(change: dict[str, Any]) -> None:
    paper = made.instrument()
    with pytest.raises(Malformed):
        lay_out(msgspec.structs.replace(paper, data={**paper.data, **change}))


def test_an_annex_begins_on_a_new_page() -> None:
    said = memorandum()
    annex = {
        "id": "annex-1",
        "kind": "annex",
        "number": "I",
        "words": {tag: {"heading": "x"} for tag in said.languages},
    }
    longer = msgspec.structs.replace(
        said, provisions=(*said.provisions, msgspec.convert(annex, type(said.provisions[0])))
    )
    assert [row["fresh"] for row in rows(made.instrument(longer, ("en",)), "chapter")] == [True]
