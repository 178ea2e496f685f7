"""One act as the record holds it: its facts, its content, its bytes, and a proof of it for a stranger.

/m/3f2a91c07b1e/a/TUR/17                  the page
/m/3f2a91c07b1e/a/TUR/17/leaf             the leaf's bytes; /content: salt and content; /proof: for `comity verify`
"""

from __future__ import annotations

from comity.core.act import Ref
from comity.core.entry import SALT, Entry, leaf_hash, parse_leaf
from comity.core.errors import Refused
from comity.desk import wording
from comity.node import proving, showing
from comity.storage.port import entry_at
from comity.web.docket import act_shown
from comity.web.page import Page
from comity.web.text import shown
from comity.web.visit import Answer, Visit, reference

__all__ = ["PAGES", "act", "content", "leaf", "proof"]

_LARGEST = 12_000  # bytes of a content that are written out on the page; all of it is a file


def act(visit: Visit) -> Answer:
    """The page."""
    ref, entry = _entry(visit)
    record = visit.record
    found = showing.show(record, ref)
    parsed = parse_leaf(entry.leaf, str(ref))
    told = act_shown(visit, found, brief=False)
    seen = [
        (f"{party}/{size - 1}", visit.docket_at(f"{party}/{size - 1}"))
        for party, size in found["seen"].items()
        if size
    ]
    content = None if entry.content is None else entry.content[SALT:]
    title = wording.what(visit.words, record, found["kind"])
    here = f"{visit.act_at(ref)}"
    return visit.page(
        "act.html",
        ref=str(ref), act=told, chapter=wording.chapter_of(record, found["kind"]),
        what=told["what"], title=title, kind=found["kind"],
        docket=found["docket"], docket_href=f"{visit.docket_at(found['docket'])}?at={ref}#{ref.party}-{ref.number}",
        mandate=found["mandate"], mandate_href=visit.docket_at(found["mandate"].partition("#")[0]),
        seen=seen, signature=parsed.signature.key if parsed.signature is not None else "",
        hash=leaf_hash(entry.leaf), content_hash=parsed.content, here=here,
        leaf=shown(entry.leaf.decode("utf-8", "replace")), leaf_size=visit.number(len(entry.leaf)),
        content=shown(content[:_LARGEST].decode("utf-8", "replace")) if content is not None else None,
        content_size=visit.number(len(content)) if content is not None else "",
        whole=content is None or len(content) <= _LARGEST,
        before=visit.act_at(Ref(ref.party, ref.number - 1)) if ref.number else "",
        after=visit.act_at(Ref(ref.party, ref.number + 1)) if ref.number + 1 < record.store.size(ref.party) else "",
    )  # fmt: skip


def leaf(visit: Visit) -> Answer:
    """The leaf's bytes, as they were hashed."""
    ref, entry = _entry(visit)
    return visit.download(entry.leaf, f"{ref.party}-{ref.number}.leaf.json", "application/octet-stream")


def content(visit: Visit) -> Answer:
    """The salt and the content, as the leaf names their hash. Raises `Refused` where they are not here."""
    ref, entry = _entry(visit)
    if entry.content is None:
        raise Refused("content_not_here", act=ref)
    return visit.download(entry.content, f"{ref.party}-{ref.number}.content", "application/octet-stream")


def proof(visit: Visit) -> Answer:
    """An act proof file; its content is shown in it unless it may be destroyed."""
    ref, _ = _entry(visit)
    made = proving.prove(visit.record, ref)
    return visit.download(made, f"{ref.party}-{ref.number}.proof.json", "application/json")


def _entry(visit: Visit) -> tuple[Ref, Entry]:
    """The act in the path. Raises `Refused`."""
    ref = reference(f"{visit.path['party']}/{visit.path['number']}")
    record = visit.record
    with record.reading():
        if ref.party not in record.parties or ref.number >= record.store.size(ref.party):
            raise Refused("act_unknown", act=ref)
        return ref, entry_at(record.store, ref)


_AT = "/m/{mechanism:str}/a/{party:str}/{number:str}"
PAGES = (
    Page(_AT, act),
    Page(f"{_AT}/leaf", leaf),
    Page(f"{_AT}/content", content),
    Page(f"{_AT}/proof", proof),
)
