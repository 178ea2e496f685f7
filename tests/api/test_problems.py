"""What a program is told of what goes wrong: words, the code, a pointer to the place."""

from __future__ import annotations

import json

import pytest
from litestar.exceptions import HTTPException

from comity.api.problems import failed, from_http, pointer, problem
from comity.core.act import LANGUAGES
from comity.core.errors import Refused
from comity.desk.statuses import BY_CODE, status_of
from comity.words import Words


@pytest.mark.parametrize(
    ("at", "within", "found"),
    [
        ("terms.steps[2].on", True, "#/fields/terms/steps/2/on"), ("", True, "#/fields"), ("", False, "#"),
        ("answers[0]", False, "#/answers/0"), ("x[...].y", True, "#/fields/x/y"), ("byte 118", False, "#"),
    ],
)  # fmt: skip
def test_a_place_is_pointed_at(at: str, within: bool, found: str) -> None:
    assert pointer(at, in_fields=within) == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_problem_has_all_that_the_standard_asks_for(language: str) -> None:
    made = json.loads(
        problem(Words(language), Refused("overtaken", "law 3", answered="TUR/1", by="IRQ/2"), 409, "meetings")
    )
    assert set(made) == {"type", "title", "status", "detail", "error", "code", "provision", "facts"}
    assert "TUR/1" in made["detail"]
    assert made["type"] == "urn:comity:problem:refused:overtaken"
    assert json.loads(failed(Words(language)))["status"] == 500


@pytest.mark.parametrize("code", BY_CODE)
def test_refusals_with_a_status_of_their_own_have_words(code: str) -> None:
    said = json.loads(problem(Words("tr"), Refused(code), BY_CODE[code]))["detail"]
    assert code not in said


def test_what_the_framework_refuses_is_one_of_ours() -> None:
    told = [status_of(from_http(HTTPException(status_code=status))) for status in (404, 405, 413, 400, 418)]
    assert told == [404, 405, 413, 422, 422]
