"""Evidence by programs: said once, kept whole or not at all, shown to one reader, destroyed by rule."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.api.house import BODY, MANDATE, Built, run
from tests.node.houses import meet

from comity.node import evidence, withheld
from comity.node.check import check

FILE = b"minutes of the joint centre, page one"
SHA = hashlib.sha256(FILE).hexdigest()


class Desk:
    """A house with a commitment, and what it keeps beside the record."""

    def __init__(self, folder: Path) -> None:
        self.house = Built(folder)
        self.docket = self.house.commitment()

    def body(self, file: str = SHA, **more: Any) -> dict[str, Any]:
        fields = {"title": {"en": "Minutes"}, "shows": "done", "media_type": "text/plain", **more}
        return {"fields": fields, "docket": self.docket, "file": file}

    def record(self, file: str = SHA, key: str = "", **more: Any) -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        return self.house.say("commitments", "record-evidence", self.body(file), headers=headers, **more)

    def recorded(self) -> str:
        self.house.send(FILE)
        return str(self.record().json()["ref"])

    def release(self, ref: str, key: str = "", **more: Any) -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        body = {"fields": {"name": "tutanak ğ.txt"}, "answers": [ref]}
        return self.house.say("commitments", "release-evidence", body, headers=headers, **more)

    @property
    def kept(self) -> int:
        """How many files the node keeps beside the record."""
        folder = self.house.nodes["TUR"].withheld(self.house.record).folder
        return len(list(folder.iterdir())) if folder.is_dir() else 0

    @property
    def size(self) -> int:
        return self.house.record.ready["TUR"]

    @property
    def waiting(self) -> int:
        return len(self.house.api.uploads._kept)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("evidence"))
    yield made
    made.house.close()


@pytest.fixture
def desk(whole: Desk) -> Iterator[Desk]:
    """The same, with nothing that waits; `comity check` finds nothing wrong after any of it."""
    whole.house.api.uploads.close()
    yield whole
    assert list(check(whole.house.nodes["TUR"])) == []


def test_a_file_is_recorded_by_its_hash_and_stays_beside_the_record(desk: Desk) -> None:
    kept = desk.kept
    desk.house.send(FILE)
    told = desk.record().json()
    assert (told["kind"], told["content"]["size"]) == ("commitment.evidence_recorded/1", len(FILE))
    assert (desk.kept, desk.waiting) == (kept + 1, 0)
    assert told["content"]["digest"] != SHA
    assert desk.house.get(f"/acts/{told['ref']}").json() == {k: v for k, v in told.items() if k != "notices"}
    again = desk.record()
    assert (again.status_code, again.json()["code"]) == (409, "upload_unknown")


def test_the_same_key_records_one_act_and_one_file_whatever_is_lost_on_the_way(desk: Desk) -> None:
    """Seen to fail when a second file is kept, and when the answer asks for the file again."""
    before, kept = desk.size, desk.kept
    desk.house.send(FILE)

    async def at_once() -> list[httpx.Response]:
        asks = [
            desk.house.ask("POST", "/acts/commitments/record-evidence", json=desk.body(),
                           headers={"idempotency-key": "minutes 7"})
            for _ in range(6)
        ]  # fmt: skip
        return list(await asyncio.gather(*asks))

    replies = [*run(at_once()), desk.record(key="minutes 7")]
    desk.house.send(FILE)
    replies.append(desk.record(key="minutes 7"))
    assert {reply.status_code for reply in replies} == {201}, [reply.text for reply in replies]
    assert len({reply.json()["ref"] for reply in replies}) == 1
    assert (desk.size, desk.kept) == (before + 1, kept + 1)
    other = desk.record(desk.house.send(b"another file"), key="minutes 7")
    assert (other.status_code, other.json()["code"]) == (422, "once_for_another")
    assert desk.kept == kept + 1


def test_what_is_refused_keeps_nothing_and_the_file_still_waits(desk: Desk) -> None:
    desk.house.send(FILE)
    before, kept = desk.size, desk.kept
    wrong = {**desk.body(), "docket": "TUR/1"}
    assert desk.house.say("commitments", "record-evidence", wrong).status_code == 409
    assert desk.house.say("commitments", "record-evidence", desk.body(shows="x")).status_code == 422
    dry = desk.record(params={"dry_run": "true"})
    assert (dry.status_code, dry.json()["allowed"]) == (200, True)
    assert (desk.size, desk.kept, desk.waiting) == (before, kept, 1)


def test_what_the_file_says_cannot_be_said_otherwise(desk: Desk) -> None:
    for body, pointer in (
        (desk.body(digest="0" * 64), "#/fields/digest"),
        (desk.body(size=3), "#/fields/size"),
        ({**desk.body(), "file": ""}, "#/file"),
        ({**desk.body(), "file": "../etc"}, "#/file"),
    ):
        reply = desk.house.say("commitments", "record-evidence", body)
        assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, pointer)
    reply = desk.house.say("meetings", "convene", {"fields": {"body": BODY}, "mandate": MANDATE, "file": SHA})
    assert reply.json()["errors"][0]["pointer"] == "#/file"


def test_a_file_too_large_for_evidence_is_refused_by_the_name_it_was_sent_under(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = desk.kept
    desk.house.send(FILE)
    monkeypatch.setattr(evidence.record_file, "__defaults__", (8, None))
    reply = desk.record()
    assert (reply.status_code, reply.json()["code"], reply.json()["facts"]["file"]) == (
        413,
        "evidence_too_large",
        SHA,
    )
    assert desk.kept == kept


def test_a_disk_that_is_full_says_nothing_and_keeps_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, kept = desk.size, desk.kept
    desk.house.send(FILE)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(withheld.os, "fsync", full)
    assert desk.record().status_code == 503
    monkeypatch.undo()
    assert (desk.size, desk.kept, desk.waiting) == (before, kept, 1)
    assert desk.record().status_code == 201


def test_what_was_released_is_read_by_every_party_and_released_once(desk: Desk) -> None:
    ref = desk.recorded()
    early = desk.house.get(f"/evidence/{ref}/file")
    assert (early.status_code, early.json()["code"]) == (409, "evidence_withheld")
    assert desk.release(ref, params={"dry_run": "true"}).json()["allowed"] is True
    first, again = desk.release(ref, key="letter 9"), desk.release(ref, key="letter 9")
    assert (first.status_code, again.json()["ref"]) == (201, first.json()["ref"])
    assert desk.release(ref).json()["code"] == "evidence_already_released"
    for at in (ref, first.json()["ref"]):
        reply = desk.house.get(f"/evidence/{at}/file")
        assert (reply.status_code, reply.content) == (200, FILE)
        assert "tutanak%20%C4%9F.txt" in reply.headers["content-disposition"]
    given = {"fields": {"data": "AAAA", "salt": "x"}, "answers": [ref]}
    assert desk.house.say("commitments", "release-evidence", given).status_code == 422
    for body in ({}, {"docket": desk.docket}, {"answers": ["TUR/1"]}, {"answers": [ref, ref]}):
        assert desk.house.say("commitments", "release-evidence", body).status_code in (409, 422), body


def test_a_disclosure_shows_the_file_to_one_reader_and_proves_it(desk: Desk) -> None:
    ref = desk.recorded()
    before = desk.size
    shown = desk.house.get(f"/evidence/{ref}/disclosure?name=minutes.txt")
    assert shown.status_code == 200
    assert int(shown.headers["content-length"]) == len(shown.content)
    head = run(desk.house.ask("HEAD", f"/evidence/{ref}/disclosure?name=minutes.txt"))
    assert (head.content, head.headers["content-length"]) == (b"", shown.headers["content-length"])
    name = desk.house.send(shown.content)
    told = desk.house.get(f"/uploads/{name}/verification").json()
    assert (told["sort"], told["verified"], told["ours"], told["name"]) == (
        "disclosure",
        True,
        True,
        "minutes.txt",
    )
    assert told["verdict"]["ref"] == ref
    salt = desk.house.send(desk.house.get(f"/evidence/{ref}/disclosure?salt_only=true").content)
    alone = desk.house.get(f"/uploads/{salt}/verification")
    assert alone.status_code == 422
    assert "/dev/fd" not in alone.text
    file = desk.house.send(FILE)
    assert desk.house.get(f"/uploads/{salt}/verification?file={file}").json()["verified"] is True
    wrong = desk.house.send(b"another file")
    broken = desk.house.get(f"/uploads/{salt}/verification?file={wrong}")
    assert (broken.status_code, broken.json()["error"]) == (409, "broken")
    assert "/dev/fd" not in broken.text
    assert desk.size == before


def test_proofs_and_papers_are_verified_too_and_what_is_none_is_told(desk: Desk) -> None:
    for at, sort in (
        ("/acts/TUR/1/proof", "proof"),
        ("/dockets/TUR/1/proof", "proof"),
        ("/papers/TUR/1", "paper"),
    ):
        name = desk.house.send(desk.house.get(at).content)
        told = desk.house.get(f"/uploads/{name}/verification")
        assert (told.status_code, told.json()["sort"]) == (200, sort), told.text
        assert told.json()["ours"] is True
        desk.house.api.uploads.close()
    for raw in (b"nothing", b"%PDF-1.7 nothing", b"PK\x03\x04 nothing", b"comity disclosure v1\n{}"):
        reply = desk.house.get(f"/uploads/{desk.house.send(raw)}/verification")
        assert reply.status_code in (409, 422), raw
        desk.house.api.uploads.close()
    assert desk.house.get(f"/uploads/{SHA}/verification").status_code == 404


def test_a_kept_file_is_destroyed_by_rule_and_asking_again_tells_what_was_done(desk: Desk) -> None:
    ref, kept = desk.recorded(), desk.kept
    at = f"/evidence/{ref}/discard"
    assert run(desk.house.ask("POST", at, json={"rule": ""})).status_code == 422
    first = run(desk.house.ask("POST", at, json={"rule": "Archive rule 7"}))
    again = run(desk.house.ask("POST", at, json={"rule": "another"}))
    assert (first.status_code, first.json()["rule"]) == (200, "Archive rule 7")
    assert again.json() == first.json()
    assert desk.kept == kept
    assert desk.house.get(f"/evidence/{ref}/disclosure").json()["code"] == "evidence_discarded"
    assert desk.house.get("/acts/" + ref).json()["content"]["size"] == len(FILE)


def test_evidence_of_others_and_an_office_that_only_reads_get_nothing(desk: Desk) -> None:
    ref = desk.recorded()
    desk.house.accounts.grant("machine", "ayla", desk.house.mechanism, "auditor")
    reads = desk.house.token_for("auditor")
    for reply in (
        desk.house.get(f"/evidence/{ref}/disclosure", reads),
        run(desk.house.ask("POST", f"/evidence/{ref}/discard", reads, json={"rule": "x"})),
        run(desk.house.ask("PUT", f"/uploads/{SHA}", reads, content=FILE)),
    ):
        assert (reply.status_code, reply.json()["code"]) == (403, "office_not_yours")
    for at in ("/evidence/TUR/1/disclosure", "/evidence/TUR/9999/file", "/evidence/IRQ/0/disclosure"):
        assert desk.house.get(at).status_code == 404
    meet(list(desk.house.records.values()))
