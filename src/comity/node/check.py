"""`comity check`: everything that a node stores, derived again from its bytes.

Every leaf is parsed and hashed, every content held against its leaf, every stored Merkle node and every signed head
against the tree that the leaves make, every signature and receipt against keys and the other logs, the index against
the leaves, every withheld file against the act that names it, and every docket folded, also for its summary. What is
found is named, the worst first; nothing is repaired.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from comity.core import merkle
from comity.core.act import Ref, covers
from comity.core.checkpoint import Note, cosigners, parse_note, require_author
from comity.core.entry import Entry, commit, parse_leaf
from comity.core.errors import ComityError, Malformed, Refused, Unavailable
from comity.core.fold import DESTROYED
from comity.core.keys import unb64
from comity.core.log import LEVELS
from comity.core.merkle import Edge
from comity.core.proof import verify_proof
from comity.node import shelf
from comity.node.home import Node, known_settings
from comity.node.proving import prove_fault
from comity.node.record import Record
from comity.node.withheld import RECORDED, Kept, Withheld, file_named
from comity.storage.port import BLOCK, StoredNote, entry_at

__all__ = ["Finding", "check", "check_record"]

STEP = BLOCK * 8


class Finding(NamedTuple):
    """Something that is not as it was written: which thing, and what is wrong with it."""

    thing: str
    why: str


def check(node: Node) -> Iterator[Finding]:
    """Everything of a node: its settings, its keys, each mechanism. Yields what is broken; nothing if all is well."""
    yield from _guard("node.json", lambda: known_settings((node.folder / "node.json").read_bytes()))
    for path in sorted((node.folder / "keys").glob("*.key")):
        yield from _check_key(node, path)
    yield from _guard("cards", node.cards)
    folder = node.folder / "mechanisms"
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        try:
            record = node.record(path.name)
        except ComityError as error:
            yield Finding(f"mechanism {path.name[:12]}", str(error))
            continue
        yield from check_record(record, node.withheld(record))


def _check_key(node: Node, path: Path) -> Iterator[Finding]:
    try:
        node.keys.probe(path)
    except Unavailable as error:
        if "passphrase" not in error.why:
            yield Finding(error.thing, error.why)
    except ComityError as error:
        yield Finding(f"key file {path.name}", str(error))


def _guard(thing: str, work: Callable[[], object]) -> Iterator[Finding]:
    try:
        work()
    except (ComityError, OSError) as error:
        yield Finding(thing, str(error))


def check_record(record: Record, withheld: Withheld | None = None) -> Iterator[Finding]:
    """Everything of one mechanism, with the files that its node withholds."""
    try:
        files = (
            withheld.listed() if withheld is not None else []
        )  # before the acts: another process may be recording
        with record.reading():
            for fault in record.store.faults():
                yield Finding(record.store.name, fault)
            roots = _Roots()
            openers: dict[Ref, str] = {}
            evidence: dict[str, Kept] = {}
            for party in record.parties:
                yield from _check_log(record, party, roots, openers, evidence)
            yield from _check_receipts(record, roots)
            yield from _check_index(record, openers)
            yield from _check_values(record)
            if withheld is not None:
                yield from (Finding(*found) for found in withheld.check(files, evidence))
            yield from _check_summaries(record)
    except (Malformed, Unavailable) as error:
        yield Finding(error.thing, error.why)


class _Roots:
    """Roots that notes claim for sizes of logs, to be compared when the log is scanned, and those found there."""

    def __init__(self) -> None:
        self.wanted: dict[str, set[int]] = {}
        self.found: dict[tuple[str, int], bytes] = {}
        self.claims: list[tuple[str, str, int, bytes]] = []

    def claim(self, thing: str, party: str, size: int, root: bytes) -> None:
        self.claims.append((thing, party, size, root))


class _Scan:
    """One log on its way through the check: what its acts so far come to."""

    def __init__(self, party: str, *, own: bool) -> None:
        self.party, self.own = party, own
        self.edge = Edge()
        self.seen: dict[str, int] = {}
        self.openers: dict[Ref, str] = {}
        self.evidence: dict[str, Kept] = {}
        self.named: set[str] = set()
        self.destroyed: set[Ref] = set()
        self.without: list[Ref] = []
        self.levels: dict[int, int] = dict.fromkeys(LEVELS, 0)

    def read(self, number: int, entry: Entry) -> Iterator[Finding]:
        """One act: its leaf, its content, what it had seen."""
        ref = Ref(self.party, number)
        leaf = parse_leaf(entry.leaf, str(ref))
        if entry.content is None:
            self.without.append(ref)
        elif commit(entry.content) != leaf.content:
            yield Finding(str(ref), "its content does not match the hash in its leaf")
        if leaf.seen != self.seen:
            if not covers(leaf.seen, self.seen):
                yield Finding(str(ref), "takes back what its author had seen")
            self.seen = leaf.seen
        if not leaf.docket:
            self.openers[ref] = leaf.kind.partition(".")[0]
        else:
            self.named.add(leaf.docket)
        if self.own and leaf.kind == RECORDED and entry.content is not None:
            yield from self._name(ref, entry.content)
        if leaf.kind == DESTROYED:
            self.destroyed.update(Ref.parse(answer) for answer in leaf.answers)

    def _name(self, ref: Ref, content: bytes) -> Iterator[Finding]:
        """Take in the file that an act of our own names."""
        try:
            self.evidence[str(ref)] = file_named(content, str(ref))
        except Malformed as error:
            yield Finding(error.thing, error.why)


def _check_log(
    record: Record, party: str, roots: _Roots, openers: dict[Ref, str], evidence: dict[str, Kept]
) -> Iterator[Finding]:
    """One log: leaves, contents, seen, stored nodes; and the roots at every size that some note speaks of.

    Fills `openers`, and `evidence` with the files that acts of our own name.
    """
    store, scan = record.store, _Scan(party, own=party == record.party)
    kept, root = record.roots().get(party, (0, ""))  # before the size: another process may be writing
    sizes = sorted({stored.size for stored in store.all_notes(party)} | _receipted(record, party) | {kept})
    size, number = store.size(party), 0
    if kept > size:
        yield Finding(f"log of {party}", f"has {size} acts, and had {kept} when it last grew")
    elif size and party not in record.roots():
        yield Finding(f"value 'roots' in {store.name}", f"does not speak of {party}")
    elif kept:
        roots.claim(f"log of {party}", party, kept, unb64(root, 32, f"kept root of {party}"))
    while number < size:
        following = bisect_right(sizes, number)
        stop = min([number + STEP, size, *sizes[following : following + 1]])
        entries = store.entries(party, number, stop)
        if len(entries) != stop - number:
            yield Finding(f"log of {party}", f"acts {number + len(entries)} to {stop - 1} are missing")
            return
        for at, entry in enumerate(entries, number):
            yield from scan.read(at, entry)
        scan.edge, nodes = merkle.grow(scan.edge, [merkle.leaf_hash(entry.leaf) for entry in entries], LEVELS)
        yield from _check_nodes(record, party, nodes, scan.levels)
        number = stop
        roots.found[party, number] = scan.edge.root()
    roots.found[party, 0] = merkle.EMPTY
    openers.update(scan.openers)
    evidence.update(scan.evidence)
    for named in scan.named:  # a docket that nobody opened is somebody's false word, and indexed all the same
        openers.setdefault(Ref.parse(named), "")
    wanted = sum(size >> level for level in LEVELS if level) + (size >> 8)
    if store.node_count(party) != wanted:
        yield Finding(
            f"log of {party}", f"has {store.node_count(party)} rows of Merkle nodes, and not {wanted}"
        )
    yield from _check_absent(record, scan)
    last = 0
    for stored in store.all_notes(party):
        yield from _check_note(record, party, stored, roots)
        if stored.size < last:
            yield Finding(
                f"signed heads of {party}", f"one of {stored.size} acts is kept after one of {last}"
            )
        last = stored.size


def _check_absent(record: Record, scan: _Scan) -> Iterator[Finding]:
    """Contents that are not here: destroyed by an act, or not there when the act was received."""
    came_without = record.store.named(f"lacking/{scan.party}/")
    for ref in scan.without:
        if ref not in scan.destroyed and f"lacking/{ref}" not in came_without:
            yield Finding(str(ref), "its content is not here, and no act destroyed it")


def _receipted(record: Record, party: str) -> set[int]:
    """The sizes of a log that other parties' heads give receipts for."""
    return {
        parse_note(stored.note).checkpoint.receipts.get(party, 0)
        for other in record.parties
        if other != party
        for stored in record.store.all_notes(other)
    }


def _check_nodes(
    record: Record, party: str, nodes: dict[int, list[bytes]], levels: dict[int, int]
) -> Iterator[Finding]:
    whole = record.store.size(party) // BLOCK * BLOCK
    for level, new in nodes.items():
        first = levels[level]
        levels[level] = first + len(new)
        expected = new if level else new[: max(0, whole - first)]
        if record.store.nodes(party, level, first, first + len(new)) != b"".join(expected):
            why = f"stored Merkle nodes of level {level} from {first} on are not those of its leaves"
            yield Finding(f"log of {party}", why)


def _check_note(record: Record, party: str, stored: StoredNote, roots: _Roots) -> Iterator[Finding]:
    try:
        note = parse_note(stored.note, f"signed head of {party}")
    except Malformed as error:
        yield Finding(error.thing, error.why)
        return
    head = note.checkpoint
    thing = f"signed head of {party} at {head.size}"
    if (head.mechanism, head.party, head.size) != (record.mechanism, party, stored.size):
        yield Finding(thing, f"is for {head.origin} at {head.size}, and stored for {party} at {stored.size}")
        return
    if head.size <= record.store.size(party):
        roots.claim(thing, party, head.size, head.root)
    for other, receipt in head.seen.items():
        if other in record.frozen:
            continue  # its log has two histories, and a receipt may be for the other one
        if other in record.parties and receipt.size <= record.store.size(other):
            roots.claim(f"receipt for {other} in the {thing}", other, receipt.size, receipt.root)
    yield from _guard(thing, lambda: require_author(note, record.node_keys(party, head.size)))
    yield from _check_cosignatures(record, note, thing)


def _check_cosignatures(record: Record, note: Note, thing: str) -> Iterator[Finding]:
    """Every signature line beside the author's is by a known key of another party, and verifies."""
    keys = {party: record.every_node_key(party) for party in record.parties if party != note.checkpoint.party}
    for line in note.lines:
        if line.name == note.checkpoint.origin:
            continue
        alone = Note(note.checkpoint, (line,))
        if not cosigners(alone, keys):
            yield Finding(thing, f"the cosignature of {line.name.rpartition('/')[2]} does not verify")


def _check_receipts(_record: Record, roots: _Roots) -> Iterator[Finding]:
    for thing, party, size, root in roots.claims:
        found = roots.found.get((party, size))
        if found is not None and found != root:
            yield Finding(thing, f"names another root for {party} at {size} than its acts make")


def _check_index(record: Record, openers: dict[Ref, str]) -> Iterator[Finding]:
    """The index finds each act exactly once, in its docket; every docket folds."""
    indexed = 0
    for ref, opened_as in openers.items():
        for party, acts in record.store.docket(ref, {}).items():
            indexed += len(acts)
            for number, entry in acts:
                leaf = parse_leaf(entry.leaf, f"{party}/{number}")
                if (leaf.docket or f"{party}/{number}") != str(ref):
                    yield Finding(
                        f"{party}/{number}", f"is listed in docket {ref}, to which it does not belong"
                    )
        if opened_as and ref.number < record.ready.get(ref.party, 0):
            try:
                record.folds.fold(ref)
            except Refused as refusal:
                if refusal.code != "kind_unknown":
                    yield Finding(f"docket {ref}", str(refusal))
    total = sum(record.store.size(party) for party in record.parties)
    surplus = record.store.docket_count() - indexed
    if indexed != total or surplus:
        why = f"the docket index finds {indexed} of {total} acts, and {surplus} that are not there"
        yield Finding(record.store.name, why)
    openers = {ref: noun for ref, noun in openers.items() if noun}
    strays = 0
    for noun in record.store.nouns():
        after: Ref | None = None
        while page := record.store.opened(noun, after, 1000):
            strays += sum(openers.pop(ref, None) != noun for ref in page)
            after = page[-1]
    if openers or strays:
        why = f"the list of dockets lacks {len(openers)} and has {strays} that are not there"
        yield Finding(record.store.name, why)


def _check_summaries(record: Record) -> Iterator[Finding]:
    """What was put away for lists is what dockets come to."""
    for chapter in record.chapters.values():
        if chapter.summary is not None:
            for thing, why in shelf.faults(record.store, record.folds, chapter, record.ready):
                yield Finding(thing, why)


def _verify_fault(record: Record, party: str) -> None:
    verify_proof(prove_fault(record, party))


def _check_values(record: Record) -> Iterator[Finding]:
    for party in record.frozen:
        yield from _guard(f"fault proof of {party}", partial(_verify_fault, record, party))
    for party, ready in record.ready.items():
        if ready > record.store.size(party):
            yield Finding(f"log of {party}", f"is marked as ready up to {ready}, beyond its size")
        elif ready and not all(
            record.ready.get(p, 0) >= n or p in record.frozen
            for p, n in _seen_at(record, party, ready - 1).items()
        ):
            yield Finding(
                f"log of {party}", f"is marked as ready up to {ready}, beyond what its acts had seen"
            )


def _seen_at(record: Record, party: str, number: int) -> dict[str, int]:
    return dict(parse_leaf(entry_at(record.store, Ref(party, number)).leaf).seen)
