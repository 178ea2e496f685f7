"""One connection to a node: TCP, TLS if the address says https, HTTP/1.1 by h11, and one deadline over all of it.

Written on h11 and a socket rather than `http.client`, so that the deadline holds over connecting, sending and reading
together: a peer that sends a byte now and then does not keep us for ever.

An https address is checked like any (the machine's certificate authorities), or, where the party's card pins a
certificate, against that one alone: then it may be self-signed and even expired, and nobody else's will do.
"""

from __future__ import annotations

import hashlib
import hmac
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

import h11

from comity.core.errors import Broken, Malformed, Unavailable
from comity.core.keys import b64, unb64

__all__ = ["SLOWEST", "Address", "Closed", "Received", "Wire"]

SLOWEST = 8192
_CHUNK = 1 << 18
_HEAD = 32 * 1024


class Closed(Exception):
    """The other side hung up before it answered."""


class Received(NamedTuple):
    """A reply as it came."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


class Address:
    """A node's address, `https://mfa.example.iq` or `http://10.0.0.7:8440`, without a path of its own.

    tls: SHA-256 of the certificate's DER in base64url, or empty. Raises `Malformed`.
    """

    def __init__(self, party: str, text: str, tls: str = "") -> None:
        thing = f"address of {party}"
        self.text = f"{party} at {text}"
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise Malformed(thing, f"{text[:80]!r}: {error}") from error
        plain = not (parts.query or parts.fragment or parts.username or parts.path.strip("/"))
        if parts.scheme not in {"http", "https"} or not parts.hostname or not plain or not text.isascii():
            raise Malformed(thing, f"{text[:80]!r} is not https://HOST or https://HOST:PORT")
        self.secure, self.host = parts.scheme == "https", parts.hostname
        self.port = port or (443 if self.secure else 80)
        self.authority = parts.netloc
        self._pin = unb64(tls, 32, f"{thing}: tls") if tls else b""
        if self._pin and not self.secure:
            raise Malformed(thing, "names a certificate, but begins with http://: it must be https://")

    def connect(self, deadline: float) -> Wire:
        """An open connection. Raises `Unavailable`, or `Broken` for another certificate than the pinned one."""
        try:
            plain = socket.create_connection((self.host, self.port), _left(deadline))
        except TimeoutError as error:
            raise Unavailable(
                self.text, "cannot be reached in time: is the line up? Try again later"
            ) from error
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise Unavailable(
                self.text, f"cannot be reached ({why}): check the address and the line"
            ) from error
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Wire(self._secured(plain) if self.secure else plain)
        except BaseException:
            plain.close()
            raise

    def _secured(self, plain: socket.socket) -> socket.socket:
        context = ssl.create_default_context()
        if self._pin:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        try:
            wrapped = context.wrap_socket(plain, server_hostname=self.host)
        except ssl.SSLCertVerificationError as error:
            why = f"its certificate is not accepted ({error.verify_message}): pin it in the party card, or renew it"
            raise Unavailable(self.text, why) from error
        except TimeoutError as error:
            raise Unavailable(self.text, "did not answer in time: is the line up? Try again later") from error
        except OSError as error:
            raise Unavailable(self.text, f"TLS failed ({error}): does that port speak TLS?") from error
        shown = hashlib.sha256(wrapped.getpeercert(binary_form=True) or b"").digest()
        if self._pin and not hmac.compare_digest(shown, self._pin):
            wrapped.close()
            why = f"is {b64(shown)}, not the one that the party's card names: somebody may stand between"
            raise Broken(f"certificate of {self.text}", why)
        return wrapped


class Wire:
    """An open connection that carries one request at a time."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD)

    @property
    def open(self) -> bool:
        """Whether another request may follow."""
        return self._http.our_state is h11.IDLE

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def post(
        self, path: str, headers: Sequence[tuple[bytes, bytes]], body: bytes, deadline: float, limit: int
    ) -> Received:
        """Send a request, read its reply. Raises `Closed`, `Malformed` or `Unavailable`; the wire is dead after any."""
        self.send(path, headers, body, deadline)
        return self.read(deadline, limit)

    def send(self, path: str, headers: Sequence[tuple[bytes, bytes]], body: bytes, deadline: float) -> None:
        """The first half of `post`; the reply waits on the line until it is read."""
        with _told():
            length = (b"content-length", b"%d" % len(body))
            request = h11.Request(method="POST", target=path, headers=[*headers, length])
            head, rest = self._http.send(request) or b"", self._http.send(h11.Data(data=body)) or b""
            self._http.send(h11.EndOfMessage())
            self._socket.settimeout(_left(deadline))
            for part in (head + rest,) if len(rest) < _CHUNK else (head, rest):
                self._socket.sendall(part)

    def read(self, deadline: float, limit: int) -> Received:
        """The second half of `post`."""
        with _told():
            return self._read(deadline, limit)

    def _read(self, deadline: float, limit: int) -> Received:
        response: h11.Response | None = None
        parts: list[bytes] = []
        size = 0
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._socket.settimeout(_left(deadline + size / SLOWEST))
                data = self._socket.recv(_CHUNK)
                if not data and response is None:
                    raise Closed("end of file")
                if not data:
                    raise Unavailable("reply", f"was cut off after {size} bytes: the line broke; try again")
                self._http.receive_data(data)
            elif isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
                size += len(event.data)
                if size > limit:
                    raise Malformed("reply", f"is longer than {limit} bytes")
            elif isinstance(event, h11.EndOfMessage) and response is not None:
                break
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        return Received(response.status_code, list(response.headers), b"".join(parts))


@contextmanager
def _told() -> Iterator[None]:
    """What went wrong on the line, as one of ours."""
    try:
        yield
    except h11.RemoteProtocolError as error:
        raise Malformed("reply", f"is not HTTP: {error}") from error
    except TimeoutError as error:
        raise Unavailable("reply", "did not come in time: is the line up? Try again later") from error
    except OSError as error:
        raise Closed(str(error)) from error


def _left(deadline: float) -> float:
    """Seconds until then. Raises `TimeoutError`."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
