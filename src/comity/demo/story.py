"""`comity demo`: the story, told once, and what it came to.

    {"nodes": {"TUR": {"acts": 52, "state_digest": "9f3c...", "settled": 61, ...}, "IRQ": {...}}, "bodies": [...],
     "milestones": [{"docket": "TUR/4", "what": "affirmed", "standing": {"TUR": "settled", "IRQ": "settled"}}, ...],
     "verified": true}

It fails (exit 1) unless both nodes end with the same state digest and everything joint is settled on both. Then both
nodes open their pages side by side, until Ctrl-C; a folder that was named is opened again next time, as it was left.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from comity.core import charter as charters
from comity.core.errors import Unavailable
from comity.demo import cast
from comity.demo.people import PEOPLE, Kept, make_people, read_kept, write_kept
from comity.demo.scenes import Play
from comity.demo.stage import PARTIES, Failed, Stage
from comity.demo.telling import Teller
from comity.node import asking

__all__ = ["run"]


def run(language: str, *, once: bool, file: Path | None, folder: Path | None) -> int:
    """Tell the story in a folder (a temporary one if None). Returns the exit code."""
    once = once or not (sys.stdout.isatty() and sys.stdin.isatty())
    if folder is not None:
        kept = read_kept(folder)
        if kept is not None:
            return _again(language, folder, kept, once=once)
        _fresh(folder)
        return _tell(language, once=once, file=file, folder=folder)
    with tempfile.TemporaryDirectory(prefix="comity-demo-") as temporary:
        return _tell(language, once=once, file=file, folder=Path(temporary))


def _fresh(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Unavailable(str(folder), "is not empty: name a folder that is, or a new one")
    except OSError as error:
        raise Unavailable(str(folder), f"cannot be used: {error.strerror}") from error


def _tell(language: str, *, once: bool, file: Path | None, folder: Path) -> int:
    """The whole story, and both nodes' pages after it."""

    def story(stage: Stage, teller: Teller) -> bool:
        begun, play = time.monotonic(), Play(stage, teller, language)
        teller.note("what")
        play.run()
        came = _came_to(play)
        came["seconds"] = round(time.monotonic() - begun, 1)
        whole = _tell_end(teller, came)
        if file is not None:
            _write(file, came)
        kept = _people(play)
        write_kept(folder, kept)
        if not once:
            _open(teller, stage, kept)
        return whole

    return _framed(Stage(folder, language), language, story)


def _again(language: str, folder: Path, kept: Kept, *, once: bool) -> int:
    """A folder in which the story was told before: both nodes as they were left."""

    def again(stage: Stage, teller: Teller) -> bool:
        teller.note("again", folder=folder)
        if not once:
            _open(teller, stage, kept)
        return True

    return _framed(Stage(folder, language, kept.ports), language, again)


def _framed(stage: Stage, language: str, scenes: Callable[[Stage, Teller], bool]) -> int:
    """Scenes on a stage that is cleared in the end, however they end. Returns the exit code."""
    teller = Teller(language)
    try:
        teller.part("title")
        return 0 if scenes(stage, teller) else 1
    except Failed as failed:
        print(f"{teller.say('failed')}\n{failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    finally:
        stage.close()


def _came_to(play: Play) -> dict[str, Any]:
    """What the story came to, from both nodes' own records."""
    milestones = []
    for docket, chapter in _dockets(play):
        for found, standings in play.milestones(docket):
            milestones.append({
                "docket": docket, "chapter": chapter, "what": found["what"], "subject": found["subject"],
                "facts": found["facts"], "halves": found["halves"], "standing": standings,
            })  # fmt: skip
    return {
        "nodes": {party: _node(play, party, milestones) for party in PARTIES},
        "bodies": play.bodies(),
        "milestones": milestones,
        "verified": bool(play.verification),
        "verification": json.loads(play.verification) if play.verification else None,
    }


def _dockets(play: Play) -> list[tuple[str, str]]:
    """Every docket that either node knows, with its chapter."""
    found: dict[str, str] = {}
    for party in PARTIES:
        record = play.stage.record(party)
        for chapter in (charters.CHAPTER, *record.chapters.values()):
            found |= {
                docket["docket"]: chapter.name for docket in asking.dockets(record, chapter, limit=1000)
            }
    return list(found.items())


def _node(play: Play, party: str, milestones: list[dict[str, Any]]) -> dict[str, Any]:
    record = play.stage.record(party)
    sizes = {other: record.store.size(other) for other in PARTIES}
    settled = [found for found in milestones if found["standing"][party] == "settled"]
    return {
        "acts": sum(sizes.values()),
        "logs": sizes,
        "state_digest": asking.digest(record),
        "settled": len(settled),
        "unsettled": len(milestones) - len(settled),
        "mechanism": record.mechanism,
    }


def _tell_end(teller: Teller, came: dict[str, Any]) -> bool:
    """The last lines; whether all is as it must be."""
    nodes = came["nodes"]
    teller.part("part.end")
    for party in PARTIES:
        node = nodes[party]
        teller.note(
            "node", party=party, acts=node["acts"], settled=node["settled"], unsettled=node["unsettled"],
            digest=node["state_digest"],
        )  # fmt: skip
    same = len({node["state_digest"] for node in nodes.values()}) == 1
    whole = same and not any(node["unsettled"] for node in nodes.values()) and bool(came["verified"])
    teller.note("equal" if same else "different")
    if whole:
        teller.note("done", seconds=came["seconds"])
    return whole


def _write(file: Path, came: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(came, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise Unavailable(str(file), f"cannot be written: {error.strerror}") from error


def _people(play: Play) -> Kept:
    """The people of both nodes."""
    stage = play.stage
    passwords = {
        party: make_people(stage.node(party), party, stage.record(party).mechanism, stage.page_address(party))
        for party in PARTIES
    }
    return Kept(passwords, {party: (stage.ports[party], stage.page_ports[party]) for party in PARTIES})


def _open(teller: Teller, stage: Stage, kept: Kept) -> None:
    """Both nodes with their pages, side by side, until Ctrl-C or Enter."""
    stage.cut()
    stage.open()
    for party in PARTIES:
        teller.part("pages", party=cast.NAMES[party][teller.language], address=stage.page_address(party))
        for person in PEOPLE[party]:
            office = next((titles for name, titles, *_ in cast.OFFICES[party] if name == person.office), None)
            held = (
                office[teller.language]
                if office
                else teller.say("root" if person.office else "administrator")
            )
            teller.note("person", name=person.name, password=kept.passwords[party][person.name], office=held)
    teller.part("linger", tur=stage.node("TUR"))
    try:
        input()
    except (EOFError, KeyboardInterrupt):
        return
