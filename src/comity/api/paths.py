"""The table of all paths that are read: what each takes, what it answers, who makes the answer.

    Path("docket", "/dockets/{party}/{number}", reading.docket, Docket)

The application, the OpenAPI document and the page of the reference are made from it, so none of them can leave one out.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from comity.api import exhibits, reading, texts
from comity.api.asked import Param, Work
from comity.desk import answers
from comity.node import workdays

__all__ = ["PATHS", "Path", "pattern", "within"]

PARTY = Param("party", "party", needed=True)
NUMBER = Param("number", "number", needed=True)
_LIMIT = Param("limit", "number", fallback=50, least=1, most=500)
_ON = Param("on", "day")
_LANGUAGE = Param("language", "text")
_CONTENT = Param("with_content", "yes")
_BODY = (Param("mandate", "text", needed=True), Param("body", "text", needed=True))
_JSON, _BYTES = "application/json", "application/octet-stream"
_DIGEST = Param("digest", "digest", needed=True)
_KNOWN = (PARTY, NUMBER, Param("question", "text", needed=True), _DIGEST)


def within(path: str) -> tuple[Param, ...]:
    """The values that stand in a path itself."""
    return tuple(param for param in _KNOWN if f"{{{param.name}}}" in path)


class Path(NamedTuple):
    """One path that is read. `answers` is the type of its JSON, or None for data that a chapter or a list defines."""

    name: str
    path: str
    work: Work
    answers: Any = None
    query: tuple[Param, ...] = ()
    media: str = _JSON

    @property
    def within(self) -> tuple[Param, ...]:
        """The values in the path itself."""
        return within(self.path)


PATHS = (
    Path("token", "/token", reading.token, answers.Speaks),
    Path("mechanism", "/mechanism", reading.mechanism, answers.Mechanism),
    Path("chapters", "/chapters", reading.chapters, list[answers.ChapterOf]),
    Path(
        "dockets", "/dockets", reading.dockets, answers.Dockets,
        (Param("chapter", "text", needed=True), Param("after", "ref"), _LIMIT),
    ),
    Path("docket", "/dockets/{party}/{number}", reading.docket, answers.Docket),
    Path("docket_proof", "/dockets/{party}/{number}/proof", reading.proof_of_docket, None, (_CONTENT,)),
    Path("questions", "/dockets/{party}/{number}/questions", reading.questions, list[str]),
    Path("ask", "/dockets/{party}/{number}/questions/{question}", reading.ask, None, (_ON,)),
    Path("act", "/acts/{party}/{number}", reading.act, answers.Act),
    Path("leaf", "/acts/{party}/{number}/leaf", reading.leaf, media=_BYTES),
    Path("content", "/acts/{party}/{number}/content", reading.content, media=_BYTES),
    Path("proof", "/acts/{party}/{number}/proof", reading.proof, None, (_CONTENT,)),
    Path("log", "/logs/{party}", reading.log, answers.LogPage, (Param("from", "number", fallback=0), _LIMIT)),
    Path(
        "overview", "/overview", reading.overview, None,
        (_ON, Param("most", "number", fallback=20, least=1, most=10_000)),
    ),
    Path("programme", "/programme", reading.programme_of, None, (*_BODY, _ON)),
    Path(
        "reminders", "/reminders", reading.reminders, None,
        (_ON, Param("within", "number", fallback=30, most=3660)),
    ),
    Path("dormant", "/dormant", reading.dormant, None, (_ON, Param("days", "number", fallback=90, most=36_600))),
    Path(
        "search", "/search", reading.search, answers.Hits,
        (
            Param("words", "text", needed=True), Param("from", "number", fallback=0, most=reading.FARTHEST),
            Param("limit", "number", fallback=20, least=1, most=100),
        ),
    ),
    Path("waits", "/waits", reading.waits, None, (_ON,)),
    Path("bodies", "/bodies", reading.bodies_of, None, (_ON,)),
    Path("lineage", "/lineage", reading.lineage_of, None, (Param("of", "text", needed=True),)),
    Path(
        "report", "/report", reading.report, None,
        (*_BODY, Param("since", "day", needed=True), Param("until", "day", needed=True)),
    ),
    Path("paper", "/papers/{party}/{number}", reading.paper, None, (Param("languages", "text"),), "application/pdf"),
    Path("pack", "/papers/{party}/{number}/pack", reading.paper_pack, None, (_ON,), "application/zip"),
    Path("evidence_file", "/evidence/{party}/{number}/file", exhibits.released_file, media=_BYTES),
    Path(
        "disclosure", "/evidence/{party}/{number}/disclosure", exhibits.disclosure, None,
        (Param("name", "text"), Param("salt_only", "yes", fallback=False)), _BYTES,
    ),
    Path(
        "verification", "/uploads/{digest}/verification", exhibits.verification, answers.Verified,
        (Param("file", "digest"),),
    ),
    Path("fault", "/faults/{party}/proof", reading.fault),
    Path("documents", "/documents", texts.documents, None, (_ON,)),
    Path("markdown", "/texts/{party}/{number}/markdown", texts.markdown, None, (_LANGUAGE, _ON), "text/markdown"),
    Path("akn", "/texts/{party}/{number}/akn", texts.akn, None, (_LANGUAGE, _ON), "application/akn+xml"),
    Path("aligned", "/texts/{party}/{number}/aligned", texts.aligned, None, (_ON,)),
    Path(
        "redline", "/texts/{party}/{number}/redline", texts.redline, None,
        (Param("old", "ref", needed=True), _LANGUAGE),
    ),
    Path("calendar", "/meetings/{party}/{number}/calendar", texts.calendar, media="text/calendar"),
    Path(
        "comparison", "/statements/{party}/{number}/comparison", texts.comparison, None,
        (
            Param("file", "digest", needed=True), Param("language", "text", needed=True), Param("name", "text"), _ON,
        ),
    ),
    Path("sources", "/sources", texts.sources_of, None, (Param("of", "text", needed=True),)),
    Path(
        "workdays", "/workdays", texts.workdays, None,
        (
            _ON, Param("days", "number", needed=True, least=1, most=workdays.MOST), Param("parties", "text"),
            Param("closed", "text"), Param("worked", "text"),
        ),
    ),
)  # fmt: skip


def pattern(path: str) -> str:
    """The path as the router takes it: every value a string, read by `Param`."""
    return path.replace("}", ":str}")
