"""Evidence of a commitment: what is known of it here, the file where it was released, and its disclosure to one reader.

/m/ID/commitments/TUR/27/evidence/IRQ/31                 the file, held against the digest that was recorded
/m/ID/commitments/TUR/27/evidence/IRQ/31/disclosure      of a file that we keep: nothing is said
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.core.errors import Refused
from comity.desk.exhibits import disclosure
from comity.node import evidence as files
from comity.web.commitments import short_word
from comity.web.form import LARGEST
from comity.web.matter import Link, Matter, links
from comity.web.page import Page
from comity.web.visit import Answer, Visit, reference

__all__ = ["PAGES", "shown"]


def shown(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """A piece of evidence: what is known of it here, and what can be done with its file."""
    visit = matter.visit
    ours = one["by"] == visit.record.party
    at = f"{matter.path}/evidence/{one['ref']}"
    can = []
    if one["is"] == "match":
        can.append(Link(str(matter.say("evidence.save")), at))
    if ours and visit.offices and one["size"] <= LARGEST:
        can.append(Link(str(matter.say("evidence.disclose")), f"{at}/disclosure"))
    if ours and one["is"] == "withheld":
        can += links([matter.may("release-evidence", one["ref"])])
    return {
        **one,
        "name": visit.party(one["by"]),
        "title": visit.named(one["title"]),
        "is_words": matter.value(one["is"]),
        "shows_words": short_word(visit, one["shows"]) if one.get("shows") else "",
        "size_words": visit.number(one["size"]),
        "can": can,
    }


def evidence_file(visit: Visit) -> Answer:
    """The file that was released, once it was held against the digest that was recorded."""
    found = _asked(visit)
    name, data = files.released_file(visit.record, found.ref)
    return visit.download(data, name, "application/octet-stream")


def evidence_disclosure(visit: Visit) -> Answer:
    """The disclosure of a file that we keep: for one reader, outside the record. Nothing is said."""
    found = _asked(visit)
    files.require_ours(visit.record, found)
    if not visit.offices:
        raise Refused("office_not_yours", office="—", held="—")
    if found.said.size > LARGEST:
        raise Refused("evidence_too_large_to_show", evidence=found.ref, limit=LARGEST >> 20)
    name = f"evidence-{found.ref.party}-{found.ref.number}.disclosure"
    with disclosure(visit.record, visit.house.node.withheld(visit.record), found) as raw:
        return visit.download(raw.read(), name, "application/octet-stream")


def _asked(visit: Visit) -> files.Evidence:
    """The evidence in the path. Raises `Refused`, also where it is another commitment's."""
    matter, ref = Matter(visit, "commitments"), reference(f"{visit.path['by']}/{visit.path['act']}")
    found = files.evidence(visit.record, ref)
    if found.docket != matter.ref:
        raise Refused("evidence_unknown", act=ref)
    return found


_PATH = "/m/{mechanism:str}/commitments/{party:str}/{number:str}/evidence/{by:str}/{act:str}"
PAGES = (Page(_PATH, evidence_file), Page(f"{_PATH}/disclosure", evidence_disclosure))
