"""What may be said about releasing a matter to the public. Two contents, as they are written:

    {"extent":"outcome","matter":"TUR/4","title":{"en":"Memorandum on security","tr":"Güvenlik mutabakat zaptı"}}
    {"reason":{"en":"Talks on an annex have begun."}}

What is released is fixed by the act that proposes it: of the matter, what its author knew when it said so.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from comity.core.act import Body
from comity.core.fields import Reference, Tag, Text

__all__ = ["Accepted", "Declined", "Ended", "Extent", "Proposed"]

Extent = Literal["outcome", "record"]


class Proposed(Body, frozen=True):
    """The matter is to be shown to everybody, as it stands at this act. Opens the docket; its author's yes.

    `extent`: `outcome` is what was agreed in it, `record` is every act of it. `title` is the name under which it is
    shown (none: the matter's own).
    """

    matter: Reference
    extent: Extent
    title: dict[Tag, Text] = msgspec.field(default_factory=dict)
    note: dict[Tag, Text] = msgspec.field(default_factory=dict)


class Accepted(Body, frozen=True):
    """Yes to the release that the answered act put."""


class Declined(Body, frozen=True):
    """No to the release that the answered act put; a yes said before is taken back.

    Where it crosses the last yes the matter is released all the same, and this ends that at once.
    """

    reason: dict[Tag, Text] = msgspec.field(default_factory=dict)


class Ended(Body, frozen=True):
    """The matter is no longer to be shown. Any party says so alone; what was seen until then stays seen."""

    reason: dict[Tag, Text] = msgspec.field(default_factory=dict)
