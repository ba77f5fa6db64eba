"""A place to pull a plan from, over real HTTP; honest, or lying in one way."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PlanSource:
    """Serves a folder below /plan/. `lie`: what it does instead when the path begins with `about`."""

    def __init__(self, folder: Path, *, lie: str = "", about: str = "index.plan") -> None:
        self.folder, self.lie, self.about = folder, lie, about
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.sent_bytes = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}/plan"
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def close(self) -> None:
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(10)
            try:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(4096) or b"\r\n\r\n"
                lines = head.decode("latin-1").split("\r\n")
                headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:] if line)}
                path = lines[0].split(" ")[1].removeprefix("/plan/")
                self.asked.append((path, headers))
                self._answer(connection, path)
            except (OSError, IndexError):
                return  # the other side has had enough

    def _answer(self, connection: socket.socket, path: str) -> None:
        file = self.folder / path
        body = file.read_bytes() if file.is_file() else b""
        status = "200 OK" if file.is_file() else "404 Not Found"
        lie = self.lie if path.startswith(self.about) else ""
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        if lie == "endless":
            self._send(connection, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            while not self._stop.is_set():
                self._send(connection, b"A" * 65_536)
        elif lie == "told too large":
            self._send(connection, f"HTTP/1.1 200 OK\r\nContent-Length: {10**12}\r\n\r\n".encode())
            self._stop.wait(10)
        elif lie == "trickle":
            self._send(connection, head.encode() + b"\r\n")
            for at in range(len(body)):
                self._send(connection, body[at : at + 1])
                if self._stop.wait(0.1):
                    return
        elif lie == "silence":
            self._stop.wait(10)
        elif lie == "many headers":
            self._send(connection, b"HTTP/1.1 200 OK\r\n")
            while not self._stop.is_set():
                self._send(connection, b"X-A: " + b"a" * 8_000 + b"\r\n")
        elif lie == "redirect":
            self._send(connection, b"HTTP/1.1 302 Found\r\nLocation: /plan/other\r\nContent-Length: 0\r\n\r\n")
        elif lie == "packed":
            self._send(connection, head.encode() + b"Content-Encoding: gzip\r\n\r\n" + body)
        elif lie == "truncated":
            self._send(connection, head.encode() + b"\r\n" + body[: len(body) // 2])
        elif lie == "hang up":
            self._send(connection, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body[: len(body) // 2])
        elif lie == "no http":
            self._send(connection, b"\x00\x01\x02 hello\r\n\r\n")
        elif lie == "stranger's page":
            self._send(connection, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>Sign in to this network</html>")
        elif lie == "empty":
            self._send(connection, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        elif lie == "fails":
            self._send(connection, b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
        elif lie == "lost":
            self._send(connection, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
        elif lie == "altered":
            text = bytearray(body)
            text[len(text) // 2] ^= 1
            self._send(connection, head.encode() + b"\r\n" + bytes(text))
        else:
            if lie == "slow":
                time.sleep(1.0)
            self._send(connection, head.encode() + b"\r\n" + body)

    def _send(self, connection: socket.socket, data: bytes) -> None:
        connection.sendall(data)
        self.sent_bytes += len(data)


@contextmanager
def serving(folder: Path, *, lie: str = "", about: str = "index.plan") -> Iterator[PlanSource]:
    source = PlanSource(folder, lie=lie, about=about)
    try:
        yield source
    finally:
        source.close()
