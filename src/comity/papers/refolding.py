"""A docket folded again by a stranger, from the acts of a proof, so that the chapter itself says what follows.

    view = refold(proved, CHAPTER, {Ref("TUR", 4): Proposed(text)}, trusted=(Accepted,))
    effects.since(view)

Offices, full powers and signatures are judged by the chains in the proof, everything else by the chapter's own rules,
except where these would ask for what a proof leaves out on purpose: the negotiation before an acceptance, and other
dockets' mandates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from comity.core.act import Act, Body, Ref
from comity.core.chains import Setting as ChainSetting
from comity.core.chains import read_content
from comity.core.chapter import Chapter, Setting, View
from comity.core.entry import act_from
from comity.core.errors import Broken, Refused
from comity.core.fold import Fold, causal_order
from comity.core.proof import ProvedDocket

__all__ = ["refold"]


def refold(
    proved: ProvedDocket,
    chapter: Chapter,
    known: Mapping[Ref, Body],
    trusted: tuple[type[Body], ...] | None = None,
    thing: str = "proof",
) -> View:
    """The docket as of the acts in a proof. Raises `Malformed`, or `Broken` where a rule forbids one of them.

    `known` are contents that the proof does not show and that were found out otherwise. Of the contents that `trusted`
    names (None: of all) the chapter's rules are not asked.
    """

    def check(view: View, act: Act, setting: Setting) -> None:
        if trusted is not None and not isinstance(act.body, trusted):
            chapter.check(view, act, setting)

    kinds = tuple(msgspec.structs.replace(kind, mandated=False) for kind in chapter.kinds)
    lenient = msgspec.structs.replace(chapter, kinds=kinds, check=check)
    docket = Ref.parse(proved.verdict.docket)
    fold = Fold(docket, lenient, proved.keys.codes)
    acts: dict[str, list[Act]] = {}
    for ref in sorted(proved.acts):
        acts.setdefault(ref.party, []).append(_act(proved, chapter, ref, known, thing))
    for act in causal_order(acts):
        try:
            fold.admit(act, ChainSetting(proved.keys, act.past))
        except Refused as refusal:
            raise Broken(f"{thing}: {act.ref}", f"is without effect: {refusal}") from refusal
    return fold.at({party: head.size for party, head in proved.verdict.heads.items()})


def _act(proved: ProvedDocket, chapter: Chapter, ref: Ref, known: Mapping[Ref, Body], thing: str) -> Act:
    said = proved.acts[ref]
    leaf, kind = said.leaf, chapter.kind(said.leaf.kind)
    body: Any = known.get(ref)
    if body is None and kind is not None and said.content:
        body = read_content(said.content, kind.body, f"{thing}: {ref}")[1]
    signer = leaf.signature.key if leaf.signature is not None and said.person else ""
    answers = tuple(Ref.parse(answered) for answered in leaf.answers)
    return act_from(ref, leaf, answers, body, signer)
