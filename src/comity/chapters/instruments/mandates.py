"""A provision as a mandate: since when and until when it binds, and the bodies that it sets up.

    mandate(view, "art-2")  ->  Mandate("TUR/1#art-2", {"en": "Committee", ...}, ("IRQ", "TUR"), (trade,),
    since, None)

A provision that is only proposed is a mandate that has never been in force; one that no text has is none at
all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from comity.chapters.instruments import effects, matters
from comity.chapters.instruments.text import Text, heading
from comity.core.chapter import Mandate, View

__all__ = ["mandate"]


def mandate(view: View, provision: str) -> Mandate | None:
    """The provision as a mandate: since when and until when it binds, and the bodies that it sets up.

    A provision that is only proposed has no `since`. None if no text of this docket has it.
    """
    row = bodies = None
    begins: date | None = None
    ceases: date | None = None
    for effect, current in _stages(view):
        found = current.provision(provision)
        if found is None:
            if row is not None and ceases is None and effect is not None:
                ceases = effect
            continue
        if row is None:
            begins = effect
        row, ceases = found, None
        bodies = tuple(setup.terms for setup in current.bodies if setup.provision == provision)
    if row is None:
        return None
    last = effects.until(view)
    until = min((day for day in (last, ceases) if day), default=None)
    ref = f"{view.docket}#{provision}"
    return Mandate(ref, heading(row), matters.required(view), bodies or (), begins, until)


def _stages(view: View) -> Iterator[tuple[date | None, Text]]:
    """The text at each of its stages, in order, each with the day from which it binds."""
    base = matters.base_text(view)
    if base is None:
        for said in matters.versions(view):
            yield None, said.body.text
        return
    yield effects.since(view), base
    for effect, _ in effects.amendments(view):
        done = effects.consolidated(view, effect.day)
        if done:
            yield effect.day, done[0]
    done = effects.consolidated(view)
    if done and set(done[1]) - {str(said.ref) for _, said in effects.amendments(view)}:
        yield None, done[0]
