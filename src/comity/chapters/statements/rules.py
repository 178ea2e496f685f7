"""What may be said of a statement or a source, and when. Each rule sees the docket as the act's own author knew it.

    Refused("fact_unseen", fact="IRQ/31")            cites an act that its author had not read
    Refused("fact_unknown", fact="TUR/12#art-99")    that act is there, and has no such provision or decision

No rule looks into a published text: that content may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from comity.chapters.statements import state
from comity.chapters.statements.acts import Proposed, Published, SourceCited, SourceRecorded
from comity.chapters.statements.state import Version
from comity.core.act import Act, Ref
from comity.core.chapter import Setting, View
from comity.core.days import newest_day
from comity.core.errors import Refused
from comity.core.puts import answered, check_no, check_not_overtaken, check_yes

__all__ = ["STATEMENT_LIMIT", "check"]

STATEMENT_LIMIT = 100_000
"""Characters of a statement in one language: half of what is compared with a published text."""


def check(view: View, act: Act, setting: Setting) -> None:
    """Raise `Refused` unless the act may be said."""
    match act.body:
        case Proposed():
            _check_text(act.body, act, setting)
            return
        case SourceRecorded(facts=facts):
            _check_facts((cited.fact for cited in facts), act, setting)
            return
        case _:
            pass
    first = state.opening(view)
    if first is None:
        raise Refused("statement_not_open", docket=act.docket)
    if act.kind == "statement.source_cited/1":
        if not isinstance(first.body, SourceRecorded):
            raise Refused("not_a_source", docket=act.docket)
    elif not isinstance(first.body, Proposed):
        raise Refused("not_a_statement", docket=act.docket)
    _RULES[act.kind](view, act, setting)


def _check_text(text: Version, act: Act, setting: Setting) -> None:
    languages = {tag for passage in text.passages for tag in passage}
    for number, passage in enumerate(text.passages, start=1):
        if missing := ", ".join(sorted(languages - set(passage))):
            raise Refused("language_missing", languages=missing, passage=number)
    if missing := ", ".join(sorted(languages - set(text.title))):
        raise Refused("title_language_missing", languages=missing)
    for language in sorted(languages):
        size = sum(len(passage[language]) for passage in text.passages)
        if size > STATEMENT_LIMIT:
            raise Refused("statement_too_long", language=language, size=size, limit=STATEMENT_LIMIT)
    _check_facts(text.about, act, setting)


def _check_facts(facts: Iterable[str], act: Act, setting: Setting) -> None:
    """Refuse to cite what its author had not read, or what is not there."""
    past = act.past
    for fact in facts:
        reference, _, fragment = fact.partition("#")
        ref = Ref.parse(reference)
        if ref.number >= past.get(ref.party, 0):
            raise Refused("fact_unseen", fact=fact)
        if fragment and setting.passage(fact) is None:
            raise Refused("fact_unknown", fact=fact, act=reference)


def _revised(view: View, act: Act, setting: Setting) -> None:
    answered(act, state.versions(view))
    _check_text(act.body, act, setting)


def _accepted(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- every rule is called alike
    puts = state.versions(view)
    check_yes(view, act, puts, state.required(view))
    check_not_overtaken(view, act, puts, state.required(view), state.same)


def _withdrawn(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- every rule is called alike
    check_no(view, act, state.versions(view), state.required(view))


def _published(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- every rule is called alike
    said: Published = act.body
    if said.on > newest_day(act.time):
        raise Refused("published_in_future", on=said.on.isoformat())


def _text_attached(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- every rule is called alike
    [put] = answered(act, state.publications(view))
    if put.ref.party != act.party:
        raise Refused("not_your_publication", "law 4", answered=put.subject, party=put.ref.party)


def _source_cited(view: View, act: Act, setting: Setting) -> None:  # noqa: ARG001 -- every rule is called alike
    said: SourceCited = act.body
    _check_facts((said.fact,), act, setting)


_RULES: Mapping[str, Callable[[View, Act, Setting], None]] = {
    "statement.revised/1": _revised,
    "statement.accepted/1": _accepted,
    "statement.acceptance_withdrawn/1": _withdrawn,
    "statement.published/1": _published,
    "statement.text_attached/1": _text_attached,
    "statement.source_cited/1": _source_cited,
}
