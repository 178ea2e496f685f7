"""What becomes of each group is told in the statement's order."""

from __future__ import annotations

from comity.chapters.statements.compare.comparing import compare, compare_texts
from comity.chapters.statements.compare.findings import counts

STATEMENT = [
    {"en": "The two sides agreed to set up a joint centre in Baghdad."},
    {"en": "Disputes shall be settled through consultation between the ministries."},
    {"en": "Citizens under 15 are exempt from the visa requirement."},
    {"en": "The next meeting will be held in Mosul in November 2025."},
]


def test_each_relation() -> None:
    published = (
        "The two sides agreed to set up a joint centre in Baghdad. Flights were discussed with the airlines. "
        "The next session will be held in Mosul in November 2025. "
        "Disputes may be settled through consultation between the ministries."
    )
    found = compare(STATEMENT, published, "en")
    assert [(row.relation, row.passages) for row in found.findings] == [
        ("same", (1,)),
        ("added", ()),
        ("changed", (2,)),
        ("missing", (3,)),
        ("reworded", (4,)),
    ]
    assert found.counts == {"added": 1, "changed": 1, "missing": 1, "moved": 1, "reworded": 1, "same": 1}
    assert counts(found.findings) == found.counts


def test_a_headline_that_matches_nothing_is_set_aside() -> None:
    found = compare(
        STATEMENT, "Good news for travellers\n\nCitizens under 15 are exempt from the visa requirement.", "en"
    )
    assert [(row.why, row.span.text) for row in found.aside] == [("headline", "Good news for travellers")]
    assert "added" not in found.counts


def test_the_same_list_numbers_keep_passages_in_their_places() -> None:
    one = "4. Disputes shall be settled through consultation.\n\n3. A joint centre is set up in Baghdad."
    other = "3. A joint centre is set up in Baghdad.\n\n4. Disputes shall be settled through consultation."
    assert "moved" not in compare_texts(one, other, "en").counts
    bare = compare_texts(*(text.replace("3. ", "").replace("4. ", "") for text in (one, other)), "en")
    assert bare.counts["moved"] == 1


def test_where_what_was_published_stands_is_told_in_characters() -> None:
    published = "\u202e  Citizens under 15 are exempt from the visa requirement.  "
    row = next(row for row in compare(STATEMENT, published, "en").findings if row.published)
    assert all(published[span.start : span.end] == span.text for span in row.published)
    assert all(STATEMENT[2]["en"][span.start : span.end] == span.text for span in row.ours)


def test_two_passages_that_one_sentence_says_are_held_against_it_together() -> None:
    """Offsets of what is shown stay those of each passage."""
    statement = [
        {"en": "The ministers signed a permanent memorandum on water in Mosul."},
        {"en": "A memorandum on water was signed in Mosul by ministers."},
    ]
    found = compare(statement, "The ministers signed a memorandum on water in Mosul on 3 May.", "en").findings
    assert [(row.relation, row.passages) for row in found] == [("changed", (1, 2))]
    assert [span.text for span in found[0].ours] == [passage["en"] for passage in statement]
    assert ("missing_part", "permanent") in {(one.kind, one.ours) for one in found[0].differences}


def test_a_denial_that_only_the_published_text_has_is_told() -> None:
    statement = [
        {"en": "The two sides shall open the joint border gate at Habur to citizens of both countries."}
    ]
    published = "The two sides shall never open the joint border gate at Habur to citizens of both countries."
    found = compare(statement, published, "en").findings
    assert [(one.kind, one.published) for one in found[0].differences] == [("negation", "never open")]
