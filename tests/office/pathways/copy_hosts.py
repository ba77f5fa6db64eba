"""Places to copy to, real ones on loopback: a bucket service as its own process, and a host that takes PUT."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.answering import wait_for_answer
from tests.free_ports import free_ports

TOKEN = "a-token-of-the-tests"


@contextlib.contextmanager
def bucket_service() -> Iterator[str]:
    """Run moto's server (the S3 protocol, in memory) and give its address."""
    (port,) = free_ports("S3").values()
    program = [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", port]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for_answer(url, process)
        yield url
    finally:
        process.kill()
        process.wait()


@dataclass
class PutHost:
    """
    A WebDAV-like host over a folder: GET, HEAD, PUT, DELETE, MKCOL; no folder is made by itself.

    `fail_after`: that many PUTs, then each answers `fail_with`, or, when that is 0, the line is cut in the middle.
    """

    folder: Path
    fail_after: int | None = None
    fail_with: int = 0
    slow_seconds: float = 0.0
    puts: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    url: str = ""

    def fails(self) -> bool:
        return self.fail_after is not None and len(self.puts) >= self.fail_after


@contextlib.contextmanager
def put_host(folder: Path) -> Iterator[PutHost]:
    folder.mkdir(exist_ok=True)
    host = PutHost(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            pass

        def answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def file(self) -> Path:
            return folder / self.path.lstrip("/")

        def do_GET(self) -> None:  # what readers do, without any token
            try:
                self.answer(200, self.file().read_bytes())
            except (FileNotFoundError, IsADirectoryError):
                self.answer(404)

        do_HEAD = do_GET

        def may(self) -> bool:
            if self.headers.get("Authorization") == f"Bearer {TOKEN}":
                return True
            self.answer(401)
            return False

        def do_PUT(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            if not self.may():
                return
            time.sleep(host.slow_seconds)
            if host.fails():
                if host.fail_with:
                    self.answer(host.fail_with)
                else:
                    self.close_connection = True
                return
            if not self.file().parent.is_dir():
                self.answer(409)
                return
            host.puts.append(self.path.lstrip("/"))
            partial = self.file().with_name(f".{self.file().name}.{threading.get_ident()}")
            partial.write_bytes(data)
            partial.replace(self.file())
            self.answer(201)

        def do_DELETE(self) -> None:
            if self.may():
                host.deleted.append(self.path.lstrip("/"))
                self.file().unlink(missing_ok=True)
                self.answer(204)

        def do_MKCOL(self) -> None:
            if self.may():
                there = self.file().is_dir()
                self.file().mkdir(exist_ok=True)
                self.answer(405 if there else 201)

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """A client that has let go of us is part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
