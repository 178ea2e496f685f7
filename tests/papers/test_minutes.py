"""The paper of minutes says what was approved, and only that."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from tests.chapters.instruments.drafts import text as memorandum
from tests.papers import made
from tests.worlds.world import World

from comity.chapters.instruments import CHAPTER as INSTRUMENTS
from comity.chapters.instruments import acts as instruments
from comity.chapters.instruments.text import digest
from comity.chapters.meetings import CHAPTER as MEETINGS
from comity.chapters.meetings import acts
from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.papers.minutes import lay_out, minutes_paper

STARTS = datetime(2024, 8, 15, 10, 0, tzinfo=timezone(timedelta(hours=3)))


class Hall(World):
    """A world in which a committee has met; `minutes` is what Türkiye put."""

    def __init__(self) -> None:
        super().__init__(chapters={"instruments": INSTRUMENTS, "meetings": MEETINGS})
        self.found()
        since = date(2019, 1, 1)
        treaty = self.say("TUR", "instrument.recorded/1", instruments.Recorded(memorandum(), since))
        self.meet()
        affirmed = instruments.Affirmed(str(treaty), digest(memorandum()), since)
        self.say("IRQ", "instrument.affirmed/1", affirmed, treaty)
        self.meet()
        self.mandate = f"{treaty}#art-2"
        place = {"en": "Ankara", "tr": "Ankara"}
        opened = acts.Convened("trade", 4, STARTS, place=place)
        self.docket = self.say("TUR", "meeting.convened/1", opened, mandate=self.mandate)
        self.meet()
        self.tell("IRQ", "date_accepted", acts.DateAccepted(), self.docket)
        self.item = self.tell(
            "IRQ", "agenda_item_proposed", acts.AgendaItemProposed({"en": "Customs", "tr": "Gümrük"})
        )
        self.tell("TUR", "agenda_item_accepted", acts.AgendaItemAccepted(), self.item)
        self.tell("TUR", "agenda_item_proposed", acts.AgendaItemProposed({"en": "Left open"}))
        for party in self.parties:
            self.tell(party, "held", acts.Held(date(2024, 8, 15)))

    def tell(self, party: str, kind: str, body: Any, *answers: Ref) -> Ref:
        ref = self.say(party, f"meeting.{kind}/1", body, self.docket, answers, mandate=self.mandate)
        self.meet()
        return ref

    def put(self, party: str = "TUR", said: str = "Noted.") -> Ref:  # type: ignore[override]
        decision = acts.Decision("D1", str(self.item), {"en": "A group.", "tr": "Bir grup."})
        return self.tell(
            party, "minutes_proposed", acts.MinutesProposed(({"en": said, "tr": "Not edildi."},), (decision,))
        )

    def approve(self, minutes: Ref, party: str = "IRQ") -> Ref:
        reservation = acts.Reservation({"en": "On the date."}, decision="D1")
        return self.tell(party, "minutes_approved", acts.MinutesApproved((reservation,)), minutes)


@pytest.fixture(scope="module")
def hall() -> Hall:
    made_hall = Hall()
    made_hall.approve(made_hall.put())
    return made_hall


def test_approved_minutes_become_the_same_paper_on_both_nodes(hall: Hall) -> None:
    one, other = (minutes_paper(hall.nodes[party], hall.docket) for party in ("IRQ", "TUR"))
    assert one == other
    assert one.languages == ("en", "tr")
    assert one.data["agenda"] == [{"ref": str(hall.item), "title": {"en": "Customs", "tr": "Gümrük"}}]
    assert one.data["held"] == ["2024-08-15"]
    assert one.data["decisions"][0]["id"] == "D1"
    assert [made_["party"] for made_ in one.data["reservations"]] == ["IRQ"]
    assert [approval["party"] for approval in one.data["approvals"]] == ["IRQ", "TUR"]
    assert one.ref.startswith("TUR/")
    assert one.dated == date(2024, 8, 15)


def test_minutes_that_not_all_approved_are_refused() -> None:
    room = Hall()
    for party in room.parties:
        with pytest.raises(Refused, match="paper_no_minutes"):
            minutes_paper(room.nodes[party], room.docket)
    room.put()
    with pytest.raises(Refused, match="paper_no_minutes"):
        minutes_paper(room.nodes["IRQ"], room.docket)


def test_a_docket_of_another_chapter_has_no_minutes(hall: Hall) -> None:
    with pytest.raises(Refused, match="paper_no_minutes"):
        minutes_paper(hall.nodes["TUR"], Ref.parse(hall.mandate.partition("#")[0]))


def test_who_came_is_not_in_the_paper(hall: Hall) -> None:
    """Delegations are personal data that can be destroyed; a paper is for good."""
    before = minutes_paper(hall.nodes["TUR"], hall.docket)
    hall.tell("IRQ", "delegation_named", acts.DelegationNamed(acts.Person("Layla Example")))
    assert minutes_paper(hall.nodes["TUR"], hall.docket) == before


def cells(paper: Any, look: str) -> list[list[Any]]:
    return [row["cells"] for row in lay_out(paper)["rows"] if row["look"] == look]


def test_facts_stand_beside_their_labels() -> None:
    facts = {row[0][0]: row[0][1] for row in cells(made.minutes(), "fact")}
    assert facts["Held on"] == "15 August 2024"
    assert facts["Form"] == "in person and online"
    assert facts["Agreed for"] == "15 August 2024, 10:00 (UTC+03:00)"
    assert facts["Approved by"] == "Iraq, IRQ/22, 20 August 2024\nTürkiye, TUR/31, 19 August 2024"


def test_paragraphs_are_numbered_as_reservations_cite_them() -> None:
    texts = cells(made.minutes(), "text")
    assert ["1.", "Letter 15/2024 was noted."] in [row[0] for row in texts]
    heads = [row[0][1] for row in cells(made.minutes(), "strong")]
    assert heads == [
        "Iraq, on decision D1:",
        "Türkiye, on paragraph 1:",
        "Türkiye, on the minutes as a whole:",
    ]


def test_a_decision_names_its_agenda_item() -> None:
    assert cells(made.minutes(), "small")[0][0] == ["", "Agenda item 1"]
    elsewhere = [{**made.MINUTES["decisions"][0], "item": "TUR/99"}]
    assert not cells(made.minutes(decisions=elsewhere), "small")


def test_minutes_that_say_little_are_a_paper_too() -> None:
    bare = {
        "agenda": [],
        "paragraphs": [],
        "decisions": [],
        "reservations": [],
        "place": {},
        "starts": None,
        "mandate": "",
        "held": [],
        "format": "",
    }
    assert len(cells(made.minutes(**bare), "fact")) == 2
    assert not cells(made.minutes(**bare), "section")


@pytest.mark.parametrize(
    "change",
    [{"more": 1}, {"held": ["yesterday"]}, {"paragraphs": [1]}, {"starts": 1}, {"format": "by post"}],
    ids=str,
)
def test_data_of_another_shape_is_malformed(change: dict[str, Any]) -> None:
    paper = made.minutes()
    with pytest.raises(Malformed):
        lay_out(msgspec.structs.replace(paper, data={**paper.data, **change}))
