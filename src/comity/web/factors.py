"""What a person signs in with besides a password: codes of an authenticator, and passkeys.

    POST /account/codes              a fresh secret; then the first code, and the recovery codes, which are shown once
    POST /account/passkeys           answer={...}&passkey_title=Office+laptop

What is dropped is dropped against the password: whoever finds an open browser must not gain more than what is open.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from comity.core.errors import Refused
from comity.web.account import done, refused, require_password
from comity.web.page import Page
from comity.web.signing_in import status_of, why_not
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]


def begin_codes(visit: Visit) -> Answer:
    """A fresh secret for an authenticator, as a picture and as text."""
    try:
        made = visit.house.accounts.begin_totp(visit.person)
    except Refused as error:
        return refused(visit, error, "")
    picture = f"data:image/svg+xml;base64,{b64encode(made.svg.encode()).decode()}"
    groups = " ".join(made.secret[at : at + 4] for at in range(0, len(made.secret), 4))
    return _codes(visit, 200, picture=picture, secret=groups)


def confirm_codes(visit: Visit) -> Answer:
    """The first code; then the recovery codes, which are shown only here."""
    try:
        codes = visit.house.accounts.confirm_totp(
            visit.person, visit.form.text("code"), address=visit.address
        )
    except Refused as error:
        if error.code == "totp_not_begun":
            return refused(visit, error, "")
        status, headers = status_of(error, 409)
        answer = _codes(visit, status, error=why_not(visit, error))
        answer.headers.update(headers)
        return answer
    return _codes(visit, 200, codes=codes)


def _codes(visit: Visit, status: int, **values: Any) -> Answer:
    given: dict[str, Any] = {"picture": "", "secret": "", "error": "", "codes": []}
    return visit.page(
        "codes.html", status, **(given | values), language_href=lambda tag: f"/account?lang={tag}"
    )


def drop_codes(visit: Visit) -> Answer:
    """No codes any more."""

    def work() -> None:
        require_password(visit, "codes_password")
        visit.house.accounts.drop_totp(visit.person.name, visit.person, address=visit.address)

    return done(visit, work, "codes_dropped", "codes_password")


def passkey_options(visit: Visit) -> Answer:
    """What the browser is asked for a new passkey."""
    options = visit.house.accounts.begin_registration(visit.person)
    return visit.answer(options.encode(), "application/json")


def add_passkey(visit: Visit) -> Answer:
    """The new passkey."""
    title, answer = visit.form.text("passkey_title"), visit.form.text("answer")

    def work() -> None:
        visit.house.accounts.finish_registration(visit.person, answer, title, address=visit.address)

    return done(visit, work, "passkey_added", "passkey_title")


def drop_passkey(visit: Visit) -> Answer:
    """One passkey less."""

    def work() -> None:
        require_password(visit, "passkey_password")
        passkey = visit.form.text("passkey")
        visit.house.accounts.drop_passkey(visit.person.name, visit.person, passkey, address=visit.address)

    return done(visit, work, "passkey_dropped", "passkey_password")


PAGES = (
    Page("/account/codes", begin_codes, ("POST",)),
    Page("/account/codes/confirm", confirm_codes, ("POST",)),
    Page("/account/codes/drop", drop_codes, ("POST",)),
    Page("/account/passkeys", add_passkey, ("POST",)),
    Page("/account/passkeys/options", passkey_options, ("POST",)),
    Page("/account/passkeys/drop", drop_passkey, ("POST",)),
)
