"""Whether what a docket is opened for stands in the provision that it cites, and whether its later acts cite it too.

    check_body(act, setting, "joint-committee", {}, ())   ->   BodyTerms("joint-committee", "committee", {...})
    Refused("body_unknown", "TUR/3#art-2", body="joint-comittee", known="joint-committee, joint-centre")

That the provision is in force, and that it binds the act's author, is judged for every chapter alike (`core.fold`).
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.core.act import Act, Names
from comity.core.chapter import BodyTerms, Setting
from comity.core.errors import Refused

__all__ = ["check_body", "check_same_mandate"]


def check_body(act: Act, setting: Setting, body: str, names: Names, parties: Sequence[str]) -> BodyTerms:
    """What the act's mandate says of the body. Refuses one that it does not set up, or other names or parties.

    Names may be left out; no parties means every party of the mechanism.
    """
    mandate = setting.mandate(act.mandate)
    bodies, bound = (mandate.bodies, mandate.parties) if mandate else ((), ())
    terms = next((terms for terms in bodies if terms.id == body), None)
    if terms is None:
        known = ", ".join(terms.id for terms in bodies) or "—"
        raise Refused("body_unknown", act.mandate, body=body, known=known)
    if names and names != terms.names:
        raise Refused("body_name_differs", act.mandate, body=body)
    if sorted(parties or setting.parties) != sorted(bound):
        raise Refused("parties_differ", act.mandate, parties=", ".join(sorted(bound)))
    return terms


def check_same_mandate(act: Act, mandate: str) -> None:
    """Refuse an act that cites another provision than the one under which its docket was opened."""
    if act.mandate != mandate:
        raise Refused("mandate_differs", "law 5", mandate=mandate, cited=act.mandate)
