"""Signing in and out: a name and a password, a second step, a passkey, a ministry's own directory.

    POST /sign-in   name=ayla&password=...&next=/m/3f2a91c07b1e      303 to next, or the page of the second step

Whoever was writing a form when their session ended signs in on the very page that the form led to. What they typed
travels with the sign-in in one hidden field, `kept`, and is a draft of theirs once it is known who they are.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from comity.accounts import Session, Step
from comity.core.errors import ComityError, Malformed, Refused, Unavailable
from comity.desk import wording
from comity.web import keeping
from comity.web.page import Page
from comity.web.text import Typed
from comity.web.visit import SESSION, Answer, Visit

__all__ = ["PAGES", "confirm_again", "has_passkeys", "own_path", "sign_in_again", "status_of", "why_not"]

_ERRAND = "comity_errand"
_LONGEST = 1000
_ASCII = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"<>\\^`{|}')
_TOLD = ("password", "signed_out")
_WAYS = ("totp", "passkey")
_FLAGS = ("ended", "lost", "files", "missed")


def own_path(text: str) -> str:
    """The address, if it leads to a page of this node and not to signing in or out again; else the first page."""
    bad = not text.startswith("/") or text.startswith("//") or "\\" in text or not text.isprintable()
    if bad or len(text) > _LONGEST or text.startswith(("/sign-in", "/sign-out")):
        return "/"
    return quote(text, safe=_ASCII)


# ------------------------------------------------------------------------------------------- the door


def sign_in(visit: Visit) -> Answer:
    """The form. Whoever is signed in already is led on."""
    if visit.session is not None:
        return visit.go(own_path(visit.query("next", "/")))
    told = visit.query("told")
    return _door(visit, 200, told=told if told in _TOLD else "", next=own_path(visit.query("next", "/")))


def signed_in(visit: Visit) -> Answer:
    """A name and a password."""
    try:
        step = visit.house.accounts.sign_in(
            visit.form.text("name"), visit.form.text("password"), visit.address
        )
    except Refused as error:
        return _door(visit, 401, error, name=Typed(visit.form.text("name")[:256]), **_carried(visit))
    return _stepped(visit, step, _carried(visit))


def second_step(visit: Visit) -> Answer:
    """A one-time code or a recovery code."""
    ticket = visit.form.text("ticket")
    try:
        session = visit.house.accounts.second_factor(ticket, visit.form.text("code"), visit.address)
    except Refused as error:
        return _again(visit, error)
    return _begun(visit, session, _carried(visit))


def passkey_options(visit: Visit) -> Answer:
    """What the browser's passkeys are asked: for the second step, or, without a ticket, for both steps at once."""
    options = visit.house.accounts.begin_authentication(visit.form.text("ticket") or None)
    return visit.answer(options.encode(), "application/json")


def passkey(visit: Visit) -> Answer:
    """What a passkey answered."""
    ticket, answer = visit.form.text("ticket") or None, visit.form.text("answer")
    try:
        session = visit.house.accounts.finish_authentication(ticket, answer, visit.address)
    except Refused as error:
        return _again(visit, error)
    return _begun(visit, session, _carried(visit))


def sign_out(visit: Visit) -> Answer:
    """The end of a session."""
    visit.house.accounts.end(visit.request.cookies.get(SESSION, ""), address=visit.address)
    visit.keep(SESSION, "", 0, private=True)
    return visit.go("/sign-in?told=signed_out")


# ---------------------------------------------------------------------------------- a ministry's directory


def directory(visit: Visit) -> Answer:
    """Send the browser to a directory; it comes back to `returned`."""
    name, path = str(visit.path["provider"]), own_path(visit.query("next", "/"))
    try:
        errand = visit.house.accounts.begin_oidc(name, f"{_origin(visit)}/sign-in/from/{quote(name)}")
    except Unavailable as error:
        return _door(visit, 503, error, next=path)
    where = binascii.b2a_base64(path.encode(), newline=False).decode().replace("=", "")
    minutes = visit.house.accounts.settings.ticket_minutes
    visit.keep(_ERRAND, f"{errand.state}.{where}", minutes * 60, private=True)
    return visit.answer(b"", "text/plain", 303, {"location": errand.url})


def returned(visit: Visit) -> Answer:
    """The browser is back from a directory."""
    state, _, where = visit.request.cookies.get(_ERRAND, "").partition(".")
    visit.keep(_ERRAND, "", 0, private=True)
    try:
        path = own_path(binascii.a2b_base64(where + "=" * (-len(where) % 4)).decode())
    except ValueError:
        path = "/"
    answer = {name: visit.query(name) for name in ("code", "state", "iss") if visit.query(name)}
    try:
        step = visit.house.accounts.finish_oidc(state, answer, visit.address)
    except (Refused, Unavailable) as error:
        return _door(visit, 503 if isinstance(error, Unavailable) else 401, error, next=path)
    return _stepped(visit, step, {"next": path, "kept": ""})


def resumed(visit: Visit) -> Answer:
    """Signed in elsewhere meanwhile, by a directory in another tab: what was typed is theirs now."""
    if visit.session is None:
        return _door(visit, 401, missed=True, **_carried(visit))
    return _resumed(visit, _carried(visit))


def in_language(visit: Visit) -> Answer:
    """The door or the second step again in the language that the address names, with all that it carried."""
    carried, ticket, ways = _carried(visit), visit.form.text("ticket"), _ways(visit)
    if ticket and ways:
        return _second(visit, 200, carried, ticket=ticket, ways=ways, error="")
    flags: dict[str, Any] = {name: bool(visit.form.text(name)) for name in _FLAGS}
    return _door(visit, 200, **carried, **flags)


def _origin(visit: Visit) -> str:
    """The address of this node as this browser knows it."""
    origins, host = visit.house.accounts.settings.origins, visit.header("host")
    return next((one for one in origins if urlsplit(one).netloc == host), origins[0]).rstrip("/")


# ------------------------------------------------------------------------- forms without their session


def sign_in_again(visit: Visit) -> Answer:
    """A form came without a session: nothing was said, and what was typed is kept while its author signs in."""
    path, form = _form_address(visit)
    kept, lost = _packed(visit) if form else ("", False)
    return _door(
        visit, 401, ended=True, next=path, kept=kept, lost=lost, files=any(visit.form.files.values())
    )


def confirm_again(visit: Visit) -> Answer:
    """A form came with the token of another session: what was typed is kept as a draft, to be looked at again."""
    visit.house.accounts.note("audit.refused", visit.person.name, visit.address, code="form_stale")
    path, form = _form_address(visit)
    lost = kept = False
    if form and keeping.keepable(visit.form.texts):
        try:
            keeping.keep(visit, path, visit.form.texts)
            kept = True
        except Refused:
            lost = True
    return visit.page(
        "confirm_again.html", 403, where=path, kept=kept, lost=lost, files=any(visit.form.files.values())
    )


def _form_address(visit: Visit) -> tuple[str, bool]:
    """Where the form is that was sent here, and whether it is at this very address."""
    name = str(getattr(visit.request.scope["route_handler"], "name", "")).partition(" ")[2]
    if name and visit.request.app.get_handler_index_by_name(f"GET {name}") is not None:
        return own_path(visit.here), True
    back = urlsplit(visit.header("referer"))
    if back.netloc != visit.header("host"):
        return "/", False
    return own_path(f"{back.path}?{back.query}" if back.query else back.path), False


def _packed(visit: Visit) -> tuple[str, bool]:
    """What was typed as a hidden field, and whether it is too large for that."""
    try:
        return keeping.packed(visit.form.texts), False
    except Refused:
        return "", True


# ---------------------------------------------------------------------------------------------- steps


def _carried(visit: Visit) -> dict[str, Any]:
    """What travels from step to step of a sign-in."""
    kept = visit.form.text("kept")
    return {"next": own_path(visit.form.text("next", "/")), "kept": kept if keeping.unpacked(kept) else ""}


def _stepped(visit: Visit, step: Step, carried: Mapping[str, Any]) -> Answer:
    if step.session is not None:
        return _begun(visit, step.session, carried)
    return _second(visit, 200, carried, ticket=step.ticket, ways=step.ways, error="")


def _begun(visit: Visit, session: Session, carried: Mapping[str, Any]) -> Answer:
    """A session begins: with a cookie of its own, and without the one before it."""
    visit.house.accounts.end(visit.request.cookies.get(SESSION, ""), address=visit.address)
    visit.keep(SESSION, session.token, private=True)
    visit.session = session
    return _resumed(visit, carried)


def _resumed(visit: Visit, carried: Mapping[str, Any]) -> Answer:
    texts = keeping.unpacked(carried["kept"])
    if texts:
        keeping.keep(visit, carried["next"], texts)
    return visit.go(carried["next"])


def _again(visit: Visit, error: Refused) -> Answer:
    """The second step once more, or the door, where it was the only step or has taken too long."""
    ways = _ways(visit)
    if not visit.form.text("ticket") or error.code == "ticket_ended" or not ways:
        return _door(visit, 401, error, **_carried(visit))
    status, headers = status_of(error, 401)
    found = {"ticket": visit.form.text("ticket"), "ways": ways, "error": why_not(visit, error)}
    answer = _second(visit, status, _carried(visit), **found)
    answer.headers.update(headers)
    return answer


def _ways(visit: Visit) -> list[str]:
    return [way for way in _WAYS if way in visit.form.all("way")]


def _second(visit: Visit, status: int, carried: Mapping[str, Any], **values: Any) -> Answer:
    """The page of the second step."""
    found = {"language_href": _in_language, "language_form": "language"}
    return visit.page("second_step.html", status, **found, **carried, **values)


def _in_language(tag: str) -> str:
    """Where a step of signing in is sent to be shown in another language: an answer to a form has no address."""
    return f"/sign-in/language?lang={tag}"


def _door(visit: Visit, status: int, error: ComityError | None = None, **values: Any) -> Answer:
    """The sign-in page."""
    status, headers = status_of(error, status)
    shown: dict[str, Any] = {
        "told": "", "name": "", "kept": "", "ended": False, "lost": False, "files": False, "missed": False,
        "error": why_not(visit, error) if error else "", "providers": visit.house.accounts.settings.providers,
        "passkeys": has_passkeys(visit),
    } | values  # fmt: skip
    flags = {name: ["yes"] for name in _FLAGS if shown[name]}
    if shown["kept"] or flags:
        shown |= {"language_href": _in_language, "language_form": "language", "flags": flags}
    else:
        shown["language_href"] = lambda tag: f"/sign-in?lang={tag}&next={quote(shown['next'], safe='')}"
    answer = visit.page("sign_in.html", status, **shown)
    answer.headers.update(headers)
    return answer


def has_passkeys(visit: Visit) -> bool:
    """Whether passkeys can be used where the browser is: they are bound to the addresses in the settings."""
    origins = visit.house.accounts.settings.origins
    return any(urlsplit(one).netloc == visit.header("host") for one in origins)


def status_of(error: ComityError | None, status: int) -> tuple[int, dict[str, str]]:
    """The status, and the headers that say when to try again, where that was too often."""
    if isinstance(error, Refused) and error.code == "sign_in_often":
        return 429, {"retry-after": str(error.facts["seconds"])}
    return status, {}


def why_not(visit: Visit, error: ComityError) -> str:
    """Why not, and when to try again."""
    if isinstance(error, Refused) and error.code == "sign_in_often":
        seconds = int(error.facts["seconds"])
        at = visit.moment(visit.house.clock() + timedelta(seconds=seconds + 59))
        return visit.say("sign_in.often", seconds=visit.number(seconds), time=at)
    if isinstance(error, Refused):
        return visit.say(f"refused.{error.code}", "accounts", **error.facts)
    if isinstance(error, Malformed):
        return visit.say("refused.oidc_failed", "accounts")
    return wording.sentence(visit.words, error)


PAGES = (
    Page("/sign-in", sign_in, public=True),
    Page("/sign-in", signed_in, ("POST",), public=True),
    Page("/sign-in/code", second_step, ("POST",), public=True),
    Page("/sign-in/passkey", passkey, ("POST",), public=True),
    Page("/sign-in/passkey/options", passkey_options, ("POST",), public=True),
    Page("/sign-in/with/{provider:str}", directory, public=True),
    Page("/sign-in/from/{provider:str}", returned, public=True),
    Page("/sign-in/kept", resumed, ("POST",), public=True),
    Page("/sign-in/language", in_language, ("POST",), public=True),
    Page("/sign-out", sign_out, ("POST",), public=True),
)
