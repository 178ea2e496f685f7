"""One mechanism at one node: say, receive, ask, and sign heads. Only wiring: rules are in `core` and the chapters.

    said = record.say(Draft("meeting.date_accepted/1", DateAccepted(), office="secretariat", answers=[Ref("TUR", 3)]))
    record.receive(page)            # another party's acts, proved before they are stored
    record.view(Ref("TUR", 3))      # the docket as it stands

Everything that writes goes through one group commit. What is held in memory (edges, folds, the ready cut) is derived
from the store: it is read anew when a transaction fails or another process has written.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from comity.core import canonical, merkle
from comity.core.act import Act, Ref, covers
from comity.core.chapter import Chapter
from comity.core.charter import Charter
from comity.core.checkpoint import Checkpoint, Note, Seen, cosign, merge, parse_note, require_author, sign
from comity.core.entry import SALT, Entry, Leaf, PersonSignature, commit, encode_leaf, parse_leaf, signed_bytes
from comity.core.errors import Broken, Malformed, Refused
from comity.core.fold import DESTROYED
from comity.core.keys import Signer, b64, key_id
from comity.core.log import Evidence, Page, Taken, examine
from comity.node.folds import Folds
from comity.node.holding import Holding, Tree
from comity.storage.group import GroupCommit
from comity.storage.port import Row, Store

__all__ = ["Draft", "Record", "Said"]

PAGE_BYTES = 1 << 20


class Draft(msgspec.Struct, frozen=True):
    """What someone wants to say. `docket` None opens one. `signer` is the person's key where the act needs one.

    `time` overrides the clock; `clock_checked` says that a person has looked at a clock that went back.
    """

    kind: str
    body: Any
    office: str
    docket: Ref | None = None
    answers: Sequence[Ref] = ()
    mandate: str = ""
    signer: Signer | None = None
    time: datetime | None = None
    clock_checked: bool = False


class Said(NamedTuple):
    """What was said: its reference and its act."""

    ref: Ref
    act: Act


class Record:
    """A mechanism's record at the node of `party`. `signers` gives this node's private node keys by public key."""

    def __init__(
        self,
        store: Store,
        charter: Charter,
        party: str,
        chapters: Mapping[str, Chapter],
        signers: Callable[[str], Signer],
        clock: Callable[[], datetime],
    ) -> None:
        charter.card(party)
        self.store, self.charter, self.party, self.chapters = store, charter, party, chapters
        self.mechanism, self.parties = charter.id, charter.codes
        self._signers, self._clock = signers, clock
        self._lock = threading.RLock()
        self.ready: dict[str, int] = {}
        self.folds = Folds(store, charter, chapters, self.ready)
        self.logs: dict[str, Holding] = {}
        self._fresh: dict[str, list[bytes]] = {}
        self._writes = 0
        self._last_time: datetime | None = None
        self._others: dict[str, int] = {}
        self._stored_ready = b""
        self.silent: list[str] = []
        self.frozen: Mapping[str, bytes] = {}
        self._group = GroupCommit(store, self._lock, self._before, self._after, self._reload, lambda: self._writes)
        if store.parties() != list(self.parties):
            with store.transaction():
                for code in self.parties:
                    store.add_party(code)
        self._reload()

    # ---------------------------------------------------------------- what memory holds of the store

    def _reload(self) -> None:
        """Read anew what is derived from the store."""
        with self._lock:
            self.store.changed()
            self.logs = {party: Holding(self.store, party) for party in self.store.parties()}
            self._fresh = {}
            self._stored_ready = self.store.get("ready") or b"{}"
            self.ready.clear()
            self.ready.update({party: 0 for party in self.parties} | msgspec.json.decode(self._stored_ready, type=dict[str, int]))
            self._note_ready()
            self.silent = msgspec.json.decode(self.store.get("silent") or b"[]", type=list[str])
            self.frozen = {name.removeprefix("fault/"): proof for name, proof in self.store.named("fault/").items()}
            self.folds.forget()

    def _note_ready(self) -> None:
        own = self.logs.get(self.party)
        if own is not None:
            self.ready[self.party] = own.size
            self._last_time = parse_leaf(own.last_leaf).time if own.size else None
        self._others = {party: size for party, size in self.ready.items() if party != self.party and size}

    def _before(self) -> None:
        if self.store.changed():
            self._reload()

    def _after(self) -> None:
        """Grow the trees by what was appended, and keep how far each log is ready."""
        for party, hashes in self._fresh.items():
            self.logs[party].grow(hashes)
        self._fresh = {}
        ready = msgspec.json.encode({party: self.ready[party] for party in self.parties if party != self.party})
        if ready != self._stored_ready:
            self.store.put("ready", ready)
            self._stored_ready = ready

    def _write(self, work: Callable[[], Any]) -> Any:
        """Run work in a transaction, alone in this process's memory."""
        return self._group.run(work)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Look at folds and holdings while nobody changes them, after taking in what other processes wrote."""
        with self._lock:
            if self.store.changed():
                self._reload()
            yield

    # ------------------------------------------------------------------------------------------ say

    def say(self, draft: Draft) -> Said:
        """Say an act: checked by the rules, on disk when this returns. Raises `Refused` or `Unavailable`."""
        said: Said = self._write(lambda: self._say(draft))
        return said

    def check_draft(self, draft: Draft) -> Act:
        """The act as it would be said now, if the rules allow it. Raises `Refused`; says nothing."""
        with self.reading():
            act, _, _ = self._compose(draft)
            fold = self.folds.fold(act.docket) if draft.docket else self.folds.new(act.ref, act.kind)
            fold.check(act, self.folds.setting(act.past))
            return act

    def _say(self, draft: Draft) -> Said:
        self._may_sign()
        act, leaf, content = self._compose(draft)
        opens = draft.docket is None
        fold = self.folds.new(act.ref, act.kind) if opens else self.folds.fold(act.docket)
        fold.admit(act, self.folds.setting(act.past))
        if opens:
            self.folds.keep(fold)
        self._append(self.party, act.ref.number, [Row(Entry(leaf, content), act.docket, _noun(act.kind) if opens else "")])
        self._last_time = act.time
        if act.kind == DESTROYED:
            self._erase(act.answers[0])
        return Said(act.ref, act)

    def _compose(self, draft: Draft) -> tuple[Act, bytes, bytes]:
        """The act, its leaf and its content, as they would follow in our log now."""
        ref = Ref(self.party, self.store.size(self.party))
        content = secrets.token_bytes(SALT) + canonical.encode(draft.body)
        leaf = Leaf(
            content=commit(content),
            kind=draft.kind,
            office=draft.office,
            seen=self._others,
            time=self._time(draft),
            v=1,
            answers={str(answer): self._answered(answer) for answer in draft.answers},
            docket="" if draft.docket is None else str(draft.docket),
            mandate=draft.mandate,
        )
        signer = ""
        if draft.signer is not None:
            signature = draft.signer.sign(signed_bytes(leaf, self.mechanism, str(ref)))
            signer = key_id(draft.signer.public)
            leaf = msgspec.structs.replace(leaf, signature=PersonSignature(signer, b64(signature)))
        act = Act(
            ref, leaf.kind, draft.docket or ref, leaf.time, leaf.office, leaf.mandate, tuple(draft.answers), leaf.seen,
            leaf.content, draft.body, signer,
        )
        return act, encode_leaf(leaf), content

    def _time(self, draft: Draft) -> datetime:
        time = (draft.time or self._clock()).astimezone(UTC).replace(microsecond=0)
        if self._last_time is not None and time < self._last_time and not draft.clock_checked:
            raise Refused("clock_went_back", now=time.isoformat(), last=self._last_time.isoformat())
        return time

    def _answered(self, ref: Ref) -> str:
        if ref.number >= self.ready.get(ref.party, 0):
            raise Refused("answers_unseen", answered=ref)
        return self.folds.hash_of(ref)

    def _append(self, party: str, at: int, rows: Sequence[Row]) -> None:
        """Put entries into the store and remember their leaf hashes for the tree."""
        self._writes += 1
        self.store.append(party, at, rows)
        self._fresh.setdefault(party, []).extend(merkle.leaf_hash(row.entry.leaf) for row in rows)
        if party == self.party:
            self.ready[party] = at + len(rows)

    def _erase(self, ref: Ref) -> None:
        """Take an act's content out of the store: its originator destroyed it."""
        self._writes += 1
        self.store.erase(ref)

    # ----------------------------------------------------------------------------------- our own head

    def _may_sign(self) -> None:
        """Law 10: a node that may be restored from a backup signs nothing until all others have told what they hold."""
        if self.silent:
            raise Refused("silent_after_restore", "law 10", waiting=", ".join(self.silent))
        if self.party in self.frozen:
            raise Refused("own_log_forked", "law 9", party=self.party)

    def head(self) -> Note:
        """Our log's head, signed: the newest one if nothing has happened since, else a new one."""
        note: Note = self._write(self._head)
        return note

    def _head(self) -> Note:
        self._settle_trees()
        own = self.logs[self.party]
        seen = {party: Seen(size, self.logs[party].tree.edge(size).root()) for party, size in sorted(self._others.items())}
        checkpoint = Checkpoint(self.mechanism, self.party, own.size, own.edge.root(), seen)
        if own.head is not None and own.head.checkpoint == checkpoint:
            return own.head
        self._may_sign()
        self._rederive(own)
        keys = [key for key in self.node_keys(self.party, own.size)]
        note = sign(checkpoint, [self._signers(key) for key in keys])
        self._writes += 1
        own.put_head(note)
        return note

    def _settle_trees(self) -> None:
        """Take what this transaction has appended so far into the trees."""
        for party, hashes in self._fresh.items():
            self.logs[party].grow(hashes)
        self._fresh = {}

    def _rederive(self, own: Holding) -> None:
        """Law 7: before a head is signed, its root is derived again from stored bytes, from the last signed head on."""
        signed = own.head.checkpoint if own.head is not None else None
        edge = own.tree.edge(signed.size) if signed else merkle.Edge()
        if signed and edge.root() != signed.root:
            raise Broken(self.store.name, f"the stored tree no longer leads to our own signed head of size {signed.size}")
        hashes = [merkle.leaf_hash(entry.leaf) for entry in self.store.scan(self.party, edge.size)]
        again, _ = merkle.grow(edge, hashes)
        if again.root() != own.edge.root():
            raise Broken(self.store.name, f"the stored acts do not lead to the root of our log at size {own.size}")

    def node_keys(self, party: str, size: int) -> list[str]:
        """The node keys of a party that are in force for a head of that size, as far as its log is known."""
        half = self.folds.half(party, {**self.ready, party: min(size, self.ready.get(party, 0))})
        if half.card is None:
            return list(self.charter.card(party).node)
        return half.valid("node", size)

    def every_node_key(self, party: str) -> list[str]:
        """Every node key that a party has ever had, as far as its log is known."""
        half = self.folds.half(party, self.ready)
        if half.card is None:
            return list(self.charter.card(party).node)
        return [held.key for held in half.keys if held.use == "node"]

    # -------------------------------------------------------------------------------------- receive

    def receive(self, page: Page) -> int:
        """Take in a page of another party's log; returns how many new acts it brought.

        Everything is proved first and stored in one transaction. Raises `Malformed` or `Refused` (nothing was stored)
        or `Broken` (nothing was stored; if the author's own signatures show a fault, its log is frozen with the proof).
        """
        try:
            brought: int = self._write(lambda: self._receive(page))
        except Refused as refusal:
            if refusal.code == "seen_unsaid":  # somebody has seen more of our log than we have: we were restored
                self.restored()
            raise
        except Broken as broken:
            self._keep_fault(page.log, broken)
            raise
        return brought

    def _keep_fault(self, party: str, broken: Broken) -> None:
        """Freeze the log of a party whose own signatures show a fault; everything else goes on."""
        if broken.proof is not None:
            self._write(lambda: self._freeze(party, broken.proof or b""))

    def _receive(self, page: Page) -> int:
        if page.log not in self.parties:
            raise Refused("not_a_party", party=page.log)
        if page.log in self.frozen:
            raise Refused("log_frozen", "law 9", party=page.log)
        self._settle_trees()
        log = self.logs[page.log]
        note = parse_note(page.head, f"head of {page.log}")
        own_log = page.log == self.party
        if note.checkpoint.mechanism == self.mechanism and note.checkpoint.party == page.log:
            require_author(note, self.node_keys(page.log, note.checkpoint.size))
        if own_log and note.checkpoint.size <= log.size:
            self._countersigned(log, note)
            return 0
        known = {} if own_log else {self.party: self.logs[self.party].size}
        try:
            taken = examine(page, log.held(), self.mechanism, known)
        except Refused as refusal:
            if refusal.code == "head_smaller":
                return 0
            raise
        self._store_taken(page.log, taken)
        return len(taken.entries)

    def _store_taken(self, party: str, taken: Taken) -> None:
        log = self.logs[party]
        rows, destroyed, dockets = [], [], []
        for number, (entry, leaf) in enumerate(zip(taken.entries, taken.leaves, strict=True), taken.start):
            docket = Ref.parse(leaf.docket) if leaf.docket else Ref(party, number)
            if docket.party not in self.parties:
                raise Malformed(f"{party}/{number}", f"its docket {docket} is of no party to this mechanism")
            rows.append(Row(entry, docket, "" if leaf.docket else _noun(leaf.kind)))
            dockets.append(docket)
            if leaf.kind == DESTROYED:
                destroyed += [Ref.parse(answer) for answer in leaf.answers if answer.startswith(f"{party}/")]
        if rows:
            self._writes += 1
            self.store.append(party, taken.start, rows)
            log.adopt(taken.edge, taken.nodes)
            log.seen, log.last_leaf = taken.seen, taken.entries[-1].leaf
        note = self._cosigned(log, taken.head)
        if log.head is None or note != log.head:
            self._writes += 1
            log.put_head(note)
        self._advance(party, taken)
        self.folds.touch(dockets)
        for ref in destroyed:
            self._destroy_received(ref)

    def _cosigned(self, log: Holding, note: Note) -> Note:
        """The head with what we know of its signatures, and our own cosignature if we hold all that it covers."""
        if log.head is not None and log.head.checkpoint == note.checkpoint:
            note = merge(log.head, note)
        name = f"comity/{self.mechanism}/{self.party}"
        if log.party == self.party or log.size < note.checkpoint.size or any(line.name == name for line in note.lines):
            return note
        if self.silent or not self.ready.get(self.party):
            return note
        keys = self.node_keys(self.party, self.ready[self.party])
        return cosign(note, self.party, [self._signers(key) for key in keys], int(self._clock().timestamp()))

    def _countersigned(self, own: Holding, note: Note) -> None:
        """A peer shows our own head: keep the cosignatures on it; a head that we do not know is a fork of our own."""
        head = note.checkpoint
        if head.size and own.tree.edge(head.size).root() != head.root:
            proof = None
            if own.head is not None and own.head.checkpoint.size >= head.size:
                path = merkle.prefix_proof(head.size, own.head.checkpoint.size, own.tree.read)
                heads = [note.encode().decode(), own.head.encode().decode()]
                proof = Evidence("heads", heads, [b64(step) for step in path]).encode()
            raise Broken(f"log of {self.party}", f"our own key has signed two histories of our log, at {head.size}", proof)
        for stored in self.store.notes(self.party, head.size):
            mine = parse_note(stored.note)
            if mine.checkpoint == head and merge(mine, note) != mine:
                self._writes += 1
                own.put_head(merge(mine, note))

    def _advance(self, party: str, taken: Taken) -> None:
        """Move the ready cut: first over what came in, then over what had waited for it."""
        ready = self.ready
        if party == self.party:
            self._note_ready()
        elif ready[party] == taken.start:
            ready[party] = taken.start + len(taken.leaves)
            for number, leaf in enumerate(taken.leaves, taken.start):
                if not covers(ready, leaf.seen):
                    ready[party] = number
                    break
        moved = True
        while moved:
            moved = False
            for other in self.parties:
                while ready[other] < self.logs[other].size:
                    entry = self.store.entries(other, ready[other], ready[other] + 1)[0]
                    leaf = parse_leaf(entry.leaf)
                    if not covers(ready, leaf.seen):
                        break
                    self.folds.touch([Ref.parse(leaf.docket)] if leaf.docket else [])
                    ready[other] += 1
                    moved = True
        self._others = {code: size for code, size in ready.items() if code != self.party and size}

    def _destroy_received(self, ref: Ref) -> None:
        """Another party destroyed a content of its own: honour it, if its kind may be destroyed."""
        if ref.number < self.logs[ref.party].size:
            entry = self.store.entries(ref.party, ref.number, ref.number + 1)[0]
            kind = self.folds.kind(parse_leaf(entry.leaf).kind)
            if kind is not None and kind.erasable and entry.content is not None:
                self._erase(ref)

    # ------------------------------------------------------------------- restored nodes, frozen logs

    def restored(self) -> None:
        """Be silent until every other party has told what it holds of our log (law 10)."""
        self._write(self._be_silent)

    def _be_silent(self) -> None:
        self._set_silent([party for party in self.parties if party != self.party])

    def _set_silent(self, waiting: list[str]) -> None:
        self._writes += 1
        self.store.put("silent", msgspec.json.encode(waiting) if waiting else None)
        self.silent = waiting

    def told(self, party: str, note: Note | None) -> int:
        """What another party holds of our own log (None: nothing). Returns the size we should fetch back, or 0."""
        try:
            size: int = self._write(lambda: self._told(party, note))
        except Broken as broken:
            self._keep_fault(self.party, broken)
            raise
        return size

    def _told(self, party: str, note: Note | None) -> int:
        self._settle_trees()
        own = self.logs[self.party]
        if note is not None:
            if (note.checkpoint.mechanism, note.checkpoint.party) != (self.mechanism, self.party):
                raise Malformed("head of our own log", f"is for {note.checkpoint.origin}")
            require_author(note, self.node_keys(self.party, note.checkpoint.size))
            if note.checkpoint.size > own.size:
                if not self.silent:
                    self._be_silent()
                return note.checkpoint.size
            self._countersigned(own, note)
        if party in self.silent:
            self._set_silent([other for other in self.silent if other != party])
        return 0

    def _freeze(self, party: str, evidence: bytes) -> None:
        self._writes += 1
        self.store.put(f"fault/{party}", evidence)
        self.frozen = {**self.frozen, party: evidence}

    # -------------------------------------------------------------------------------- for the exchange

    def heads(self) -> dict[str, Note]:
        """The newest signed head of every log that is held, our own (signed now if need be) among them."""
        with self.reading():
            found = {party: log.head for party, log in self.logs.items() if log.head is not None}
            may_sign = self.ready[self.party] and not self.silent and self.party not in self.frozen
        if may_sign:
            found[self.party] = self.head()
        return found

    def held(self, party: str) -> tuple[int, int]:
        """How many acts of a log are stored, and the size of the newest signed head that we have for it."""
        with self.reading():
            log = self.logs[party]
            return log.size, log.head.checkpoint.size if log.head is not None else 0

    def page(self, party: str, start: int, since: int, limit: int = PAGE_BYTES) -> Page:
        """What follows act `start` of a log, for a peer that holds a signed head of size `since`."""
        if party not in self.parties:
            raise Refused("not_a_party", party=party)
        note = self._head_for(party, max(start, since))
        head = note.checkpoint
        if start > head.size or since > head.size:
            raise Refused("nothing_newer", log=party, size=head.size)
        entries = self.store.entries(party, start, head.size, limit) if start < head.size else []
        end = start + len(entries)
        tree = Tree(self.store, party)
        since_path = merkle.prefix_proof(since, head.size, tree.read) if since else []
        end_path = merkle.prefix_proof(end, head.size, tree.read) if 0 < end < head.size else []
        return Page(party, start, [tuple(entry) for entry in entries], note.encode(), since, since_path, end_path)

    def _head_for(self, party: str, size: int) -> Note:
        """The newest head, or the last one before a key was revoked that the receiver may still believe in."""
        with self.reading():
            half = self.folds.half(party, self.ready)
        for revoked in sorted(key.revoked for key in half.keys if key.revoked is not None):
            stored = self.store.notes(party, revoked) if revoked > size else []
            if stored:
                return parse_note(stored[-1].note)
        newest = self.store.newest_note(party)
        if newest is None:
            raise Refused("nothing_newer", log=party, size=0)
        return parse_note(newest.note)


def _noun(kind: str) -> str:
    return kind.partition(".")[0]
