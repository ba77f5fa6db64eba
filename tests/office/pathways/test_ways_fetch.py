"""Looking at links: what answers, and that nobody makes us look where we must not."""

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schoolday.office.pathways.ways import fetch
from schoolday.office.pathways.ways.fetch import Fetcher, is_public
from tests.office.pathways.https_server import HttpsServer, drip, say

HERE = "class.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpsServer]:
    server = HttpsServer(tmp_path_factory.mktemp("tls"), HERE, "other.example")
    port = server.port
    server.pages |= {
        "/good": lambda handler: say(handler, 200),
        "/needs-account": lambda handler: say(handler, 403),
        "/broken": lambda handler: say(handler, 503),
        "/no-head": lambda handler: say(handler, 405 if handler.command == "HEAD" else 200),
        "/on": lambda handler: say(handler, 302, Location=f"https://other.example:{port}/good"),
        "/near": lambda handler: say(handler, 301, Location="/good"),
        "/circle": lambda handler: say(handler, 302, Location="/circle"),
        "/plain": lambda handler: say(handler, 302, Location="http://class.example/"),
        "/inside": lambda handler: say(handler, 302, Location="https://10.0.0.1/admin"),
        "/file": lambda handler: say(handler, 302, Location="file:///etc/passwd"),
        "/drip": drip,
    }
    yield server
    server.close()


class Names:
    """A resolver of its own: every name is loopback unless told otherwise. Keeps what it was asked."""

    def __init__(self, **known: str | list[str]) -> None:
        self.known = known
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_more: Any) -> list[Any]:
        self.asked.append(host)
        found = self.known.get(host.replace(".", "_"), "127.0.0.1")
        if not found:
            raise socket.gaierror("no such name")
        addresses = [found] if isinstance(found, str) else found
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]


def fetcher(server: HttpsServer, names: Names | None = None, *, allow_private: bool = True) -> Fetcher:
    return Fetcher(allow_private=allow_private, resolve=names or Names(), context=server.trust)


@pytest.mark.parametrize(
    ("path", "state", "status"),
    [
        ("/good", "answered", 200),
        ("/needs-account", "answered", 403),
        ("/no-head", "answered", 200),
        ("/near", "answered", 200),
        ("/on", "answered", 200),
        ("/missing", "gone", 404),
        ("/broken", "server_error", 503),
        ("/circle", "too_many", None),
        ("/plain", "unprotected", None),
        ("/file", "unprotected", None),
    ],
)
def test_what_answers(server: HttpsServer, path: str, state: str, status: int | None) -> None:
    seen = fetcher(server).look(f"https://{HERE}:{server.port}{path}")
    assert (seen.state, seen.http_status) == (state, status)


def test_it_says_where_a_link_ends(server: HttpsServer) -> None:
    assert fetcher(server).look(f"https://{HERE}:{server.port}/on").led_to == "other.example"


def test_a_name_is_asked_once_a_step_and_the_server_is_told_it(server: HttpsServer) -> None:
    names = Names()
    server.seen.clear()
    fetcher(server, names).look(f"https://{HERE}:{server.port}/on?pwd=a%20b")
    server.seen.clear()
    names.asked.clear()
    fetcher(server, names).look(f"https://{HERE}:{server.port}/on")
    assert names.asked == [HERE, "other.example"]
    assert server.seen == [f"HEAD {HERE}:{server.port} /on", f"HEAD other.example:{server.port} /good"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",  # noqa: S104, an address among others, nothing binds to it
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "192.0.2.1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_never_connected_to(server: HttpsServer, address: str) -> None:
    assert not is_public(address)
    server.seen.clear()
    names = Names(class_example=address)
    seen = fetcher(server, names, allow_private=False).look(f"https://{HERE}:{server.port}/good")
    assert seen.state == "private"
    assert server.seen == []


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_ones_are(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_public_ones_is_enough(server: HttpsServer) -> None:
    names = Names(class_example=["8.8.8.8", "127.0.0.1"])
    seen = fetcher(server, names, allow_private=False).look(f"https://{HERE}:{server.port}/good")
    assert seen.state == "private"


def test_a_number_as_host_is_looked_at_too(server: HttpsServer) -> None:
    """As the system's resolver reads it: 2130706433 is 127.0.0.1."""
    assert Fetcher(context=server.trust).look(f"https://2130706433:{server.port}/good").state == "private"
    assert Fetcher(context=server.trust).look(f"https://127.1:{server.port}/good").state == "private"


def test_a_redirect_goes_through_the_same(server: HttpsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first step is let through as if it were public; the second must not be."""
    monkeypatch.setattr(fetch, "is_public", lambda text: text == "127.0.0.1")
    names = Names(**{"10_0_0_1": "10.0.0.1"})
    seen = fetcher(server, names, allow_private=False).look(f"https://{HERE}:{server.port}/inside")
    assert seen.state == "private"
    assert names.asked == [HERE, "10.0.0.1"]


def test_a_certificate_of_another_name(server: HttpsServer) -> None:
    assert fetcher(server).look(f"https://third.example:{server.port}/good").state == "bad_tls"
    untrusting = Fetcher(allow_private=True, resolve=Names(), context=ssl.create_default_context())
    assert untrusting.look(f"https://{HERE}:{server.port}/good").state == "bad_tls"


def test_nobody_there(server: HttpsServer) -> None:
    assert fetcher(server, Names(class_example="")).look(f"https://{HERE}/").state == "no_host"
    with socket.socket() as quiet:
        quiet.bind(("127.0.0.1", 0))
        assert fetcher(server).look(f"https://{HERE}:{quiet.getsockname()[1]}/").state == "no_answer"


def test_a_server_that_drips_does_not_hold_us(server: HttpsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LOOK_SECONDS", 1.0)
    began = time.monotonic()
    assert fetcher(server).look(f"https://{HERE}:{server.port}/drip").state == "no_answer"
    assert time.monotonic() - began < 4


def test_one_that_never_answers_does_neither(server: HttpsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LOOK_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        seen = fetcher(server).look(f"https://{HERE}:{silent.getsockname()[1]}/")
        assert seen.state == "no_answer"
        assert time.monotonic() - began < 4


def test_text_that_is_no_link_does_no_harm(server: HttpsServer, tmp_path: Path) -> None:
    for url in ("https://", "https://[::1", "ftp://class.example/", f"https://{'a' * 70}.example/"):
        assert Fetcher(resolve=Names(), context=server.trust).look(url).state in (
            "no_host", "no_answer", "unprotected", "private",
        )  # fmt: skip
