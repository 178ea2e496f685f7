"""Changes are announced in three languages, by provision id."""

from __future__ import annotations

import pytest

from comity.chapters.instruments.amendments import directive


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Replace art-4.2", ("replace", "art-4.2")),
        ("INSERT AFTER art-4", ("insert_after", "art-4")),
        ("Delete art-6", ("delete", "art-6")),
        ("Değiştir art-4.2", ("replace", "art-4.2")),
        ("Sonrasına ekle annex-1.art-2", ("insert_after", "annex-1.art-2")),
        ("ÇIKAR art-6", ("delete", "art-6")),
        ("استبدال art-4.2", ("replace", "art-4.2")),
        ("حذف art-6", ("delete", "art-6")),
        ("Replace Article 4", None),
        ("Replace", None),
        ("Article 4", None),
    ],
)
def test_directives(typed: str, found: tuple[str, str] | None) -> None:
    assert directive(typed) == found
