"""The mechanism at a glance: bodies, next dates, what waits for us and for them, how far each log is held, silences."""

from __future__ import annotations

from comity.node import asking
from comity.web.page import Page
from comity.web.visit import Answer, Visit, short

__all__ = ["PAGES"]


def front(visit: Visit) -> Answer:
    """The first page: the only mechanism, or the list of them."""
    found = visit.house.open_to(visit.person)
    if len(found) == 1:
        return visit.go(f"/m/{short(found[0])}")
    listed = [(visit.named(one.charter.names), f"/m/{short(one)}") for one in found]
    return visit.page("front.html", mechanisms=listed)


def glance(visit: Visit) -> Answer:
    """One mechanism."""
    return visit.page("glance.html", logs=asking.status(visit.record)["logs"])


PAGES = (Page("/", front), Page("/m/{mechanism:str}", glance))
