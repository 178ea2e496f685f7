"""A process to be killed: two real nodes in their folders, under load. It tells each thing once it is acknowledged.

python -m tests.worlds.speaker FOLDER      writes lines such as
said TUR TUR/17 3q2-...43 characters       an act, by its leaf hash, that `say` has returned
head TUR 18 8fJ1...                        a signed head that was given out, by its root
took IRQ TUR 18                            what IRQ has told that it holds of TUR's log, on disk
"""

from __future__ import annotations

import os
import random
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from tests.worlds import pact

from comity.core.act import Ref
from comity.core.charter import ROOT
from comity.core.errors import ComityError, Refused
from comity.core.fold import DESTROYED, ContentDestroyed
from comity.core.keys import b64
from comity.core.log import parse_page
from comity.exchange.talk import Offer, Taken, answer, converse
from comity.node.home import Node
from comity.node.record import Draft, Record


def tell(*words: object) -> None:
    """One line in one write, so that a killed process never leaves half of one that counts."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def speak(record: Record, seed: int) -> None:
    chance, docket, notes = random.Random(seed), None, []
    while True:
        try:
            if docket is None or chance.random() < 0.02:
                said = record.say(Draft("pact.put/1", pact.Put("text"), ROOT))
                docket, notes = said.ref, []
            elif notes and chance.random() < 0.1:
                gone = notes.pop(chance.randrange(len(notes)))
                said = record.say(
                    Draft(DESTROYED, ContentDestroyed("test"), ROOT, docket=docket, answers=[gone])
                )
                tell("gone", record.party, gone)
            else:
                note = pact.Noted("x" * chance.randrange(2000))
                said = record.say(Draft("pact.noted/1", note, ROOT, docket=docket))
                notes.append(said.ref)
        except Refused as refused:
            if refused.code != "clock_went_back":
                raise
            continue
        tell("said", record.party, said.ref, record.folds.leaves.hash_of(Ref(*said.ref)))


def exchange(asker: Record, asked: Record) -> None:
    while True:
        run, reply = converse(asker, asked.party, 20_000), None
        try:
            while True:
                request = run.send(reply)
                reply = answer(asked, asker.party, request)
                if isinstance(reply, Taken) and isinstance(request, Offer):
                    tell("took", asked.party, parse_page(request.page).log, reply.size)
        except StopIteration:
            pass
        for record in (asker, asked):
            head = record.heads()[record.party].checkpoint
            tell("head", record.party, head.size, b64(head.root))


def guarded(work: object, *args: object) -> None:
    """An error in a thread must not pass for a quiet one."""
    try:
        work(*args)
    except ComityError as error:
        tell("error", repr(error))
        os._exit(3)


def main(folder: Path) -> None:
    chapters = {"pact": pact.CHAPTER}
    records = [Node(folder / code, chapters, lambda: datetime.now(UTC)).record() for code in ("IRQ", "TUR")]
    works = [(speak, records[1], n) for n in range(3)] + [(speak, records[0], 9), (exchange, *records)]
    for work in works:
        threading.Thread(target=guarded, args=work, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
