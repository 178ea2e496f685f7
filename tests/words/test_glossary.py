"""One word for one thing: no catalogue calls a central term otherwise than the others do."""

from __future__ import annotations

import re

import pytest
from tests.words.glossary import PAGE, TERMS, Sentence, Term, astray, page, sentences

EVERYTHING = list(sentences())


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.english)
def test_a_term_has_its_word_in_every_catalogue(term: Term) -> None:
    told = [sentence for sentence in EVERYTHING if re.search(term.pattern, sentence.english, re.IGNORECASE)]
    assert len(told) > 1, "nobody uses it: it needs no place in the glossary"
    assert [fault for sentence in told for fault in astray(term, sentence)] == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.english)
def test_its_word_is_one_that_the_catalogues_are_searched_for(term: Term) -> None:
    assert re.search(term.tr, term.turkish)
    assert re.search(term.ar, term.arabic)
    assert not re.search(term.never_tr, term.turkish)
    assert not re.search(term.never_ar, term.arabic)
    assert set(term.free) <= {sentence.key for sentence in EVERYTHING}


def test_a_word_that_was_given_up_is_noticed() -> None:
    """In whichever form it is bent, and however it begins."""
    docket = TERMS[0]
    for turkish, arabic in (
        ("Bu konuda bir dosya yok.", "لا شيء في هذا الملف"),
        ("Konunun beyanları", "بيانات الملف"),
        ("Bu dosyada bir şey yok.", "لا شيء في هذه المسألة، أي الملف"),
        ("Bu iş", "هذا الملف"),
    ):
        assert astray(docket, Sentence("web", "docket.empty", "Nothing in this docket.", turkish, arabic))
    assert astray(docket, Sentence("web", "x", "The docket", "Konuşan dosya", "الملف")) == []
    assert astray(docket, Sentence("web", "x", "Nothing of it", "Konu", "المسألة")) == []


def test_the_page_is_what_the_glossary_says() -> None:
    text = PAGE.read_text("utf-8")
    assert page(text) == text, "run: python -m tests.words.glossary"
