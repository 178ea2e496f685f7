"""What is read: the same as the command line shows, typed, in pages; leaves and contents byte for byte."""

from __future__ import annotations

import msgspec
import pytest
from tests.api.house import BODY, MANDATE, Built

from comity.api.paths import PATHS
from comity.api.reading import verbs
from comity.chapters import all_chapters
from comity.core.act import Ref
from comity.core.entry import commit, parse_leaf
from comity.core.fold import DESTROYED
from comity.core.proof import verify_proof
from comity.desk import answers
from comity.storage.port import entry_at

QUERY = {
    "dockets": "?chapter=instruments&limit=1",
    "programme": f"?mandate={MANDATE.replace('#', '%23')}&body={BODY}&on=2024-09-02",
    "report": f"?mandate={MANDATE.replace('#', '%23')}&body={BODY}&since=2024-01-01&until=2024-12-31",
    "lineage": "?of=TUR/1",
    "search": "?words=committee",
    "sources": "?of=TUR/1",
    "workdays": "?days=3&on=2025-03-03",
}


ELSEWHERE = (  # need a file, a meeting or a fault: test_exhibits, test_texts
    "evidence_file", "disclosure", "verification", "fault", "calendar", "redline", "comparison",
)  # fmt: skip


@pytest.mark.parametrize(
    "path", [one for one in PATHS if one.name not in ELSEWHERE], ids=lambda path: path.name
)
def test_every_path_answers_what_the_document_says_that_it_answers(house: Built, path: object) -> None:
    at = path.path.replace("{party}", "TUR").replace("{number}", "1").replace("{question}", "in_force")  # type: ignore[attr-defined]
    reply = house.get(at + QUERY.get(path.name, ""))  # type: ignore[attr-defined]
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith(path.media)  # type: ignore[attr-defined]
    assert reply.headers["cache-control"] == "private, no-cache"
    if path.answers is not None:  # type: ignore[attr-defined]
        told = msgspec.json.decode(reply.content, type=path.answers)  # type: ignore[attr-defined]
        assert msgspec.to_builtins(told) == reply.json() or path.name in (
            "token",
            "act",
            "docket",
            "log",
            "search",
        )  # type: ignore[attr-defined]


def test_bytes_are_those_that_are_stored(house: Built) -> None:
    entry = entry_at(house.record.store, Ref("TUR", 1))
    assert house.get("/acts/TUR/1/leaf").content == entry.leaf
    content = house.get("/acts/TUR/1/content").content
    assert commit(content) == parse_leaf(entry.leaf).content


def test_a_proof_is_the_file_that_anybody_can_check(house: Built) -> None:
    assert verify_proof(house.get("/acts/TUR/1/proof").content)
    assert b'"docket"' in house.get("/dockets/TUR/1/proof").content


def test_a_log_is_read_page_by_page(house: Built) -> None:
    seen: list[str] = []
    at: str | None = "/logs/TUR?limit=2"
    while at is not None:
        reply = house.get(at)
        page = msgspec.json.decode(reply.content, type=answers.LogPage)
        seen += [act.ref for act in page.acts]
        link = reply.headers.get("link")
        assert (link is None) == (page.next is None)
        at = link.partition(">")[0].removeprefix("</api/v1") if link else None
    assert seen == [f"TUR/{number}" for number in range(house.record.ready["TUR"])]
    assert house.get("/logs/XXX").status_code == 404


def test_dockets_are_read_page_by_page_each_once(house: Built) -> None:
    wanted = [house.convene(number).json()["ref"] for number in range(1, 6)]
    seen: list[str] = []
    at: str | None = "/dockets?chapter=meetings&limit=2"
    while at is not None:
        reply = house.get(at)
        seen += [line["docket"] for line in reply.json()["dockets"]]
        link = reply.headers.get("link")
        at = link.partition(">")[0].removeprefix("</api/v1") if link else None
    assert seen == wanted


def test_what_is_not_here_is_404_and_says_so(house: Built) -> None:
    for at, code in (
        ("/acts/TUR/99999", "act_unknown"),
        ("/dockets/TUR/99999", "docket_unknown"),
        ("/dockets/TUR/1/questions/nothing", "question_unknown"),
        ("/dockets?chapter=nothing", "chapter_unknown"),
        ("/lineage?of=TUR/99999", "lineage_unknown"),
    ):
        reply = house.get(at)
        assert (reply.status_code, reply.json()["code"]) == (404, code)


def test_every_kind_of_every_chapter_can_be_said_but_the_one_that_founds() -> None:
    for chapter in all_chapters().values():
        found = [kind.name for kind in verbs(chapter)]
        assert set(found) >= {kind.name for kind in chapter.kinds}
        assert (DESTROYED in found) == any(kind.erasable for kind in chapter.kinds)


def test_what_was_said_is_found_by_its_words_page_by_page(house: Built) -> None:
    for title in ("Water of the two rivers", "Water for the border towns"):
        docket = house.convene(40).json()["ref"]
        house.say("meetings", "propose-item", {"fields": {"title": {"en": title}}, "docket": docket})
    first = house.get("/search?words=water&limit=1")
    told = first.json()
    assert (len(told["hits"]), told["next"]) == (1, 1)
    following = house.get(first.headers["link"].partition(">")[0].removeprefix("</api/v1")).json()
    assert following["hits"][0]["ref"] != told["hits"][0]["ref"]
    assert any(span["found"] for span in told["hits"][0]["excerpt"])
