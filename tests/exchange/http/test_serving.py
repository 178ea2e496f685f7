import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from tests.exchange.http.raw import exchange_bytes
from tests.exchange.parties import Parties

from comity.core.errors import Unavailable
from comity.exchange.http.serving import HEAD_SECONDS, serve, serving


def test_a_head_that_does_not_come_is_waited_for_only_so_long():
    """Slow loris: who connects and says nothing, or says it byte by byte, is cut off; others are answered meanwhile."""
    parties = Parties().found()
    with parties.listening("IRQ", head_seconds=0.6) as place:
        for raw in (b"", b"POST /v1/", b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: "):
            started = time.monotonic()
            assert exchange_bytes(place, raw) == b""
            assert 0.3 < time.monotonic() - started < HEAD_SECONDS - 2
        with socket.create_connection(("127.0.0.1", int(place.address.rpartition(":")[2]))) as slow:
            slow.sendall(b"POST")
            assert parties.talk("TUR", "IRQ", place).report.faults == {}


def test_dripping_does_not_buy_more_time():
    parties = Parties()
    with parties.listening("IRQ", head_seconds=0.6) as place:
        port = int(place.address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), 60) as line:
            started = time.monotonic()
            with suppress(OSError):
                while time.monotonic() - started < HEAD_SECONDS:
                    line.sendall(b"x")
                    time.sleep(0.1)
            assert time.monotonic() - started < HEAD_SECONDS - 2


def test_a_port_that_is_taken_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=f"port 127.0.0.1:{port}"):
            serve(None, "127.0.0.1", port)


def test_a_certificate_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "cert.pem").write_text("no certificate")
    for name in ("cert.pem", "none.pem"):
        with pytest.raises(Unavailable, match=name), serving(None, tls_cert=str(tmp_path / name), tls_key=""):
            pass


def test_an_ipv6_address_is_written_in_brackets():
    try:
        with serving(Parties().stations, "::1") as address:
            assert address.startswith("http://[::1]:")
    except Unavailable:
        pytest.skip("this machine has no IPv6 loopback")


PROGRAM = """
from comity.exchange.http.serving import serve
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})
serve(app, "127.0.0.1", 0, started=lambda address: print(address, flush=True))
print("closed its database", flush=True)
"""


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_serving_and_the_program_goes_on_to_close_what_it_has_open(how):
    import signal

    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout.readline().startswith("http://127.0.0.1:")
        run.send_signal(getattr(signal, how))
        out, err = run.communicate(timeout=120)
    assert (run.returncode, out, err) == (0, "closed its database\n", "")
