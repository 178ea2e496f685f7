"""Every page, by the module that draws it."""

from __future__ import annotations

from collections.abc import Sequence

from comity.web import account, admin, glance, public, signing_in
from comity.web.page import Page

__all__ = ["PAGES"]

PAGES: Sequence[Page] = tuple(page for module in (signing_in, admin, account, account, public, glance) for page in module.PAGES)
