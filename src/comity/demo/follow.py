"""What follows from a signature: commitments, their status as each side sees it, evidence, a committee and its report.

The steps are those that public reports of August 2024 name: the two centres, the committees, the exemption, the talks.
What each side says of them here is invented.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from comity.core.act import Ref
from comity.demo import cast
from comity.demo.stage import PARTIES, Failed
from comity.demo.steps import END, Steps
from comity.node import asking

__all__ = ["MEETING_DAY", "Follow"]

MEETING_DAY = "2024-08-15"


class Follow(Steps):
    """The scenes after entry into force. They use what the scenes before them have put into `refs`."""

    def statement(self) -> None:
        """One text that both accept, and what two reports make of it."""
        self.teller.part("part.statement")
        texts = [str(cast.TEXTS / f"statement.{tag}.md") for tag in ("en", "tr", "ar")]
        statement = self.do(
            "statement", "IRQ", f"{MEETING_DAY}T19:00:00", "statements", "propose", *texts, "--sort",
            "joint_statement", "--about", self.refs["meeting"], "--about", self.refs["memorandum"],
            "--on", MEETING_DAY, "--office", "mfa",
        )  # fmt: skip
        self.do(
            "statement yes", "TUR", f"{MEETING_DAY}T19:30:00", "statements", "accept", "--answers", statement,
            "--office", "mfa",
        )  # fmt: skip
        for hour, (name, outlet) in enumerate(cast.PRESS.items(), 20):
            report = str(cast.TEXTS / f"{name}.en.txt")
            published = self.do(
                name, "TUR", f"{MEETING_DAY}T{hour}:00:00", "statements", "record-publication", report,
                "--docket", statement, "--origin", "press", "--language", "en", "--outlet", outlet,
                "--on", MEETING_DAY, "--office", "mfa", note=outlet,
            )  # fmt: skip
            self.do(
                f"{name} text", "TUR", f"{MEETING_DAY}T{hour}:30:00", "statements", "attach-text", report,
                "--answers", published, "--office", "mfa",
            )  # fmt: skip

        self._compare(statement)

    def _compare(self, statement: str) -> None:
        """What each report leaves out, adds or changes, passage by passage."""
        for text in self.same("statements", "comparison", statement)["texts"]:
            found = text["comparison"]["findings"]
            differ = [one for one in found if one["relation"] not in ("same", "reworded")]
            self.teller.note("compared_text", outlet=text["outlet"], passages=len(found), differ=len(differ))
            for one in differ:
                kinds = [
                    f"{self.teller.value(each['kind'], 'statements')}: "
                    + " → ".join(words for words in (each["ours"], each["published"]) if words)
                    for each in one["differences"]
                ]
                words = "; ".join(kinds) or " ".join(span["text"] for span in one["ours"] or one["published"])
                relation = self.teller.value(one["relation"], "statements")
                if one["passages"]:
                    number = ", ".join(map(str, one["passages"]))
                    self.teller.detail("difference", passage=number, relation=relation, words=words)
                else:
                    self.teller.detail("difference_added", relation=relation, words=words)

    def commitments(self) -> None:
        """Four commitments; one split in two; one agreed, one disputed, one unanswered."""
        self.teller.part("part.steps")
        memorandum, decisions = self.refs["memorandum"], self.refs["minutes"]
        sources = {"centres": f"{memorandum}#art-6", "committees": f"{memorandum}#art-3",
                   "exemption": f"{decisions}#D2", "talks": f"{decisions}#D3"}  # fmt: skip
        for hour, (step, source) in enumerate(sources.items(), 9):
            self._commit(step, f"2024-10-01T{hour:02}", source)
        self._split()
        self._assert()
        for party in PARTIES:
            self.stage.exchange(party)
        for step in ("exemption", "committees", "talks"):
            self._tell_status(step)

    def _commit(self, step: str, when: str, source: str, *parents: str) -> None:
        terms = {**cast.COMMITMENTS[step], "source": source}
        body, mandate = ("security-mechanism", f"{self.refs['terms']}#art-1")
        if not source.startswith(self.refs["minutes"]):
            body, mandate = "planning", f"{self.refs['memorandum']}#art-2"
        more = [word for parent in parents for word in ("--parents", parent)]
        self.do(
            step, "TUR", f"{when}:00:00", "commitments", "propose", "--mandate", mandate, "--body", body,
            "--terms", json.dumps(terms), *more, "--office", "mfa", note=terms["title"][self.language],
        )  # fmt: skip
        self.do(
            f"{step} yes", "IRQ", f"{when}:30:00", "commitments", "accept", "--answers", self.refs[step],
            "--office", "mfa",
        )  # fmt: skip

    def _split(self) -> None:
        """The centres, in one commitment at first, become one each."""
        whole, memorandum = self.refs["centres"], self.refs["memorandum"]
        self._commit("baghdad", "2024-10-02T09", f"{memorandum}#art-4", whole)
        self._commit("bashika", "2024-10-02T11", f"{memorandum}#art-5", whole)
        parts = [word for part in ("baghdad", "bashika") for word in ("--by", self.refs[part])]
        closing = self.do(
            "closing", "IRQ", "2024-10-02T14:00:00", "commitments", "propose-closing", "--docket", whole,
            "--outcome", "replaced", *parts, *cast.tagged("--reason", cast.REASONS["closing"]), "--office", "mfa",
        )  # fmt: skip
        self.do(
            "closed", "TUR", "2024-10-02T15:00:00", "commitments", "accept", "--answers", closing,
            "--office", "mfa",
        )  # fmt: skip

    def _assert(self) -> None:
        """Each side says how far things are, as it sees them."""
        for name, party, day, step, status in cast.ASSERTIONS:
            reason = cast.tagged("--reason", cast.REASONS[name]) if name in cast.REASONS else ()
            self.do(
                name, party, f"{day}:00:00", "commitments", "assert-status", "--docket", self.refs[step],
                "--status", status, *reason, "--office", "mfa", note=cast.COMMITMENTS[step]["title"][self.language],
            )  # fmt: skip

    def _tell_status(self, step: str) -> None:
        """How one commitment is shown at the end, the same at both nodes."""
        told = self.same("commitments", "status", self.refs[step])
        title = cast.COMMITMENTS[step]["title"][self.language]
        views = ", ".join(
            f"{self.name(said['party'])}: {self.teller.value(said['status'], 'commitments')}"
            for said in told["views"]
        )
        self.teller.note(f"status_{told['is']}", title=title, views=views)

    def evidence(self) -> None:
        """A file that stays where it is, proven to exist; and later shown to one reader."""
        self.teller.part("part.evidence")
        paper = self.stage.folder / "attendance.txt"
        paper.write_text(cast.EVIDENCE, "utf-8")
        recorded = self.do(
            "evidence", "TUR", "2024-10-22T11:00:00", "commitments", "record-evidence", str(paper),
            "--docket", self.refs["committees"], *cast.tagged("--title", cast.EVIDENCE_TITLE),
            "--media-type", "text/plain", "--shows", "done", "--office", "mfa",
        )  # fmt: skip
        shown = self.stage.tell("IRQ", "", "show", recorded, "--act")["content"]
        self.teller.note("withheld", size=shown["size"], digest=shown["digest"][:16])
        disclosed = self.stage.folder / "attendance.disclosure"
        self.stage.tell(
            "TUR", "", "commitments", "disclose", recorded, "--name", paper.name, "-o", str(disclosed)
        )
        held = self.stage.tell("IRQ", "", "commitments", "verify-evidence", str(disclosed))
        if not held:
            raise Failed("the disclosed evidence did not verify")
        self.teller.note("disclosed", file=disclosed.name)

    def committee(self) -> None:
        """Seats with terms, and a report that each side's node makes for itself before it says yes."""
        self.teller.part("part.committee")
        mandate = ("--mandate", f"{self.refs['memorandum']}#art-2", "--body", "planning")
        register = self.do(
            "register", "IRQ", "2024-10-23T09:00:00", "committees", "constitute", *mandate, "--office", "mfa"
        )
        for party in PARTIES:
            seat = self.do(
                f"{party} seat", party, "2024-10-23T10:00:00", "committees", "fill-seat", "--docket", register,
                "--seat", f"{party}-1", "--role", "co_chair", "--since", "2024-10-01", "--until", "2026-09-30",
                "--office", "mfa",
            )  # fmt: skip
            self.do(
                f"{party} person", party, "2024-10-23T10:30:00", "committees", "name-person", "--answers", seat,
                "--name", cast.CHAIRS[party], "--office", "mfa",
            )  # fmt: skip
        report = self.do(
            "report", "TUR", "2024-11-04T10:00:00", "committees", "propose-report", "--docket", register,
            "--since", "2024-09-25", "--until", "2024-10-31", "--office", "mfa",
        )  # fmt: skip
        self.do(
            "report yes", "IRQ", "2024-11-05T10:00:00", "committees", "accept-report", "--answers", report,
            "--office", "mfa",
        )  # fmt: skip

    def release(self) -> None:
        """What anybody may read: the outcome of the memorandum, of the meeting and of the statement."""
        self.teller.part("part.release")
        for hour, matter in enumerate(("memorandum", "meeting", "statement"), 9):
            proposed = self.do(
                f"{matter} release", "TUR", f"2024-11-06T{hour:02}:00:00", "releases", "propose",
                "--matter", self.refs[matter], "--extent", "outcome", "--office", "mfa",
            )  # fmt: skip
            self.do(
                f"{matter} released", "IRQ", f"2024-11-06T{hour:02}:30:00", "releases", "accept",
                "--answers", proposed, "--office", "mfa",
            )  # fmt: skip

    def same(self, chapter: str, question: str, docket: str) -> Mapping[str, Any]:
        """What both nodes answer to a question at the story's end. Raises `Failed` if they differ."""
        told = [asking.ask(self.stage.record(party), Ref.parse(docket), question, END) for party in PARTIES]
        if told[0] != told[1]:
            raise Failed(f"{chapter} {question} {docket}: the two nodes answer differently")
        found: Mapping[str, Any] = told[0]
        return found
