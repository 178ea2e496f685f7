"""The client: typed answers, nothing said twice when an answer is lost, files and papers in and out."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.api.house import MANDATE, Built
from tests.client.bridge import FIELDS, client

import comity
from comity.client.client import Client
from comity.core.act import Ref
from comity.core.errors import Broken, Refused, Unavailable
from comity.core.proof import verify_proof


def test_what_is_said_can_be_asked_about_and_proved(house: Built) -> None:
    with client(house) as node:
        assert node.allowed("meetings", "convene", FIELDS, mandate=MANDATE).allowed
        said = node.say("meetings", "convene", FIELDS, mandate=MANDATE)
        item = node.say("meetings", "propose-item", {"title": {"en": "Water"}}, docket=said.ref)
        assert node.act(item.ref).docket == said.docket == node.docket(said.ref).docket
        assert [act.ref for act in node.docket(said.ref).acts] == [said.ref, item.ref]
        assert node.mechanism().party == "TUR"
        assert "meetings" in {chapter.chapter for chapter in node.chapters()}
        assert node.ask(said.ref, "next_dates", on=date(2024, 9, 2)) is not None
        assert verify_proof(node.proof(Ref.parse(item.ref)))
        assert item.ref in {hit.ref for hit in node.search("water", page=1)}
        assert node.paper("TUR/1").startswith(b"%PDF")


def test_lists_go_on_over_every_page(house: Built) -> None:
    with client(house) as node:
        for _ in range(3):
            node.say("meetings", "convene", FIELDS, mandate=MANDATE)
        every = [line.docket for line in node.dockets("meetings", page=2)]
        assert every == [line.docket for line in node.dockets("meetings")]
        assert len(every) == len(set(every)) >= 3
        assert [act.ref for act in node.log("TUR", 1, page=2)][:2] == ["TUR/1", "TUR/2"]


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_said_twice(house: Built) -> None:
    """Seen to fail when no key is sent."""
    before = house.record.ready["TUR"]
    with client(house, lost=2) as node:
        said = node.say("meetings", "convene", FIELDS, mandate=MANDATE)
    assert house.record.ready["TUR"] == before + 1
    assert said.ref == f"TUR/{before}"
    with client(house, lost=3) as node, pytest.raises(Unavailable, match="the line went dead"):
        node.mechanism()


def test_a_key_of_one_s_own_outlives_the_program(house: Built) -> None:
    refs = set()
    for _ in range(2):
        with client(house) as node:
            refs.add(node.say("meetings", "convene", FIELDS, mandate=MANDATE, key="letter 17").ref)
    assert len(refs) == 1


def test_nothing_of_the_network_is_imported_until_the_client_is_asked_for() -> None:
    code = (
        "import sys, comity; a = 'httpx' in sys.modules; comity.Client; print(a, 'litestar' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
    assert comity.Client is Client
    with pytest.raises(AttributeError):
        comity.Nothing  # noqa: B018


def test_the_package_says_its_version() -> None:
    assert Path(comity.__file__).name == "__init__.py"
    assert comity.__version__.count(".") == 2


def test_a_file_goes_in_as_evidence_and_out_to_one_reader_and_to_all(house: Built, tmp_path: Path) -> None:
    """Under one key it is recorded once, whatever is lost. Seen to fail when the key is made anew."""
    docket = house.commitment()
    file = tmp_path / "minutes.txt"
    file.write_bytes(b"minutes of the joint centre" * 100_000)
    fields = {"title": {"en": "Minutes"}, "shows": "done", "media_type": "text/plain"}
    before = house.record.ready["TUR"]
    with client(house, lost=2) as node:
        said = node.record_evidence(file, fields, docket=docket, key="minutes 7")
        assert node.record_evidence(file, fields, docket=docket, key="minutes 7").ref == said.ref
        assert house.record.ready["TUR"] == before + 1
        shown = tmp_path / "minutes.disclosure"
        node.disclose(said.ref, shown, "minutes.txt")
        assert node.verify(shown).name == "minutes.txt"
        node.disclose(said.ref, shown, salt_only=True)
        assert node.verify(shown, original=file).verified
        with pytest.raises(Broken):
            node.verify(shown, original=b"another file")
        with pytest.raises(Refused, match="evidence_withheld"):
            node.released(said.ref, tmp_path / "released")
        node.say("commitments", "release-evidence", {"name": "minutes.txt"}, answers=[said.ref])
        node.released(said.ref, tmp_path / "released")
        assert (tmp_path / "released").read_bytes() == file.read_bytes()
        assert node.discard_evidence(said.ref, "Archive rule 7").rule == "Archive rule 7"
        with pytest.raises(Refused, match="evidence_discarded"):
            node.disclose(said.ref, shown)
        with pytest.raises(Unavailable):
            node.record_evidence(tmp_path / "nothing", fields, docket=docket)


def test_papers_are_asked_for_and_certificates_named_as_the_node_allows_it(house: Built) -> None:
    with client(house) as node:
        assert node.speaks().office == "secretariat"
        assert node.look("/workdays", days=3, on="2025-03-03")["days"] == 3
        with pytest.raises(Refused, match="office_not_yours"):
            node.certify("secretariat")
        with pytest.raises(Refused, match="certificate_missing"):
            node.sign("TUR/1", "Ankara", languages=["en"])
