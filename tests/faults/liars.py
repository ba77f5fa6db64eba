"""Whoever answers in a door's place: a hotel's page, half an answer, one without end, another program's JSON."""

import contextlib
import http
import socket
import threading
import time
from collections.abc import Iterator

from tests.faults.wire import Address

_PAGE = b"<!doctype html><html><title>Welcome</title><body>Accept our terms to go online</body></html>"
_HALF = b'{"nonce":"AAAA","server_at":17'
_OTHER = b'{"status":"up","nonce":null}'
LIES = ("portal page", "half an answer", "cut line", "endless body", "redirect", "other JSON", "accepts and is silent")


@contextlib.contextmanager
def lying_door(lie: str) -> Iterator[Address]:
    """Serve one lie to whoever comes, until the end of this context."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    listener.settimeout(0.1)
    over = threading.Event()
    threads: list[threading.Thread] = []

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=_answer, args=(line, lie, over))
            thread.start()
            threads.append(thread)

    server = threading.Thread(target=serve)
    server.start()
    try:
        yield Address("127.0.0.1", listener.getsockname()[1])
    finally:
        over.set()
        server.join()
        for thread in threads:
            thread.join()
        listener.close()


def _answer(line: socket.socket, lie: str, over: threading.Event) -> None:
    with line, contextlib.suppress(OSError):
        line.settimeout(5)
        line.recv(65_536)
        if lie == "portal page":
            line.sendall(_with_head(_PAGE, kind="text/html"))
        elif lie == "half an answer":
            line.sendall(_with_head(_HALF, kind="application/json"))
        elif lie == "cut line":
            line.sendall(_with_head(_HALF, kind="application/json", length=200))
        elif lie == "redirect":
            line.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://login.invalid/\r\nContent-Length: 0\r\n\r\n")
        elif lie == "other JSON":
            line.sendall(_with_head(_OTHER, kind="application/json"))
        elif lie == "endless body":
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while not over.is_set():
                line.sendall(b" ")
                time.sleep(0.1)
        else:
            over.wait(10)


def _with_head(body: bytes, *, kind: str, length: int | None = None) -> bytes:
    ok = http.HTTPStatus.OK
    head = f"HTTP/1.1 {ok.value} {ok.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {length or len(body)}\r\n\r\n"
    return head.encode() + body
