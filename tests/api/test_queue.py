"""Many at once: said together, each once, and each asker hears of their own error alone."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import httpx
from tests.api.house import Built, meeting, run

from comity.core.act import Ref
from comity.node import asking


def test_a_request_that_comes_many_times_at_once_is_said_once(house: Built) -> None:
    async def at_once() -> list[httpx.Response]:
        key = {"idempotency-key": "at once"}
        asks = [house.ask("POST", "/acts/meetings/convene", json=meeting(6), headers=key) for _ in range(24)]
        return list(await asyncio.gather(*asks))

    before = house.record.ready["TUR"]
    replies = run(at_once())
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.json()["ref"] for reply in replies}) == 1
    assert house.record.ready["TUR"] == before + 1


def test_several_at_once_are_each_answered_for_themselves(house: Built) -> None:
    docket = house.convene(7).json()["ref"]

    async def at_once() -> list[httpx.Response]:
        item = {"fields": {"title": {"en": "Water"}}, "docket": docket}
        wrong = {"fields": {"title": {"en": "Water"}}, "docket": "TUR/9999"}
        asks = [
            house.ask("POST", "/acts/meetings/propose-item", json=wrong if number % 3 == 0 else item)
            for number in range(30)
        ]
        return list(await asyncio.gather(*asks))

    replies = run(at_once())
    assert [reply.status_code for reply in replies] == [
        409 if number % 3 == 0 else 201 for number in range(30)
    ]
    refs = [reply.json()["ref"] for reply in replies if reply.status_code == 201]
    held = {act["ref"] for act in asking.docket(house.record, Ref.parse(docket))["acts"]}
    assert len(set(refs)) == 20
    assert set(refs) <= held


def test_whoever_stopped_waiting_has_said_it_all_the_same(house: Built) -> None:
    before = house.record.ready["TUR"]

    async def gone() -> None:
        ask = asyncio.ensure_future(house.ask("POST", "/acts/meetings/convene", json=meeting(8)))
        while house.record.ready["TUR"] == before:  # noqa: ASYNC110 -- nobody is told of it
            await asyncio.sleep(0)
        ask.cancel()
        with suppress(asyncio.CancelledError):
            await ask

    run(gone())
    assert house.record.ready["TUR"] == before + 1
    assert house.convene(9).status_code == 201
