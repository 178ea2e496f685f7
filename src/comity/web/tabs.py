"""The pages of a docket beside its conversation, by chapter: the words of each, and how its address goes on.

tabs(visit, "instruments", Ref("TUR", 9), "/redline")
->  [("Conversation", "/m/ID/d/TUR/9", False), ("Text", "/m/ID/instruments/TUR/9/text", False), ...]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comity.core.act import Ref
from comity.web.visit import Visit

__all__ = ["PLACE", "TABS", "tabs"]

PLACE = "matters"
"""Where the words of these pages are."""

TABS: Mapping[str, Sequence[tuple[str, str]]] = {
    "instruments": (("tab.text", "/text"), ("tab.redline", "/redline"), ("tab.state", "/state")),
    "meetings": (("tab.meeting", ""),),
    "commitments": (("tab.commitment", ""),),
    "committees": (("tab.committee", ""),),
    "statements": (("tab.statement", ""),),
}
"""chapter -> (key of the words, tail of the path behind /m/ID/CHAPTER/PARTY/NUMBER)."""


def tabs(visit: Visit, chapter: str, ref: Ref, here: str | None = None) -> list[tuple[str, str, bool]]:
    """(words, address, whether it is this one), the conversation first. `here`: the tail of this page; None: that is

    the conversation itself.
    """
    found = [(str(visit.say("tab.conversation", PLACE)), visit.docket_at(ref), here is None)]
    for key, tail in TABS.get(chapter, ()):
        found.append((str(visit.say(key, PLACE)), f"{visit.root}/{chapter}/{ref}{tail}", here == tail))
    return found
