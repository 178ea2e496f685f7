"""Whatever is sent, as the document says or against it: no 5xx, no undocumented status, answers as described.

`make test` sends some cases to every operation; `make soak` more than twenty thousand. Half of them follow the document
and half break it; in half of those that say something, references are real ones, so that they come as far as the rules.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.house import MANDATE, Built

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip
FEW, MANY = 2, 112
ENOUGH = 20_000
ENDLESS = "/api/v1/events"  # never ends; `test_events` has it


class Target:
    """The node that is asked, its operations, and references that are there."""

    def __init__(self, folder: Path) -> None:
        self.house = Built(folder)
        meeting = self.house.convene(1).json()["ref"]
        item = self.house.say(
            "meetings", "propose-item", {"fields": {"title": {"en": "Water"}}, "docket": meeting}
        )
        self.house.meet()
        self.refs = [meeting, item.json()["ref"], "TUR/0", "TUR/1", "IRQ/1", str(self.house.committee)]
        file = self.house.send(b"minutes")
        evidence = {
            "fields": {"title": {"en": "Minutes"}, "shows": "done"},
            "docket": self.house.commitment(),
            "file": file,
        }
        self.refs.append(self.house.say("commitments", "record-evidence", evidence).json()["ref"])
        app: Any = self.house.api
        self.schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
        self.operations = [
            found for one in self.schema.get_all_operations() if (found := one.ok()).path != ENDLESS
        ]
        self.sent = 0

    def send(self, case: Case, chance: random.Random) -> None:
        body = case.body
        if isinstance(body, bytes) and "digest" in case.path_parameters and chance.random() < 0.5:
            case.path_parameters["digest"] = hashlib.sha256(body).hexdigest()
        if "number" in case.path_parameters and chance.random() < 0.5:
            party, _, number = chance.choice(self.refs).partition("/")
            case.path_parameters.update(party=party, number=number)
        if isinstance(body, dict) and chance.random() < 0.5:
            for name, value in (("docket", chance.choice(self.refs)), ("mandate", MANDATE)):
                if name in body or chance.random() < 0.5:
                    body[name] = value
            if "file" in body:
                body["file"] = self.house.send(b"minutes")
            if isinstance(body.get("answers"), list):
                body["answers"] = chance.choices(self.refs, k=chance.randrange(3))
        self.sent += 1
        case.call_and_validate(headers={"authorization": f"Bearer {self.house.token}"}, checks=CHECKS)


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    made = Target(tmp_path_factory.mktemp("target"))
    yield made
    made.house.close()


def attack(target: Target, operation: Any, each: int) -> None:
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        if mode is GenerationMode.NEGATIVE and not (
            operation.body or operation.query or operation.path_parameters
        ):
            continue

        @settings(
            max_examples=each, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy(mode), st.randoms(use_true_random=False))
        def send(case: Case, chance: random.Random) -> None:
            target.send(case, chance)

        send()


def test_every_operation_stands_whatever_is_sent(target: Target) -> None:
    """Seen to fail when a status is left out of the document, and when a docket of another chapter was named."""
    assert len(target.operations) > 90
    for operation in target.operations:
        attack(target, operation, FEW)
    assert target.house.get("/mechanism").status_code == 200


@pytest.mark.soak
def test_twenty_thousand_requests(target: Target) -> None:
    for operation in target.operations:
        attack(target, operation, MANY)
    print(f"{target.sent} requests")
    assert target.sent >= ENOUGH
