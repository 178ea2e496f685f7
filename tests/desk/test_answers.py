"""What a program is told fits these types, whatever the chapter."""

from __future__ import annotations

import msgspec
from tests.desk.releases import Hall

from comity.desk import answers
from comity.node import asking


def test_dockets_acts_and_the_mechanism_fit_their_types() -> None:
    hall = Hall()
    hall.release(hall.instrument())
    hall.delegated()
    record = hall.node("TUR")
    msgspec.convert(asking.status(record), answers.Mechanism)
    for chapter in record.chapters.values():
        for line in asking.dockets(record, chapter):
            msgspec.convert(line, answers.Line)
            from comity.core.act import Ref

            told = msgspec.convert(asking.docket(record, Ref.parse(line["docket"])), answers.Docket)
            assert told.acts
            assert told.chapter == chapter.name
