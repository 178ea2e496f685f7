"""Amendments applied: edits by provision id, on the text as it stands.

Edit("replace", "art-4.2", rows)      these rows in place of that provision and all under it
Edit("insert_after", "art-4", rows)   these rows as new provisions after it
Edit("delete", "art-4.2")             that provision and all under it
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from comity.chapters.instruments.acts import AmendmentProposed, Edit
from comity.chapters.instruments.text import Provision, Setup, Text, subtree

__all__ = ["amend"]


def amend(text: Text, amendment: AmendmentProposed) -> tuple[Text, list[str]]:
    """The amended text, and the ids at which an edit could have no effect (another amendment came first)."""
    rows = list(text.provisions)
    failed = [edit.at for edit in amendment.edits if not _edited(rows, edit)]
    left = {row.id for row in rows}
    new = {setup.terms.id: setup for setup in amendment.bodies}
    kept = [setup for setup in text.bodies if setup.terms.id not in new]
    bodies: tuple[Setup, ...] = tuple(setup for setup in (*kept, *new.values()) if setup.provision in left)
    return msgspec.structs.replace(text, provisions=tuple(rows), bodies=bodies), failed


def _edited(rows: list[Provision], edit: Edit) -> bool:
    """Do one edit in place; False if it does not fit the rows as they stand."""
    place = next((at for at, row in enumerate(rows) if row.id == edit.at), None)
    if place is None:
        return False
    after = place + len(subtree(rows[place:], edit.at))
    gone = {row.id for row in rows[place:after]} if edit.op != "insert_after" else set()
    if ({row.id for row in rows} - gone) & {row.id for row in edit.rows}:
        return False
    if not _fits(rows[place], edit.rows, replaces=edit.op == "replace"):
        return False
    if edit.op == "insert_after":
        rows[after:after] = edit.rows
    else:
        rows[place:after] = edit.rows
    return True


def _fits(target: Provision, new: Sequence[Provision], *, replaces: bool) -> bool:
    """Whether new rows stand where the target stands, each under one of them or beside it."""
    inside: set[str] = set()
    for row in new:
        if row.under != target.under and row.under not in inside:
            return False
        inside.add(row.id)
    return not replaces or (bool(new) and new[0].id == target.id)
