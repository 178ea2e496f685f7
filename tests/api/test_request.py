"""The body of a request: what is wrong is told with its place, and no bytes raise anything but the four errors."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.api.house import Built, meeting, run

from comity.api.request import DEEPEST, read_request
from comity.core.errors import Malformed


def test_an_error_points_at_its_place_in_the_request(house: Built) -> None:
    for body, pointer in (
        ({**meeting(), "fields": {"body": 3}}, "#/fields/body"),
        ({**meeting(), "fields": {"round": 1}}, "#/fields/body"),
        ({"answers": "TUR/1"}, "#/answers"),
        ({"fields": {}, "nothing": 1}, "#"),
        ({**meeting(), "period": {"days": 3}}, "#/period"),
        ({**meeting(), "files": [{"name": "a", "data": ""}]}, "#/files"),
        ({**meeting(), "new_key": True}, "#/new_key"),
    ):
        reply = house.say("meetings", "convene", body)
        assert reply.status_code == 422, body
        assert reply.json()["errors"][0]["pointer"] == pointer


def test_what_is_no_json_is_400_and_another_type_415(house: Built) -> None:
    for raw in (b"{", b"\xff", b'{"fields": {"a": "\\ud800"}}', b"[" * 100_000):
        reply = run(house.ask("POST", "/acts/meetings/convene", content=raw))
        assert reply.status_code in (400, 422), raw[:20]
    deep: Any = {}
    for _ in range(DEEPEST + 1):
        deep = {"a": deep}
    assert house.say("meetings", "convene", {"fields": deep}).status_code == 422
    reply = run(
        house.ask("POST", "/acts/meetings/convene", content=b"a=1", headers={"content-type": "text/plain"})
    )
    assert (reply.status_code, reply.json()["code"]) == (415, "type_wrong")


@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,fieldsa1 ', max_size=80).map(str.encode))
def test_no_bytes_raise_anything_but_the_four_errors(raw: bytes) -> None:
    with suppress(Malformed):
        read_request(raw)
