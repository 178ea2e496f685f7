"""Every page, by the module that draws it."""

from __future__ import annotations

from collections.abc import Sequence

from comity.web import (
    accepting,
    account,
    acts,
    admin,
    certifying,
    commitment,
    commitments,
    committees,
    docket,
    documents,
    evidence,
    factors,
    forms,
    founding,
    glance,
    instrument_state,
    instruments,
    lists,
    meetings,
    people,
    programme,
    public,
    records,
    redline,
    release,
    search,
    signing_in,
    signing_papers,
    statements,
)
from comity.web.page import Page

__all__ = ["PAGES"]

_MODULES = (
    instruments,
    redline,
    instrument_state,
    meetings,
    commitments,
    programme,
    commitment,
    evidence,
    committees,
    statements,
    docket,
    acts,
    forms,
    signing_in,
    account,
    factors,
    admin,
    founding,
    accepting,
    public,
    release,
    glance,
    records,
    people,
    search,
    documents,
    signing_papers,
    certifying,
    lists,
)
PAGES: Sequence[Page] = tuple(page for module in _MODULES for page in module.PAGES)
