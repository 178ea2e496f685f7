"""The memorandum as a paper that both sign, and what a stranger makes of it, as it is and with one letter changed."""

from __future__ import annotations

import json

import msgspec

from comity.core.act import Ref
from comity.demo.follow import MEETING_DAY, Follow
from comity.demo.stage import PARTIES, Failed, verify_elsewhere
from comity.papers.assembling import paper_of
from comity.papers.increments import split
from comity.papers.typeset import typeset

__all__ = ["Papers"]


class Papers(Follow):
    """The scenes of the signed paper. `paper_verified` is what the stranger saw."""

    paper_verified = ""

    def sign_paper(self) -> None:
        """Each officer signs the same file, one after the other."""
        self.teller.note("paper")
        for party in PARTIES:
            when = f"{MEETING_DAY}T17:{PARTIES.index(party)}0:00"
            self.do(
                f"{party} paper", party, when, "paper", "sign", self.refs["memorandum"], "--office", "defence",
                "--place", "Ankara", words="instruments",
            )  # fmt: skip

    def certify(self) -> None:
        """Each side names the certificate with which its officer signs papers."""
        for party in PARTIES:
            self.do(
                f"{party} certificate", party, "2024-08-13T10:00:00", "paper", "certify", "--office", "defence",
                words="charter",
            )  # fmt: skip

    def check_paper(self) -> None:
        """Both nodes make the same signed file from their records; a stranger checks it, and one that was changed."""
        files = []
        for party in PARTIES:
            files.append(self.stage.folder / f"memorandum-{party.lower()}.pdf")
            self.stage.tell(party, "", "paper", "assemble", self.refs["memorandum"], "-o", str(files[-1]))
        if files[0].read_bytes() != files[1].read_bytes():
            raise Failed("the two nodes make different papers")
        verified, told = verify_elsewhere(files[0])
        if not verified:
            raise Failed(told)
        self.paper_verified = told
        self.teller.note("paper_verified", file=files[0].name)
        changed = self.stage.folder / "changed.pdf"
        changed.write_bytes(self._forged(files[0].read_bytes()))
        passed, _ = verify_elsewhere(changed)
        if passed:
            raise Failed("a changed paper was taken for the signed one")
        self.teller.note("paper_refused", file=changed.name)

    def _forged(self, signed: bytes) -> bytes:
        """The signed file with one letter of its text changed, and everything that was appended kept."""
        paper = paper_of(self.stage.record(PARTIES[0]), Ref.parse(self.refs["memorandum"]))
        data = json.dumps(paper.data, ensure_ascii=False)
        other = msgspec.structs.replace(paper, data=json.loads(data.replace("five years", "nine years")))
        begins, _ = split(signed)
        return typeset(other) + signed[begins:]
