"""
Looking whether a link answers, without becoming anybody's tool.

A teacher chooses where our request goes. So the name is resolved once; if any of its addresses is not public, nothing
is fetched; we connect to exactly those addresses, with the certificate checked against the name; each redirect goes
through the same. No cookie, no body is read, and a look ends after LOOK_SECONDS whatever the other side does.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any, Literal, NamedTuple
from urllib.parse import urljoin, urlsplit

State = Literal[
    "answered", "gone", "server_error", "private", "no_host", "no_answer", "bad_tls", "unprotected", "too_many",
    "unknown",
]  # fmt: skip
LOOK_SECONDS = 12.0
_STEP_SECONDS = 5.0
_REDIRECTS_AT_MOST = 4
_ADDRESSES_AT_MOST = 2
_GONE = frozenset({404, 410})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Resolve = Callable[..., list[Any]]


class Seen(NamedTuple):
    """What a look found. `led_to`: the host that answered in the end."""

    state: State
    http_status: int | None = None
    led_to: str = ""


class Fetcher:
    """Looks at links. `allow_private`: for a portal without internet, and for tests. Threads may share one."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        resolve: Resolve = socket.getaddrinfo,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._context = context or ssl.create_default_context()

    def look(self, url: str) -> Seen:
        """Return what answers at a link. At most LOOK_SECONDS, and the resolver's own patience for each name."""
        ends_at, host = time.monotonic() + LOOK_SECONDS, ""
        for _ in range(_REDIRECTS_AT_MOST + 1):
            try:
                parts = urlsplit(url)
                host, _port = (parts.hostname or "").lower(), parts.port
            except ValueError:  # a server may lead on to anything
                return Seen("no_host", led_to=host)
            if parts.scheme != "https":
                return Seen("unprotected", led_to=host)
            try:
                seen, url = self._step(url, ends_at=ends_at)
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError):
                return Seen("no_answer", led_to=host)
            except ssl.SSLError:
                return Seen("bad_tls", led_to=host)
            except (OSError, http.client.HTTPException, ValueError):
                return Seen("no_answer", led_to=host)
            if seen is not None:
                return seen
        return Seen("too_many", led_to=host)

    def _step(self, url: str, *, ends_at: float) -> tuple[Seen | None, str]:
        """Ask one server; return what was seen, or where it leads on."""
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or 443
        try:
            addresses = self._addresses(host, port)
        except (OSError, UnicodeError):
            return Seen("no_host", led_to=host), url
        if not self._allow_private and not all(map(is_public, addresses)):
            return Seen("private", led_to=host), url
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        status, location = self._ask("HEAD", target, host, port, addresses, ends_at=ends_at)
        if status >= http.client.BAD_REQUEST:  # many servers know no HEAD
            status, location = self._ask("GET", target, host, port, addresses, ends_at=ends_at)
        if 300 <= status < 400 and location:
            return None, urljoin(url, location)
        state: State = "gone" if status in _GONE else "server_error" if status >= 500 else "answered"
        return Seen(state, status, host), url

    def _addresses(self, host: str, port: int) -> list[str]:
        found = self._resolve(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    def _ask(
        self, method: str, target: str, host: str, port: int, addresses: list[str], *, ends_at: float
    ) -> tuple[int, str]:
        """Return status and Location of the first of these addresses that answers; no other is connected to."""
        last: OSError = TimeoutError()
        for address in addresses[:_ADDRESSES_AT_MOST]:
            left = ends_at - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection = _Pinned(host, port, address=address, context=self._context, timeout=min(_STEP_SECONDS, left))
            # Socket time-outs begin anew with each byte: a server that drips would hold us for ever.
            watch = threading.Timer(left, connection.cut)
            watch.daemon = True
            watch.start()
            try:
                headers = {"User-Agent": "schoolday-link-check", "Accept": "*/*", "Connection": "close"}
                connection.request(method, target, headers=headers)
                answer = connection.getresponse()
                if time.monotonic() >= ends_at:  # we cut it: what came until then is no answer
                    raise TimeoutError
                return answer.status, answer.getheader("Location") or ""
            except ssl.SSLError:
                raise
            except OSError as error:
                last = error
            finally:
                watch.cancel()
                connection.close()
        raise last


class _Pinned(http.client.HTTPSConnection):
    """A connection to one address; the certificate must be the host's all the same."""

    def __init__(self, host: str, port: int, *, address: str, context: ssl.SSLContext, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()

    def cut(self) -> None:
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def is_public(text: str) -> bool:
    """Say whether an address is one of the public internet, also inside an IPv6 address that carries an IPv4 one."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast
