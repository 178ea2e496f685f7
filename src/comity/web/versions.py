"""The texts of an instrument that can be shown: as it stands, as it was accepted, each version, each amendment.

    versions(matter, day)      [Version("now", "As it stands on 2 December 2024", ...), Version("TUR/9", ...), ...]

A version is named by the act that put it; `adopted` is the text that all accepted, its brackets replaced, `now` that
text with the amendments in effect, and an amendment's act names the text that it would make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from comity.chapters.instruments import effects, matters
from comity.chapters.instruments.edits import amend
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Text
from comity.core.chapter import View
from comity.core.errors import Refused
from comity.web.matter import Matter

__all__ = ["Version", "chosen", "usual", "versions"]


class Version(NamedTuple):
    """A text that can be shown: how it is named in addresses, its words, how it is made, and the act that put it."""

    name: str
    words: str
    text: Callable[[], Text]
    said: Said | None = None

    @property
    def put(self) -> Said | None:
        """The act that put the whole text, perhaps with brackets; None of what was accepted and of amendments."""
        return self.said if self.said is not None and hasattr(self.said.body, "text") else None


def versions(matter: Matter, on: date) -> list[Version]:
    """Every text of the docket: as it stands, as it was accepted, each version, what each amendment would make."""
    return list(_versions(matter, on))


def _versions(matter: Matter, on: date) -> Iterator[Version]:
    view, visit = matter.view, matter.visit
    done, accepted = effects.consolidated(view, on), matters.base_text(view)
    if done is not None and done[1]:
        yield Version("now", str(matter.say("version.now", on=visit.day(on))), lambda: done[0])
    if accepted is not None:
        yield Version("adopted", str(matter.say("version.adopted")), lambda: accepted)
    for said in reversed(matters.versions(view)):
        yield _put("version.put", matter, said, partial(_own, said))
    for said in matters.every(view, "amendments"):
        if accepted is not None:
            current = done[0] if done is not None else accepted
            yield _put("version.amendment", matter, said, partial(_amended, current, said))


def _own(said: Said) -> Text:
    own: Text = said.body.text
    return own


def _amended(current: Text, said: Said) -> Text:
    return amend(current, said.body)[0]


def _put(key: str, matter: Matter, said: Said, text: Callable[[], Text]) -> Version:
    visit = matter.visit
    told = matter.say(key, ref=str(said.ref), party=visit.party(said.party), on=visit.day(said.day))
    return Version(str(said.ref), str(told), text, said)


def chosen(known: Sequence[Version], name: str) -> Version:
    """The version of that name, or the first where none is named. Raises `Refused`."""
    if not known:
        raise Refused("version_unknown", version=name[:40] or "—")
    found = next((one for one in known if one.name == name), None) if name else known[0]
    if found is None:
        raise Refused("version_unknown", version=name[:40])
    return found


def usual(known: Sequence[Version], view: View) -> str:
    """The name of what is shown where none is asked for: as it stands, or what was put last."""
    tips, names = {str(said.ref) for said in matters.tips(view)}, [one.name for one in known]
    standing = next((name for name in names if name in ("now", "adopted")), "")
    return standing or next((name for name in names if name in tips), names[0] if names else "")
