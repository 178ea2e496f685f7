"""Signing in and out."""

from __future__ import annotations

from comity.web.page import Page
from comity.web.visit import SESSION, Answer, Visit

__all__ = ["PAGES", "confirm_again", "sign_in_again"]


def sign_in(visit: Visit) -> Answer:
    """The form."""
    return visit.page("sign_in.html", next=visit.query("next", "/"))


def signed_in(visit: Visit) -> Answer:
    """What it sent."""
    step = visit.house.accounts.sign_in(visit.form.text("name"), visit.form.text("password"), visit.address)
    if step.session is not None:
        visit.keep(SESSION, step.session.token, private=True)
    return visit.go(visit.form.text("next", "/"))


def sign_out(visit: Visit) -> Answer:
    """The end of a session."""
    visit.house.accounts.end(visit.request.cookies.get(SESSION, ""), address=visit.address)
    return visit.go("/sign-in")


def sign_in_again(visit: Visit) -> Answer:
    """A form came without a session: what was typed is kept while its author signs in."""
    return visit.page("sign_in.html", 401, next=visit.here)


def confirm_again(visit: Visit) -> Answer:
    """A form came with the token of another session: what was typed is shown again, to be sent once more."""
    return visit.page("sign_in.html", 403, next=visit.here)


PAGES = (
    Page("/sign-in", sign_in, public=True),
    Page("/sign-in", signed_in, ("POST",), public=True),
    Page("/sign-out", sign_out, ("POST",), public=True),
)
