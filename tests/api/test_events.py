"""Whoever listens is told once of each change, at once of what was missed, and is let go when the server stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.api.house import Built, run

from comity.api import events
from comity.api.events import Events
from comity.core.errors import Refused

NEVER = 10_000.0


@pytest.fixture(scope="module")
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1)


def test_a_change_is_told_once_to_everybody(house: Built, pool: ThreadPoolExecutor) -> None:
    async def listen() -> None:
        news = Events(house.house, NEVER, NEVER)
        streams = [(await news.open(house.record, "", pool))() for _ in range(3)]
        assert [await anext(one) for one in streams] == [b": listening\n\n"] * 3
        await asyncio.to_thread(house.convene, 11)
        await news.look(pool)
        state = house.house.state(house.record)
        assert {await anext(one) for one in streams} == {events.event(state)}
        await news.look(pool)
        waits = asyncio.ensure_future(anext(streams[0]))
        await asyncio.sleep(0)
        assert not waits.done()
        news.end()
        with pytest.raises(StopAsyncIteration):
            await waits
        await close(streams)
        assert news.listening == 0

    run(listen())


async def close(streams: list[AsyncIterator[bytes]]) -> None:
    for one in streams:
        await one.aclose()  # type: ignore[attr-defined]


def test_what_another_process_wrote_is_news_too(house: Built, pool: ThreadPoolExecutor) -> None:
    async def listen() -> None:
        news = Events(house.house, 0.0, NEVER)
        stream = (await news.open(house.record, "", pool))()
        await anext(stream)
        await asyncio.to_thread(house.meet)
        await asyncio.to_thread(house.convene, 12)
        assert (await anext(stream)).startswith(b"event: arrived\nid: ")
        await close([stream])

    run(listen())


def test_whoever_comes_back_hears_at_once_of_what_was_missed(house: Built, pool: ThreadPoolExecutor) -> None:
    async def listen() -> None:
        news = Events(house.house, NEVER, NEVER)
        state = house.house.state(house.record)
        missed = (await news.open(house.record, "IRQ:0", pool))()
        await anext(missed)
        assert await anext(missed) == events.event(state)
        quiet = Events(house.house, NEVER, 0.0)
        held = (await quiet.open(house.record, state, pool))()
        await anext(held)
        assert await anext(held) == b": still here\n\n"
        await close([missed, held])

    run(listen())


def test_no_more_than_a_hundred_listen(
    house: Built, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def listen() -> None:
        monkeypatch.setattr(events, "LISTENERS", 2)
        news = Events(house.house, NEVER, NEVER)
        for _ in range(5):  # who never begins to listen takes nobody's place
            await news.open(house.record, "", pool)
        streams = [(await news.open(house.record, "", pool))() for _ in range(2)]
        for one in streams:
            await anext(one)
        with pytest.raises(Refused) as caught:
            await news.open(house.record, "", pool)
        assert caught.value.code == "listeners_many"
        await close(streams)
        assert news.listening == 0
        await news.open(house.record, "", pool)

    run(listen())


def test_the_path_streams_and_ends_with_the_server(tmp_path: Path) -> None:
    house = Built(tmp_path, every=0.0)

    async def listen() -> tuple[int, bytes]:
        async def stop() -> None:
            while not house.api.events.listening:  # noqa: ASYNC110 -- nobody is told of it
                await asyncio.sleep(0)
            house.api.ending()

        stopping = asyncio.ensure_future(stop())
        reply = await house.ask("GET", "/events", headers={"last-event-id": "IRQ:0"})
        await stopping
        assert reply.headers["content-type"].startswith("text/event-stream")
        return reply.status_code, reply.content

    status, body = run(listen())
    assert status == 200
    assert body.startswith(b": listening\n\n")
    house.close()
