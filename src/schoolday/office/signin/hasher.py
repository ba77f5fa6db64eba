"""
The hasher: the one process that hashes passwords, with as many hashes at a time as the machine has cores.

argon2id takes 30 ms and 19 MiB on purpose. In the office's own processes a crowd at the sign-on would starve every
other page; here it waits in a short line. Before that line the clerk (line/clerk.py) lets people forward in their
order; who comes past the clerk and finds the short line full is told when to come again. Knows no Django.
"""

import asyncio
import contextlib
import math
import os
import secrets
import signal
import socket
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from argon2 import extract_parameters
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.low_level import Type, hash_secret, verify_secret

from schoolday.lib import log
from schoolday.lib.errors import BadSettings
from schoolday.office.signin import hasher_protocol as protocol
from schoolday.office.signin.hasher_protocol import Answer, Request, Stats, Turn
from schoolday.office.signin.line.clerk import QUEUE_PER_SLOT, Clerk

_LINE_FULL_SECONDS = (30, 60)  # at least, and how much later at most
_CONNECTIONS_AT_MOST = 512
_IDLE_SECONDS = 30
_MEMORY_AT_MOST_KIB = 131_072  # an encoded hash asks for its own memory; none of ours asks for more
_SALT_AT_MOST_BYTES = 64
_log = log.get(__name__)


class Hasher:
    """Hashes with exactly `slots` threads (argon2 lets go of Python's lock) and a bounded line before them."""

    def __init__(
        self, *, slots: int, forward_at_most: int = 0, work: Callable[[Request], Answer] | None = None
    ) -> None:
        self.slots = slots
        self.clerk = Clerk(slots=slots, forward_at_most=forward_at_most)
        self.queue_at_most = slots * QUEUE_PER_SLOT
        self._work = work or hash_or_verify
        self._free = asyncio.Semaphore(slots)
        self._pool = ThreadPoolExecutor(slots, thread_name_prefix="hash")
        self._waiting = self._running = self._hashed = self._busy = self._given_up = 0
        self._recent_ms: deque[float] = deque([30.0], maxlen=64)

    def measure(self) -> None:
        """Hash once, so that the first estimates in the line are of this machine and of this hour."""
        began = time.perf_counter()
        self._work(Request(do="hash", salt=b"to measure"))
        self._recent_ms = deque([(time.perf_counter() - began) * 1000], maxlen=64)
        self.clerk.hash_ms = self._mean_ms

    async def answer(self, request: Request) -> Answer:
        """Return the answer: at once if the line is full or the request makes no sense, else when it is done."""
        if request.do == "stats":
            return Answer(stats=self.stats())
        if request.do in ("arrive", "line", "leave"):
            return self._ask_clerk(request)
        if refused := _refusal(request):
            return Answer(refused=refused)
        has_turn = bool(request.account) and self.clerk.take(request.account)
        # Who has a turn was promised a slot, and the clerk gives out only so many.
        if not has_turn and self._waiting + self.clerk.coming >= self.queue_at_most:
            self._busy += 1
            return self._come_again()
        until = time.monotonic() + request.within_ms / 1000
        self._waiting += 1
        self.clerk.hashing += 1
        try:
            await self._free.acquire()
        except BaseException:
            self.clerk.hashing -= 1
            raise
        finally:
            self._waiting -= 1
        try:
            if time.monotonic() >= until:  # who asked has gone: a hash now would only make the next one late
                self._given_up += 1
                return self._come_again()
            return await self._one(request)
        finally:
            self.clerk.hashing -= 1
            self._free.release()

    def _ask_clerk(self, request: Request) -> Answer:
        if request.do == "leave":
            self.clerk.leave(request.account)
            return Answer()
        if request.do == "arrive":
            return Answer(turn=Turn(place=0) if self.clerk.admit(request.account) else None)
        if request.visitor is None:
            return Answer(refused="a line without a visitor")
        turn = self.clerk.visit(request.visitor)
        if turn is None:
            self._busy += 1
            at_least, later = _LINE_FULL_SECONDS
            return Answer(busy=True, retry_after_seconds=at_least + secrets.randbelow(later))
        return Answer(turn=turn)

    def stats(self) -> Stats:
        return Stats(
            pid=os.getpid(),
            slots=self.slots,
            queue_at_most=self.queue_at_most,
            waiting=self._waiting,
            running=self._running,
            hashed=self._hashed,
            busy=self._busy,
            given_up=self._given_up,
            mean_ms=round(self._mean_ms, 2),
            in_line=len(self.clerk),
            turns=self.clerk.turns,
            hashes_per_second=round(self.clerk.rate, 2),
        )

    async def finish(self) -> None:
        """Wait for what runs or waits already: at most the line's length of time."""
        while self._waiting or self._running:
            await asyncio.sleep(0.01)
        self._pool.shutdown()

    async def _one(self, request: Request) -> Answer:
        self._running += 1
        began = time.perf_counter()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._work, request)
        finally:
            self._running -= 1
            self._hashed += 1
            self._recent_ms.append((time.perf_counter() - began) * 1000)
            self.clerk.hashed(self._mean_ms)

    @property
    def _mean_ms(self) -> float:
        return sum(self._recent_ms) / len(self._recent_ms)

    def _come_again(self) -> Answer:
        line_seconds = self._waiting * self._mean_ms / 1000 / self.slots
        return Answer(busy=True, retry_after_seconds=max(1, math.ceil(line_seconds)))


def hash_or_verify(request: Request) -> Answer:
    """Do the work itself; about 30 ms and 19 MiB, all of it outside of Python's lock."""
    password = request.password.encode()
    try:
        if request.do == "verify":
            return Answer(matches=verify_secret(request.encoded.encode(), password, Type.ID))
        encoded = hash_secret(
            password,
            request.salt,
            time_cost=protocol.TIME_COST,
            memory_cost=protocol.MEMORY_KIB,
            parallelism=protocol.PARALLELISM,
            hash_len=32,
            type=Type.ID,
        )
        return Answer(encoded=encoded.decode())
    except Argon2Error:  # also: does not match
        return Answer()


def _refusal(request: Request) -> str:
    if len(request.password.encode(errors="surrogatepass")) > protocol.PASSWORD_AT_MOST_BYTES:
        return "password too long"
    if request.do == "hash":
        return "" if 8 <= len(request.salt) <= _SALT_AT_MOST_BYTES else "salt of 8 to 64 bytes"
    try:
        asked = extract_parameters(request.encoded)
    except (InvalidHashError, ValueError):
        return "not an argon2 hash"
    return "" if asked.memory_cost <= _MEMORY_AT_MOST_KIB and asked.time_cost <= 16 else "a hash of a foreign size"


async def serve(path: Path, hasher: Hasher, *, ready: Callable[[], None] = lambda: None) -> None:
    """
    Listen until SIGTERM or SIGINT; what has begun is finished.

    :raises BadSettings: if another hasher listens there
    """
    _take_over(path)
    open_lines: set[asyncio.StreamWriter] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(open_lines) >= _CONNECTIONS_AT_MOST:
            writer.close()
            return
        open_lines.add(writer)
        try:
            while True:
                async with asyncio.timeout(_IDLE_SECONDS):
                    size = int.from_bytes(await reader.readexactly(4), "big")
                    if size > protocol.MESSAGE_AT_MOST_BYTES:
                        break
                    body = await reader.readexactly(size)
                writer.write(protocol.frame(await hasher.answer(protocol.read_request(body))))
                await writer.drain()
        except (OSError, EOFError, TimeoutError, msgspec.MsgspecError):
            pass  # who asked has gone or spoke nonsense; either way the line is closed
        finally:
            open_lines.discard(writer)
            writer.close()

    old = os.umask(0o177)  # the socket is 600 from its first moment
    try:
        server = await asyncio.start_unix_server(talk, path, backlog=1024)
    finally:
        os.umask(old)
    inode = path.stat().st_ino
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    _log.info("the hasher listens", slots=hasher.slots, queue=hasher.queue_at_most)
    ready()
    await stop.wait()
    server.close()
    await hasher.finish()
    await asyncio.sleep(0.01)  # lets the last answers be written
    for writer in list(open_lines):
        writer.close()
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_ino == inode:
            path.unlink()


def _take_over(path: Path) -> None:
    """Clear away the socket of a hasher that was killed; leave a living one alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        try:
            line.connect(os.fspath(path))
        except FileNotFoundError:
            return
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
        except OSError as error:
            raise BadSettings(f"{path} cannot be used as the hasher's socket: {error}.") from error
    raise BadSettings(f"Another hasher listens at {path} already; one is enough for this SCHOOLDAY_HOME.")
