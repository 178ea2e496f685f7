"""Papers signed by programs: in the record once, or as files that people hand on; with whose keys, and with whose not."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
from tests.api.house import Built, run
from tests.node.committees import _HEAD

from comity.core.act import Ref
from comity.node.record import Draft
from comity.papers.verifying import verify_paper

OWN = "dağın ardında"


class Desk:
    """A house with an accepted text, an office that may sign it, and tokens for that office and for the root."""

    def __init__(self, folder: Path) -> None:
        self.house = house = Built(folder)
        house.accounts.grant("machine", "ayla", house.mechanism, "root")
        self.root = house.token_for("root")
        files = [{"name": "memorandum.en.md", "data": base64.b64encode(_HEAD.encode()).decode()}]
        self.docket = house.say("instruments", "propose", {"files": files}).json()["ref"]
        house.meet()
        self._accept()
        issued = {"fields": {"office": "secretariat", "instrument": self.docket}}
        assert house.say("charter", "issue-powers", issued, self.root).status_code == 201
        house.meet()

    def _accept(self) -> None:
        accepted = self.house.say("instruments", "accept", {"answers": [self.docket]})
        assert accepted.status_code in (201, 409), accepted.text
        other = self.house.records["IRQ"]
        body: Any = {"version": self.docket, "text": self._digest()}
        kind = other.folds.kind("instrument.accepted/1")
        assert kind is not None
        draft = Draft(kind.name, kind.body(**body), "secretariat", docket=Ref.parse(self.docket),
                      answers=[Ref.parse(self.docket)])  # fmt: skip
        other.say(draft)
        self.house.meet()

    def _digest(self) -> str:
        from comity.chapters.instruments.text import digest

        with self.house.record.reading():
            act = self.house.record.folds.view(Ref.parse(self.docket)).acts[0]
        body: Any = act.body
        return digest(body.text)

    def certify(self, token: str | None = None, key: str = "", **more: Any) -> httpx.Response:
        body = {"office": "secretariat", **more}
        headers = {"idempotency-key": key} if key else {}
        return run(self.house.ask("POST", "/certificates", token or self.root, json=body, headers=headers))

    def sign(self, token: str | None = None, ref: str = "", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value.encode() for name, value in headers.items()}
        at = f"/papers/{ref or self.docket}/sign"
        return run(
            self.house.ask("POST", at, token, json={"place": "Ankara", "languages": ["en"]}, headers=named)
        )

    @property
    def size(self) -> int:
        return self.house.record.ready["TUR"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with mock.patch("comity.node.keystore.ARGON", {"iterations": 1, "lanes": 1, "memory_kib": 64}):
        made = Desk(tmp_path)
        yield made
        made.house.close()


def test_a_certificate_is_named_once_and_by_the_root_alone(desk: Desk) -> None:
    before = desk.size
    refused = desk.certify(desk.house.token)
    assert (refused.status_code, refused.json()["code"]) == (403, "office_not_yours")
    first, again = desk.certify(key="letter 1"), desk.certify(key="letter 1")
    assert (first.status_code, again.json()) == (201, first.json())
    assert first.headers["location"] == f"/api/v1/acts/{first.json()['ref']}"
    assert desk.size == before + 1
    wrong = desk.certify(certificate="-----BEGIN nothing", private_key="x")
    assert wrong.status_code == 422
    assert desk.size == before + 1


def test_an_instrument_is_signed_in_the_record_once(desk: Desk) -> None:
    """Seen to fail when the key is not handed on."""
    early = desk.sign()
    assert (early.status_code, early.json()["code"]) == (409, "certificate_missing")
    assert desk.certify().status_code == 201
    before = desk.size
    first, again = desk.sign(idempotency_key="letter 2"), desk.sign(idempotency_key="letter 2")
    assert (first.status_code, again.status_code) == (201, 201), first.text
    kinds = [act["kind"] for act in desk.house.get(f"/logs/TUR?from={before}").json()["acts"]]
    assert kinds == ["instrument.paper_signed/1", "instrument.paper_supplied/1"]
    assert first.headers["location"] == again.headers["location"] == f"/api/v1/acts/TUR/{before}"
    assert first.content == again.content
    assert [one.office for one in verify_paper(first.content, "x").signatures] == ["secretariat"]


def test_a_passphrase_opens_the_key_with_which_papers_are_signed(desk: Desk) -> None:
    """Seen to fail when the second header is not read."""
    headers = {"comity-document-passphrase": OWN.encode()}
    named = run(
        desk.house.ask("POST", "/certificates", desk.root, json={"office": "secretariat"}, headers=headers)
    )
    assert named.status_code == 201, named.text
    codes = [
        (reply.status_code, reply.json()["code"])
        for reply in (desk.sign(), desk.sign(comity_document_passphrase="yanlış"))
    ]
    assert codes == [(403, "passphrase_needed"), (403, "passphrase_wrong")]
    assert desk.sign(comity_document_passphrase=OWN).status_code == 201


def test_what_is_no_paper_is_not_signed_and_a_file_must_have_been_sent(desk: Desk) -> None:
    assert desk.certify().status_code == 201
    before = desk.size
    meeting = desk.house.convene(1).json()["ref"]
    assert desk.sign(ref=meeting).status_code == 409
    assert desk.sign(ref="TUR/9999").status_code == 409
    over = run(desk.house.ask("POST", f"/papers/{desk.docket}/sign", json={"over": "0" * 64}))
    assert (over.status_code, over.json()["code"]) == (409, "upload_unknown")
    file = desk.house.send(b"%PDF-1.7 nothing")
    wrong = run(desk.house.ask("POST", f"/papers/{desk.docket}/sign", json={"over": file}))
    assert wrong.status_code in (409, 422)
    assert desk.size == before + 1
