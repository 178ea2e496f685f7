"""Every page is in the one list, once, and by a module that is there for it."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

import comity.web
from comity.web.pages import PAGES


def test_every_module_that_has_pages_is_listed_and_no_address_twice() -> None:
    """Seen to fail with a module left out."""
    modules = (import_module(f"comity.web.{module.name}") for module in iter_modules(comity.web.__path__))
    lists = [own for module in modules if (own := getattr(module, "PAGES", PAGES)) is not PAGES]
    assert sorted(page.path for own in lists for page in own) == sorted(page.path for page in PAGES)
    twice = Counter((page.path, method) for page in PAGES for method in page.methods)
    assert set(twice.values()) == {1}


def test_only_pages_that_say_so_are_for_those_who_are_not_signed_in() -> None:
    """What may be cached for everybody is public, and nothing of a mechanism is but what was released."""
    assert all(page.public for page in PAGES if page.cacheable)
    assert not [page.path for page in PAGES if page.public and page.path.startswith("/m/")]
