"""Words that say the same thing in another form meet; what Turkish and Arabic say by endings is read off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.forms import normal
from comity.chapters.statements.compare.stems import Mood, Stems


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "establish established establishing"),
        ("en", "organisation organization"),
        ("en", "meets met meeting"),
        ("tr", "kurulması kurulmasına kurulacaktır kurmak"),
        ("tr", "sunacaktır sunabilecektir sunulmuştur"),
        ("tr", "toplantısı toplantının TOPLANTISI"),
        ("tr", "Türkiye'nin TÜRKİYE Türkiye’de"),
        ("tr", "etmiştir edilecektir edecek"),
        ("ar", "اتفق الاتفاق واتفق"),
        ("ar", "القرارات قرار قرر"),
        ("ar", "وزير الوزيرين ووزير"),
        ("ar", "للمياه المياه مياه"),
        ("ar", "مُحـــطّة محطة المحطة"),
    ],
)
def test_forms_of_one_word_meet(language: str, words: str) -> None:
    stems = Stems(language)
    assert len({stems.stem(normal(word, language)) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "security", "economy"),
        ("tr", "ırmak", "irmik"),
        ("tr", "vermeyecektir", "görmeyecektir"),
        ("ar", "تقرير", "قرر"),
        ("ar", "زيارة", "وزارة"),
        ("ar", "سيادة", "ستة"),
    ],
)
def test_different_words_stay_apart(language: str, one: str, other: str) -> None:
    stems = Stems(language)
    assert stems.stem(normal(one, language)) != stems.stem(normal(other, language))


@pytest.mark.parametrize(
    ("language", "word", "mood"),
    [
        ("tr", "sunacaktır", Mood(4)),
        ("tr", "sunabilecektir", Mood(1)),
        ("tr", "yapılmalıdır", Mood(2)),
        ("tr", "vermeyecektir", Mood(4, negated=True)),
        ("tr", "feshedilemez", Mood(1, negated=True)),
        ("tr", "kurulması", Mood()),
        ("tr", "ilerlemeden", Mood()),
        ("tr", "etmeden", Mood(-1, negated=True)),
        ("ar", "ستعقد", Mood(4)),
        ("ar", "وسيبرم", Mood(4)),
        ("ar", "سيادة", Mood()),
        ("ar", "ستة", Mood()),
    ],
)
def test_what_a_form_says_of_duty_and_denial(language: str, word: str, mood: Mood) -> None:
    """ilerlemeden is a noun (from the progress), not: without progressing."""
    assert Stems(language).mood(normal(word, language)) == mood


def test_a_turkish_verb_in_the_past_is_known_only_where_a_clause_ends() -> None:
    stems = Stems("tr")
    assert stems.stem("yineledi", final=True) == stems.stem("yinelemiştir")
    assert stems.stem("heyeti") == stems.stem("heyetleri")
    assert stems.mood("katılmadı", final=True) == Mood(-1, negated=True)


@given(st.sampled_from(["en", "tr", "ar", "xx"]), st.text(max_size=80))
def test_any_word_has_a_stem(language: str, word: str) -> None:
    """The single letter that once raised IndexError among them."""
    stems = Stems(language)
    for form in (normal(word, language), "ل", "ب", "س", "و", "a", ""):
        stems.mood(form)
        stems.mood(form, final=True)
        assert isinstance(stems.stem(form), str)
