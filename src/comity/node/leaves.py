"""Leaves of stored acts, each parsed and hashed once while it is asked for.

Of what may be said next some hundred drafts look at the same few.
"""

from __future__ import annotations

from collections import OrderedDict

from comity.core.act import Ref
from comity.core.entry import Leaf, leaf_hash, parse_leaf
from comity.storage.port import Store, entry_at

__all__ = ["Leaves"]

_KEPT = 4000


class Leaves:
    """A leaf never changes, so what is kept is right until the store is not what it was."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[Ref, tuple[Leaf, str]] = OrderedDict()

    def leaf(self, ref: Ref) -> Leaf:
        """The leaf of a stored act, be it ready or not."""
        return self._read(ref)[0]

    def hash_of(self, ref: Ref) -> str:
        """The leaf hash of a stored act."""
        return self._read(ref)[1]

    def forget(self) -> None:
        """Drop everything."""
        self._kept.clear()

    def _read(self, ref: Ref) -> tuple[Leaf, str]:
        found = self._kept.get(ref)
        if found is None:
            raw = entry_at(self._store, ref).leaf
            found = self._kept[ref] = (parse_leaf(raw, str(ref)), leaf_hash(raw))
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found
