"""A form: its fields, and the key by which it is told from every other."""

from __future__ import annotations

from comity.web.form import Form, Sent


def test_a_form_has_one_key_however_often_it_is_sent_and_a_new_one_has_one_of_its_own() -> None:
    assert Form({"_once": ["k"]}).key == "k"
    assert len(Form({"_once": ["k" * 1000]}).key) == 80
    assert Form().key != Form().key


def test_what_a_form_says_once_is_of_one_person_one_mechanism_and_one_content() -> None:
    """Another content under the same key is another request: it is refused where it is said, and never taken for the first."""
    form = Form({"_once": ["k"]})
    first = form.once("ayla", "3f2a", {"kind": "a"})
    assert form.once("ayla", "3f2a", {"kind": "a"}) == first
    assert form.once("deniz", "3f2a", {"kind": "a"}).key != first.key
    for other in (form.once("ayla", "3f2b", {"kind": "a"}), form.once("ayla", "3f2a", {"kind": "b"})):
        assert other.key == first.key
        assert other.asked != first.asked


def test_the_first_file_that_is_one_counts() -> None:
    """A browser sends a field without a file as one without a name."""
    empty, full = Sent("", b""), Sent("a.pdf", b"")
    assert Form(files={"_file": [empty]}).file("_file") is None
    assert Form(files={"_file": [empty, full]}).file("_file") == full
