"""What a docket is called, for lists: its chapter's title, and of what only names another matter, that matter's.

title(record, Ref("TUR", 43))     {"en": "Memorandum on ...", "tr": ...}     the release TUR/43 shows TUR/9
"""

from __future__ import annotations

from comity.core.act import Names, Ref
from comity.core.errors import Malformed, Refused
from comity.node.record import Record

__all__ = ["title", "told"]


def title(record: Record, docket: Ref) -> Names:
    """The title of a docket. Nothing where this version knows no such chapter, or there is no such docket."""
    with record.reading():
        return told(record, _own(record, docket))


def told(record: Record, names: Names) -> Names:
    """The names as they are; where they are nothing but a reference, those of the docket that it names."""
    if len(set(names.values())) != 1:
        return names
    try:
        ref = Ref.parse(next(iter(names.values())))
    except Malformed:
        return names
    with record.reading():
        return _own(record, ref) or names


def _own(record: Record, docket: Ref) -> Names:
    try:
        fold = record.folds.fold(docket)
    except Refused:
        return {}
    return dict(fold.chapter.title(fold.at(record.ready)))
