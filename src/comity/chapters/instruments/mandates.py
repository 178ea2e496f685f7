"""A provision as a mandate (since when and until when it binds, the bodies that it sets up) and as a thing to cite.

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
from comity.core.act import Ref
from comity.core.chapter import Mandate, Passage, View

__all__ = ["mandate", "passage"]


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


def passage(view: View, act: Ref, provision: str) -> Passage | None:
    """The provision as something to cite, or the whole instrument (""): agreed where all have adopted its text."""
    if act != view.docket:
        return None
    parties, bound = matters.required(view), matters.base(view)
    if provision:
        found = mandate(view, provision)
        agreed = bound is not None and any(
            text.provision(provision) is not None for text in _adopted_texts(view)
        )
        if found is None:
            return None
        return Passage(found.ref, "provision", found.title, parties, agreed, found.since)
    texts = list(_adopted_texts(view)) or [said.body.text for said in matters.versions(view)]
    if not texts:
        return None
    since = effects.since(view) if bound is not None else None
    return Passage(str(view.docket), "matter", dict(texts[-1].title), parties, bound is not None, since)


def _adopted_texts(view: View) -> Iterator[Text]:
    if matters.base(view) is not None:
        for _, text in _stages(view):
            yield text


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
