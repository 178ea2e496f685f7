"""The scenes, in the order of the story. Each step is a command at one node, carried to the other, and told.

The days are those of August to November 2024, asserted with `--now`; what the nodes say to each other over the wire is
dated by the machine's clock.
"""

from __future__ import annotations

from comity.demo import cast
from comity.demo.follow import MEETING_DAY
from comity.demo.paper import Papers
from comity.demo.stage import PARTIES, Failed, verify_elsewhere

__all__ = ["Play"]

ANKARA = {"en": "Ankara", "tr": "Ankara", "ar": "أنقرة"}
BAGHDAD = {"en": "Baghdad", "tr": "Bağdat", "ar": "بغداد"}
CHAPTERS = ("commitments", "committees", "instruments", "meetings", "releases", "statements")


class Play(Papers):
    """Every scene. `verification` is what the stranger saw, once he has."""

    verification = ""

    def run(self) -> None:
        """Every scene. Raises `Failed`."""
        self._founding()
        self._offices()
        self._terms()
        self._convening()
        self._negotiation()
        self._signature()
        self._meeting()
        self.statement()
        self._minutes()
        self._entry_into_force()
        self.commitments()
        self._cut()
        self.evidence()
        self.committee()
        self.release()
        self._proof()

    def _founding(self) -> None:
        stage, teller = self.stage, self.teller
        teller.part("part.founding")
        prints = {}
        for party in PARTIES:
            stage.tell(party, "", "init", "--party", party, *cast.tagged("--name", cast.NAMES[party]))
            card = str(stage.folder / f"{party.lower()}.card")
            prints[party] = stage.tell(
                party, "", "card", "make", "-o", card, "--address", stage.address(party)
            )["fingerprint"]
            teller.note("card", party=self.name(party), fingerprint=prints[party])
        teller.note("compared")
        charter, cards = (
            str(stage.folder / "mechanism.charter"),
            [str(stage.folder / f"{p.lower()}.card") for p in PARTIES],
        )
        chapters = [word for name in CHAPTERS for word in ("--chapter", name)]
        stage.tell(
            "TUR", "2024-08-01T09:00:00+03:00", "found", "propose", *cards, *cast.tagged("--name", cast.MECHANISM),
            *chapters, "--fingerprint", f"IRQ={prints['IRQ']}", "-o", charter,
        )  # fmt: skip
        accepted = stage.tell(
            "IRQ",
            "2024-08-01T10:00:00+03:00",
            "found",
            "accept",
            charter,
            "--fingerprint",
            f"TUR={prints['TUR']}",
        )
        stage.link()
        stage.exchange("TUR")
        teller.note("founded", mechanism=accepted["mechanism"])
        for party in PARTIES:
            teller.act(stage.tell(party, "", "show", f"{party}/0", "--act"), self.name(party), "charter")
            self.true(f"{party}/0", "charter")

    def _offices(self) -> None:
        self.teller.part("part.offices")
        for party in PARTIES:
            for minute, (office, titles, holder, capacity) in enumerate(cast.OFFICES[party]):
                title = titles[self.language]
                more = ("--holder", holder, "--ex-officio", capacity, "--new-key")
                self.do(
                    f"{party} {office}", party, f"2024-08-01T11:{minute:02}:00", "charter", "fill-office",
                    "--office", office, *cast.tagged("--titles", titles), *more, note=title,
                )  # fmt: skip

    def _terms(self) -> None:
        self.teller.part("part.terms")
        self.teller.note("terms")
        files = [str(cast.TEXTS / f"mechanism-2019.{tag}.md") for tag in ("en", "tr", "ar")]
        terms = self.do(
            "terms", "TUR", "2024-08-02T09:00:00", "instruments", "record", *files,
            "--in-force-since", "2019-03-01", "--office", "mfa",
        )  # fmt: skip
        self.do(
            "affirmed",
            "IRQ",
            "2024-08-02T11:00:00",
            "instruments",
            "affirm",
            "--docket",
            terms,
            "--office",
            "mfa",
        )

    def _convening(self) -> None:
        self.teller.part("part.convening")
        body = ("--mandate", f"{self.refs['terms']}#art-1", "--body", "security-mechanism", "--round", "4")
        place = tuple(cast.tagged("--place", ANKARA))
        meeting = self.do(
            "meeting", "TUR", "2024-08-02T14:00:00", "meetings", "convene", *body,
            "--starts", "2024-08-22T10:00:00+03:00", *place, "--office", "mfa", note="2024-08-22",
        )  # fmt: skip
        counter = self.do(
            "counter", "IRQ", "2024-08-03T10:00:00", "meetings", "propose-date", "--answers", meeting,
            "--starts", f"{MEETING_DAY}T10:00:00+03:00", *place, "--office", "mfa", note=MEETING_DAY,
        )  # fmt: skip
        self.do(
            "date",
            "TUR",
            "2024-08-03T15:00:00",
            "meetings",
            "accept-date",
            "--answers",
            counter,
            "--office",
            "mfa",
        )
        for party in PARTIES:
            self.do(
                f"{party} delegation", party, "2024-08-05T09:00:00", "meetings", "name-delegation",
                "--docket", meeting, "--head", cast.DELEGATIONS[party], "--office", "mfa",
            )  # fmt: skip
        for (party, other), hour in ((PARTIES, 9), (PARTIES[::-1], 14)):
            title = cast.AGENDA[party]
            item = self.do(
                f"{party} item", party, f"2024-08-06T{hour:02}:00:00", "meetings", "propose-item", "--docket", meeting,
                *cast.tagged("--title", title), "--office", "mfa", note=title[self.language],
            )  # fmt: skip
            when = f"2024-08-06T{hour + 2}:00:00"
            self.do(
                f"{party} item yes",
                other,
                when,
                "meetings",
                "accept-item",
                "--answers",
                item,
                "--office",
                "mfa",
            )

    def _negotiation(self) -> None:
        self.teller.part("part.negotiation")
        self.teller.note("illustrative")
        first = [str(cast.TEXTS / f"memorandum.{tag}.md") for tag in ("en", "tr", "ar")]
        memorandum = self.do(
            "memorandum", "TUR", "2024-08-07T09:00:00", "instruments", "propose", *first, "--office", "mfa"
        )
        second = [str(cast.TEXTS / f"memorandum-draft1.{tag}.md") for tag in ("en", "tr", "ar")]
        draft = self.do(
            "draft", "IRQ", "2024-08-08T09:00:00", "instruments", "revise", *second, "--docket", memorandum,
            "--office", "mfa",
        )  # fmt: skip
        self._redline(memorandum, draft)
        for bracket, choice, hour in (("b1", "IRQ", 9), ("b2", "TUR", 12)):
            for party in PARTIES:
                when = f"2024-08-10T{hour + PARTIES.index(party):02}:00:00"
                self.do(
                    f"{party} {bracket}", party, when, "instruments", "position", "--docket", memorandum,
                    "--bracket", bracket, "--status", "agreed", "--choice", choice, "--office", "mfa", note=bracket,
                )  # fmt: skip
        for party in PARTIES:
            when = f"2024-08-12T{9 + PARTIES.index(party):02}:00:00"
            self.do(
                f"{party} accepts",
                party,
                when,
                "instruments",
                "accept",
                "--docket",
                memorandum,
                "--office",
                "mfa",
            )

    def _redline(self, old: str, new: str) -> None:
        changes = self.stage.tell("TUR", "", "instruments", "redline", old, new, "--in", self.language)
        self.teller.note("redline", changes=len(changes))
        marks = {"same": ("", ""), "out": ("[-", "-]"), "in": ("{+", "+}")}
        for change in changes:
            text = "".join(
                marks[piece["op"]][0] + piece["text"] + marks[piece["op"]][1] for piece in change["pieces"]
            )
            if change["op"] == "changed":
                self.teller.note("redline_line", provision=change["provision"], text=" ".join(text.split()))

    def _signature(self) -> None:
        self.teller.part("part.signature")
        memorandum = self.refs["memorandum"]
        for party in PARTIES:
            self.do(
                f"{party} powers", party, "2024-08-13T09:00:00", "charter", "issue-powers", "--office", "defence",
                "--instrument", memorandum, "--until", "2024-12-31",
            )  # fmt: skip
        self.certify()
        for party in PARTIES:
            when = f"{MEETING_DAY}T{15 + PARTIES.index(party)}:00:00"
            self.do(
                f"{party} signs", party, when, "instruments", "sign", "--docket", memorandum,
                "--signed-on", MEETING_DAY, "--place", "Ankara", "--office", "defence",
            )  # fmt: skip
        self.sign_paper()

    def _meeting(self) -> None:
        self.teller.part("part.meeting")
        meeting = self.refs["meeting"]
        for party in PARTIES:
            when = f"{MEETING_DAY}T18:00:00"
            self.do(
                f"{party} held",
                party,
                when,
                "meetings",
                "hold",
                "--docket",
                meeting,
                "--on",
                MEETING_DAY,
                "--office",
                "mfa",
            )

    def _minutes(self) -> None:
        self.teller.part("part.minutes")
        meeting = self.refs["meeting"]
        papers = []
        for tag, text in cast.MINUTES.items():
            papers.append(self.stage.folder / f"minutes.{tag}.md")
            papers[-1].write_text(text.replace("{item}", self.refs["TUR item"]), "utf-8")
        minutes = self.do(
            "minutes", "TUR", "2024-08-16T10:00:00", "meetings", "propose-minutes", *map(str, papers),
            "--docket", meeting, "--office", "mfa",
        )  # fmt: skip
        self.do(
            "approved", "IRQ", "2024-08-19T10:00:00", "meetings", "approve-minutes", "--answers", minutes,
            "--reservations", cast.RESERVATION, "--office", "mfa", note=self.teller.say("reservation"),
        )  # fmt: skip

    def _entry_into_force(self) -> None:
        self.teller.part("part.force")
        memorandum = self.refs["memorandum"]
        for party, day in (("TUR", "2024-09-10"), ("IRQ", "2024-09-25")):
            self.do(
                f"{party} notifies", party, f"{day}T10:00:00", "instruments", "notify", "--docket", memorandum,
                "--office", "mfa",
            )  # fmt: skip
        answer = self.stage.tell(
            "IRQ", "", "instruments", "ask", "in_force", memorandum, "--on", "2024-10-01"
        )
        self.teller.note("in_force", since=answer["since"])
        for body in self.bodies():
            if body["mandate"].startswith(f"{memorandum}#"):
                name, seat = body["names"].get(self.language) or body["names"]["en"], body["seat"]
                self.teller.note("body", body=f"{name} ({seat})" if seat else name, mandate=body["mandate"])

    def _cut(self) -> None:
        self.teller.part("part.cut")
        water = next(body for body in self.bodies() if body["body"] == "water")
        round_ = self.do(
            "water", "TUR", "2024-10-07T10:00:00", "meetings", "convene", "--mandate", water["mandate"],
            "--body", "water", "--round", "1", "--starts", "2024-11-20T10:00:00+03:00",
            *cast.tagged("--place", BAGHDAD), "--office", "mfa", note="2024-11-20",
        )  # fmt: skip
        self.stage.cut()
        code, why = self.stage.ask("TUR", "", "sync", "IRQ")
        if code != 3:
            raise Failed(f"a cut link was not noticed: exit {code} {why}")
        self.teller.note("link_cut")
        self.do(
            "crossed no",
            "TUR",
            "2024-10-14T10:00:00",
            "meetings",
            "withdraw-date",
            "--answers",
            round_,
            "--office",
            "mfa",
        )
        self.do(
            "crossed yes",
            "IRQ",
            "2024-10-14T12:00:00",
            "meetings",
            "accept-date",
            "--answers",
            round_,
            "--office",
            "mfa",
        )
        energy = next(body for body in self.bodies_of("IRQ") if body["body"] == "energy")
        self.do(
            "energy", "IRQ", "2024-10-15T10:00:00", "meetings", "convene", "--mandate", energy["mandate"],
            "--body", "energy", "--round", "1", "--starts", "2024-11-27T10:00:00+03:00",
            *cast.tagged("--place", ANKARA), "--office", "mfa", note="2024-11-27",
        )  # fmt: skip
        for sender, recipient in (PARTIES, PARTIES[::-1], PARTIES):
            self.carry(sender, recipient)
        self.true(round_, "meetings")
        self.teller.note("crossed", withdrawal=self.refs["crossed no"], acceptance=self.refs["crossed yes"])
        self.stage.link()
        self.teller.note("link_back")
        self.do(
            "energy yes", "TUR", "2024-10-21T10:00:00", "meetings", "accept-date", "--answers", self.refs["energy"],
            "--office", "mfa",
        )  # fmt: skip
        for party in PARTIES:
            self.stage.exchange(party)

    def _proof(self) -> None:
        self.teller.part("part.proof")
        proof = self.stage.folder / "proof.json"
        signed = self.refs["IRQ signs"]
        self.stage.tell("TUR", "", "prove", signed, "-o", str(proof))
        verified, told = verify_elsewhere(proof)
        if not verified:
            raise Failed(told)
        self.verification = told
        self.teller.note("verified", ref=signed, file=proof.name)
        self.check_paper()
