"""A node's folder, and everything of the node is in it: its party, its keys, one database a mechanism.

    node.json                        {"names":{...},"party":"TUR","root":["ed25519:..."],"v":1}
    keys/*.key                       private keys, mode 0600
    cards/*.card                     party cards that were made here (`cards`)
    mechanisms/ID/record.db          the mechanism's logs, contents and signed heads (SQLite)
    mechanisms/ID/placed             where this database lay when it was last opened
    mechanisms/ID/signed             the size of the longest log whose signed head has left this node
    mechanisms/ID/withheld/          files of evidence that the node keeps to itself (`withheld`)

`placed` and `signed` are how a restore is noticed. The database remembers the inode and change time of `placed`, which
no copy keeps; and where the database alone was put back, it has no head as long as `signed` says. A node with such a
database is silent until the others have told it what they hold (law 10).
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from comity.core import canonical
from comity.core import charter as charters
from comity.core.act import Names
from comity.core.chapter import Chapter
from comity.core.charter import Card, Charter, make_card, parse_charter
from comity.core.errors import Malformed, Refused, Unavailable
from comity.core.keys import ED25519, ML_DSA, SEALING, Signer, b64
from comity.node.cards import Held, cards, keep
from comity.node.files import save
from comity.node.keystore import KeyStore
from comity.node.record import Draft, Record
from comity.node.withheld import Withheld
from comity.storage.sqlite import SqliteStore

__all__ = ["Node", "Settings"]

_BEGUN = "beginning.db"
"""A mechanism's database until it is whole."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`node.json`."""

    names: Names
    party: str
    root: list[str]
    v: int


class Node:
    """A node's folder, opened. `clock` gives the time in UTC; `chapters` are those that this program knows."""

    def __init__(
        self,
        folder: Path,
        chapters: Mapping[str, Chapter],
        clock: Callable[[], datetime],
        passphrase: str = "",
    ) -> None:
        self.folder, self.chapters, self._clock = folder, chapters, clock
        path = folder / "node.json"
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise Unavailable(
                f"node folder {folder}", f"has no readable node.json: {error.strerror}; run `comity init`"
            ) from error
        self.settings = canonical.parse(raw.strip(), Settings, str(path))
        self.party = self.settings.party
        self.keys = KeyStore(folder / "keys", passphrase)
        self._records: dict[str, Record] = {}
        self._lock = threading.RLock()

    @classmethod
    def init(
        cls,
        folder: Path,
        party: str,
        names: Names,
        chapters: Mapping[str, Chapter],
        clock: Callable[[], datetime],
        passphrase: str = "",
        root_kinds: Sequence[str] = (ED25519, ML_DSA),
    ) -> Node:
        """Make a node's folder with a fresh root key. Raises `Refused` where there is one already."""
        path = folder / "node.json"
        if path.exists():
            raise Refused("node_exists", folder=folder)
        keys = KeyStore(folder / "keys", passphrase)
        _check_card(names, party)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            root = [keys.make(kind).public for kind in root_kinds]
            save(path, canonical.encode(Settings(names, party, root, 1)) + b"\n")
        except OSError as error:
            raise Unavailable(f"node folder {folder}", f"cannot be made: {error.strerror}") from error
        return cls(folder, chapters, clock, passphrase)

    # ------------------------------------------------------------------------------------ founding

    def make_card(
        self,
        address: str = "",
        tls: str = "",
        node_kinds: Sequence[str] = (ED25519, ML_DSA),
        signer: Callable[[str], Signer] | None = None,
    ) -> bytes:
        """A party card with fresh node and sealing keys: a card serves one mechanism. Raises `Malformed`.

        signer: gives the root keys, where somebody has to open them; else they are the folder's.
        """
        _check_card(self.settings.names, self.party, address, tls)
        signers = [(signer or self.keys.signer)(key) for key in self.settings.root]
        node = [self.keys.make(kind).public for kind in node_kinds]
        sealing = self.keys.make(SEALING).public
        card = Card(self.settings.names, node, self.party, self.settings.root, sealing, 1, address, tls)
        return keep(self.folder, make_card(card, signers)).raw

    def cards(self) -> list[Held]:
        """The cards that were made here."""
        return cards(self.folder)

    def propose(self, cards: Sequence[Card], names: Names, chapters: Sequence[str]) -> Charter:
        """A charter over these cards, ours among them. Raises `Refused` or `Malformed`."""
        unknown = set(chapters) - set(self.chapters)
        if unknown:
            raise Refused(
                "chapter_unknown", chapter=", ".join(sorted(unknown)), known=", ".join(sorted(self.chapters))
            )
        charter = Charter(sorted(set(chapters)), names, sorted(cards, key=lambda card: card.party), 1)
        return parse_charter(canonical.encode(charter))

    def require_ours(self, charter: Charter) -> None:
        """Raise `Refused` unless the charter has us as a card of ours does: with keys that are here, and unchanged."""
        card = charter.card(self.party)
        if card.root != self.settings.root or not all(
            self.keys.has(key) for key in (*card.node, card.sealing)
        ):
            raise Refused("card_not_ours", party=self.party)
        if charter.id not in self.mechanisms() and all(one.card != card for one in self.cards()):
            raise Refused("card_changed", party=self.party)

    def stands(self, charter: Charter) -> bool:
        """Whether there is or was a record of that mechanism here: one that our party has spoken in, or that waits.

        Not, where an acceptance was broken off before its act was said.
        """
        folder = self.folder / "mechanisms" / charter.id
        if (folder / "record.db").exists():
            record = self.record(charter.id)
            return bool(record.ready[self.party] or record.silent)
        return (folder / "placed").exists()

    def accept(self, charter: Charter, signer: Callable[[str], Signer] | None = None) -> Record:
        """Accept a charter for our party: make its database and say act 0, signed with the root key.

        What was broken off is taken up again. `signer` is as in `make_card`.
        """
        self.require_ours(charter)
        root = (signer or self.keys.signer)(self.settings.root[0])
        with self._lock:
            folder = self.folder / "mechanisms" / charter.id
            if not (folder / "record.db").exists():
                self._begin(folder, charter)
            record = self.record(charter.id)
            if not record.ready[self.party] and not record.silent:
                accepted = charters.Accepted(charter)
                record.say(Draft("charter.accepted/1", accepted, charters.ROOT, signer=root))
        return record

    def _begin(self, folder: Path, charter: Charter) -> None:
        """Make a database that knows its charter, and its place. Nobody sees it before it is whole.

        One that is gone where there was one before has no place: it has to ask the others before it begins anew.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            store = SqliteStore(folder / _BEGUN)
            try:
                with store.transaction():
                    store.put("charter", canonical.encode(charter))
                if not (folder / "placed").exists():
                    self._mark_placed(folder, store)
            finally:
                store.close()
            (folder / _BEGUN).replace(folder / "record.db")
        except OSError as error:
            raise Unavailable(f"folder {folder}", f"cannot be made: {error.strerror}") from error

    # ---------------------------------------------------------------------------------- mechanisms

    def mechanisms(self) -> list[str]:
        """Identifiers of the mechanisms that this node takes part in."""
        folder = self.folder / "mechanisms"
        if not folder.is_dir():
            return []
        return sorted(path.parent.name for path in folder.glob("*/record.db"))

    def record(self, mechanism: str = "") -> Record:
        """The record of a mechanism, by its identifier or the beginning of it; the only one, if none is named."""
        found = [known for known in self.mechanisms() if known.startswith(mechanism)]
        if len(found) != 1:
            code = "mechanism_unknown" if not found else "mechanism_which"
            raise Refused(
                code,
                mechanism=mechanism or "—",
                known=", ".join(name[:12] for name in self.mechanisms()) or "—",
            )
        with self._lock:
            if found[0] not in self._records:
                self._records[found[0]] = self._open(found[0])
            return self._records[found[0]]

    def withheld(self, record: Record) -> Withheld:
        """The files of evidence that this node keeps to itself, of one mechanism."""
        return Withheld(self.folder / "mechanisms" / record.mechanism / "withheld")

    def _open(self, mechanism: str) -> Record:
        folder = self.folder / "mechanisms" / mechanism
        signed = _signed(folder)  # read first: another process writes it after its database
        store = SqliteStore(folder / "record.db")
        raw = store.get("charter")
        if raw is None:
            raise Unavailable(store.name, "holds no charter; accept it again, or restore a backup")
        charter = parse_charter(raw, f"charter in {store.name}")
        if charter.id != mechanism:
            raise Malformed(f"charter in {store.name}", "is not that of this mechanism")
        record = Record(store, charter, self.party, self.chapters, self.keys.signer, self._clock)
        newest = record.logs[self.party].head
        progress = newest.checkpoint.progress if newest is not None else 0
        if store.get("placed") != _place(folder) or signed > progress:
            record.restored()
            self._mark_placed(folder, store)
            save(folder / "signed", b"%d\n" % progress)
        record.leaving = lambda progress: _leaving(folder, progress)
        return record

    def _mark_placed(self, folder: Path, store: SqliteStore) -> None:
        """Make a new `placed` file and remember where it lies."""
        path = folder / "placed"
        path.unlink(missing_ok=True)
        save(path, secrets.token_hex(16).encode() + b"\n")
        with store.transaction():
            store.put("placed", _place(folder))

    def close(self) -> None:
        """Close every database."""
        for record in self._records.values():
            record.store.close()
        self._records.clear()


def _check_card(names: Names, party: str, address: str = "", tls: str = "") -> None:
    """Raise `Malformed` unless a card could say this; before any key is made for it."""
    key = f"{ED25519}:{b64(bytes(32))}"
    card = Card(names, [key], party, [key], f"{SEALING}:{b64(bytes(1216))}", 1, address, tls)
    canonical.parse(canonical.encode(card), Card, "party card")
    make_card(card, [])


def _place(folder: Path) -> bytes:
    """What no copy of the folder keeps: the `placed` file's device, inode, change time, with its token."""
    path = folder / "placed"
    try:
        stat = path.stat()
        return b"%d %d %d %s" % (stat.st_dev, stat.st_ino, stat.st_ctime_ns, path.read_bytes().strip())
    except OSError:
        return b"nowhere"


def _signed(folder: Path) -> int:
    """The progress in `signed`: 0 where no head has left yet, more than any log has where it cannot be read."""
    try:
        return int((folder / "signed").read_bytes())
    except FileNotFoundError:
        return 0
    except (OSError, ValueError):
        return 1 << 62


def _leaving(folder: Path, progress: int) -> None:
    if progress > _signed(folder):
        try:
            save(folder / "signed", b"%d\n" % progress)
        except OSError as error:
            raise Unavailable(f"file {folder / 'signed'}", f"cannot be written: {error.strerror}") from error


def known_settings(raw: bytes) -> Any:
    """The fields of a `node.json`, for `comity check`."""
    return canonical.parse(raw.strip(), Settings, "node.json")
