"""Every page, by the module that draws it."""

from __future__ import annotations

from collections.abc import Sequence

from comity.web import account, admin, acts, docket, forms, glance, public, signing_in
from comity.web.page import Page

__all__ = ["PAGES"]

_MODULES = (
    docket,
    acts,
    forms,
    signing_in,
    account,
    admin,
    public,
    glance,
)
PAGES: Sequence[Page] = tuple(page for module in _MODULES for page in module.PAGES)
