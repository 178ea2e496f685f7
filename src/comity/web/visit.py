"""One request to the pages: who asks, in which language, about which mechanism; and the answers that can be given.

    def record(visit: Visit) -> Answer:
        return visit.page("record.html", logs=asking.status(visit.record)["logs"])

A page is a function of a visit, run in a thread. It raises the four errors freely: `comity.web.app` turns them into
pages, in the one table of statuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.datastructures import Cookie

from comity import __version__
from comity.accounts import Person, Session
from comity.core import charter as charters
from comity.core.act import LANGUAGES, Ref
from comity.core.errors import Malformed, Refused
from comity.desk.house import House
from comity.node.record import Record
from comity.web import csrf
from comity.web.drawing import Drawing
from comity.web.form import Form, HttpRequest
from comity.web.spoken import Spoken
from comity.web.text import visible

__all__ = ["SESSION", "Answer", "Visit", "reference"]

Answer = Response[Any]

SESSION = "comity"
LANGUAGE = "comity_language"
HIJRI = "comity_hijri"
_YEAR = 366 * 86400


def reference(text: str) -> Ref:
    """A reference in a path or a field. Raises `Refused`, as for an act that is not there."""
    try:
        return Ref.parse(text)
    except Malformed as error:
        raise Refused("act_unknown", act=visible(text[:40])) from error


class Visit(Spoken):
    """A request, its form, and the house that answers. `path` holds what the path's places were filled with."""

    def __init__(self, house: House, drawing: Drawing, request: HttpRequest, form: Form) -> None:
        self.house, self.drawing, self.request, self.form = house, drawing, request, form
        self.zone = house.zone
        self.path: Mapping[str, Any] = request.path_params
        self.cookies: list[Cookie] = []

    # ------------------------------------------------------------------------------------------- who

    @cached_property
    def session(self) -> Session | None:
        """The session of the one who asks, if they are signed in."""
        token = self.request.cookies.get(SESSION, "")
        return self.house.accounts.session(token) if token else None

    @property
    def person(self) -> Person:
        """Who asks. Raises `Refused` where nobody is signed in: pages that need no one do not ask."""
        if self.session is None:
            raise Refused("sign_in_first")
        return self.session.person

    @property
    def address(self) -> str:
        """Where the request comes from, for limits and the audit trail."""
        return self.request.client.host if self.request.client else ""

    @property
    def secure(self) -> bool:
        """Whether cookies may only travel under TLS: where the browser's address of this node begins with https."""
        origins = self.house.accounts.settings.origins
        return self.request.url.scheme == "https" or any(one.startswith("https:") for one in origins)

    # ------------------------------------------------------------------------------------- which language

    @cached_property
    def language(self) -> str:
        """As the address says (and then for a year), or as chosen before, or as the person's, or as the browser's."""
        asked = self.query("lang")
        if asked in LANGUAGES:
            self.keep(LANGUAGE, asked, _YEAR)
            return asked
        chosen = self.request.cookies.get(LANGUAGE, "")
        if chosen in LANGUAGES:
            return chosen
        if self.session is not None and self.session.person.language in LANGUAGES:
            return self.session.person.language
        return self.asked_for

    @property
    def asked_for(self) -> str:
        """The language that the browser asks for first, of those that there are."""
        accepted = (
            one.partition(";")[0].strip()[:2] for one in self.header("accept-language").lower().split(",")
        )
        return next((tag for tag in accepted if tag in LANGUAGES), "en")

    @cached_property
    def shows_hijri(self) -> bool:
        """Whether Hijri days are shown beside the Gregorian ones: `?hijri=1`, and then until `?hijri=0`."""
        asked = self.query("hijri")
        if asked in ("0", "1"):
            self.keep(HIJRI, asked, _YEAR)
            return asked == "1"
        return self.request.cookies.get(HIJRI, "") == "1"

    # ------------------------------------------------------------------------------------- which mechanism

    @cached_property
    def record(self) -> Record:
        """The mechanism in the path, if the one who asks may see it. Raises `Refused`, the same for both."""
        asked = str(self.path.get("mechanism", ""))
        found = next(
            (one for one in self.house.open_to(self.person) if one.mechanism.startswith(asked)), None
        )
        if found is None or len(asked) < _SHORTEST:
            raise Refused("mechanism_unknown", mechanism=visible(asked[:40]), known=self._known())
        return found

    def _known(self) -> str:
        return ", ".join(short(one) for one in self.house.open_to(self.person)) or "—"

    @property
    def root(self) -> str:
        """Where the pages of the mechanism begin: "/m/3f2a91c07b1e"."""
        return f"/m/{short(self.record)}"

    @cached_property
    def offices(self) -> frozenset[str]:
        """The offices that the person holds in this mechanism and that their party has filled."""
        held = self.person.offices(self.record.mechanism)
        with self.record.reading():
            return held & frozenset(self.record.folds.offices(self.record.party, self.record.ready))

    def office(self, name: str, party: str = "") -> str:
        """The title of an office in the reader's language, or its name."""
        with self.record.reading():
            found = self.record.folds.offices(party or self.record.party, self.record.ready).get(name)
        return self.titled(name, found.titles if found is not None else {})

    def titled(self, name: str, titles: Mapping[str, str]) -> str:
        """The same where its titles are known. The root key's holder, whom no act appoints, is named in our words."""
        if name == charters.ROOT:
            return self.say("web.people.root")
        return self.named(titles) or name

    def chapter(self, name: str) -> str:
        """What a chapter's dockets are called together; the chapter's own name where there are no words for it."""
        keys = (f"nav.{name}", f"docket.chapter.{name}")
        return next((str(self.say(key)) for key in keys if self.words.has(key, "web")), name)

    def party(self, code: str) -> str:
        """A party's name in the reader's language."""
        return self.named(self.record.charter.card(code).names) if code in self.record.parties else code

    def docket_at(self, ref: Ref | str) -> str:
        """The page of a docket."""
        return f"{self.root}/d/{ref}"

    def act_at(self, ref: Ref | str) -> str:
        """The page of an act."""
        return f"{self.root}/a/{ref}"

    # ------------------------------------------------------------------------------------------- what was asked

    def query(self, name: str, otherwise: str = "") -> str:
        """The first value of a name in the address's query."""
        return str(self.request.query_params.get(name, otherwise))

    def header(self, name: str) -> str:
        """A header of the request."""
        return str(self.request.headers.get(name, ""))

    @property
    def here(self) -> str:
        """The path of this request with its query: where to come back to."""
        query = self.request.url.query
        return f"{self.request.url.path}?{query}" if query else self.request.url.path

    # ------------------------------------------------------------------------------------------- answers

    def keep(self, name: str, value: str, seconds: int | None = None, *, private: bool = False) -> None:
        """Set a cookie with the answer. `private`: no script may read it; seconds None: until the browser is closed."""
        self.cookies.append(
            Cookie(
                name,
                value=value,
                max_age=seconds,
                path="/",
                httponly=private,
                samesite="lax",
                secure=self.secure,
            )
        )

    def draw(self, template: str, **values: Any) -> str:
        """A template with what every template has."""
        mechanism = "mechanism" in self.path and self.session is not None and self._mechanism()
        return self.drawing.draw(
            template,
            {
                "say": self.say, "lang": self.language, "dir": "rtl" if self.language == "ar" else "ltr",
                "person": self.session.person if self.session else None,
                "speaks_for": sorted(self.office(one) for one in self.offices) if mechanism else [],
                "csrf": csrf.masked(self.session.csrf) if self.session else "",
                "mechanism": mechanism or None, "party": self.house.party(self.words),
                "nav_root": self.root if mechanism else "", "path": self.request.url.path,
                "static": self.drawing.static, "version": __version__, "language_href": self._in_language,
                "comma": self.comma, "visit": self, **values,
            },
        )  # fmt: skip

    def _mechanism(self) -> dict[str, str] | None:
        try:
            record = self.record
        except Refused:
            return None
        return {"id": short(record), "name": self.named(record.charter.names)}

    def _in_language(self, tag: str) -> str:
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "lang"]
        query = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in [*kept, ("lang", tag)])
        return f"?{query}"

    def page(self, template: str, status: int = 200, **values: Any) -> Answer:
        """A page."""
        return self.answer(self.draw(template, **values).encode(), "text/html; charset=utf-8", status)

    def answer(
        self, body: bytes, media_type: str, status: int = 200, headers: Mapping[str, str] = {}
    ) -> Answer:
        """Any bytes."""
        return Response(
            body, status_code=status, media_type=media_type, headers={**headers}, cookies=self.cookies
        )

    def download(self, body: bytes, name: str, media_type: str) -> Answer:
        """A file to be kept."""
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        return self.answer(body, media_type, headers={"content-disposition": disposition})

    def go(self, path: str) -> Answer:
        """Lead on to another page of this node, by GET (RFC 9110 section 15.4.4)."""
        # A browser takes "//host" and "/\\host" for another host's address.
        own = path.startswith("/") and not path.startswith(("//", "/\\"))
        return self.answer(b"", "text/plain", 303, {"location": path if own else "/"})


_SHORTEST = 12


def short(record: Record) -> str:
    """How a mechanism is called in addresses."""
    return record.mechanism[:_SHORTEST]
