"""What may be said of a release, and when. Each rule sees the release as the act's own author knew it.

Refused("matter_unseen", matter="IRQ/31")      of a matter that its author had not read
Refused("already_released", answered="TUR/9")  a no to what all have said yes to: end it instead
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from comity.chapters.releases import state
from comity.chapters.releases.acts import Proposed
from comity.chapters.releases.state import Half
from comity.core.act import Act, Ref
from comity.core.chapter import Setting, View
from comity.core.errors import Refused
from comity.core.puts import Put, answered, check_yes

__all__ = ["check"]

_NEVER = ("charter", "release")
"""What is not released: keys and offices, which name people, and releases, which show themselves."""


def check(view: View, act: Act, setting: Setting) -> None:
    """Raise `Refused` unless the act may be said."""
    if isinstance(act.body, Proposed):
        _check_matter(act.body, act, setting)
        return
    first = state.opening(view)
    if first is None:
        raise Refused("release_not_proposed", docket=act.docket)
    _RULES[act.kind](view, act, first)


def _check_matter(said: Proposed, act: Act, setting: Setting) -> None:
    matter = Ref.parse(said.matter)
    if matter.number >= act.past.get(matter.party, 0):
        raise Refused("matter_unseen", matter=matter)
    opening = setting.opening(matter)
    if opening is None:
        raise Refused("matter_unknown", matter=matter)
    if opening.kind.partition(".")[0] in _NEVER:
        raise Refused("matter_never_public", matter=matter, kind=opening.kind)


def _accepted(view: View, act: Act, first: Put[Proposed]) -> None:
    check_yes(view, act, {first.subject: first}, state.required(view))


def _declined(view: View, act: Act, first: Put[Proposed]) -> None:
    answered(act, {first.subject: first})
    if state.agreed(view) is not None:
        raise Refused("already_released", answered=first.subject)
    if act.party in state.noes(view):
        raise Refused("already_declined", answered=first.subject)


def _ended(view: View, act: Act, first: Put[Proposed]) -> None:
    if state.agreed(view) is None:
        raise Refused("not_released", docket=first.subject)
    half: Half = view.halves[act.party]
    if half.ended:
        raise Refused("already_ended", docket=first.subject, by=half.ended[-1].ref)


_RULES: Mapping[str, Callable[[View, Act, Put[Proposed]], None]] = {
    "release.accepted/1": _accepted,
    "release.declined/1": _declined,
    "release.ended/1": _ended,
}
