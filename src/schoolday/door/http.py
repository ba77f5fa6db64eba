"""The rim of a door: reading a request within its limits, and the form of every answer."""

import asyncio
import time
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl

import msgspec

from schoolday.door.errors import TooLarge, TooSlow
from schoolday.lib.errors import BadRequest

T = TypeVar("T")
JOIN_AT_MOST_BYTES = 64 * 1024
EVIDENCE_AT_MOST_BYTES = 256 * 1024
BODY_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 1.0
_PREFLIGHT_SECONDS = 86_400

Headers = list[tuple[str, str]]
JSON: Headers = [
    ("content-type", "application/json"),
    ("access-control-allow-origin", "*"),
    ("cache-control", "no-store"),
]
TEXT: Headers = [("content-type", "text/plain; charset=utf-8"), ("access-control-allow-origin", "*")]
PREFLIGHT: Headers = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, POST, OPTIONS"),
    ("access-control-allow-headers", "authorization, content-type"),
    ("access-control-max-age", str(_PREFLIGHT_SECONDS)),
]
encode = msgspec.json.Encoder().encode


class Body(Protocol):
    """The part of granian's RSGI protocol that reads a body."""

    async def __call__(self) -> bytes: ...
    def __aiter__(self) -> Any: ...


class BodyReader:
    """Reads bodies within their limits. One look a second finds the slow ones: timers cost 6 us each."""

    def __init__(self) -> None:
        self._since: dict[asyncio.Task[object], float] = {}  # oldest first
        self._slow: set[asyncio.Task[object]] = set()

    async def read(self, headers: Any, proto: Body, *, at_most_bytes: int) -> bytes:
        """
        Return the body.

        :raises TooLarge: beyond the ceiling, before reading it where its length is told
        :raises TooSlow: if it is not whole after BODY_SECONDS and the second until the next look
        """
        told = headers.get("content-length")
        if told is not None and (not told.isdecimal() or len(told) > 9 or int(told) > at_most_bytes):
            raise TooLarge
        task = asyncio.current_task()
        assert task is not None  # noqa: S101, for the type; a request always runs in a task
        self._since[task] = time.monotonic()
        try:
            return await (proto() if told is not None else _read_chunks(proto, at_most_bytes))
        except asyncio.CancelledError:
            if task in self._slow:
                task.uncancel()
                raise TooSlow from None
            raise
        finally:
            del self._since[task]
            self._slow.discard(task)

    async def watch(self) -> None:
        """Look for slow bodies, for ever."""
        while True:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
            overdue = time.monotonic() - BODY_SECONDS
            for task, since in list(self._since.items()):
                if since > overdue:
                    break
                if task not in self._slow:
                    self._slow.add(task)
                    task.cancel()


async def _read_chunks(proto: Body, at_most_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in proto:
        body += chunk
        if len(body) > at_most_bytes:
            raise TooLarge
    return bytes(body)


def decode(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """
    Return the contract in a body.

    :raises BadRequest: saying what is wrong with it, without its values
    """
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadRequest(f"This request is not of the form we know: {error}.") from error


def query_of(text: str) -> dict[str, str]:
    """Return the query's values; of one given twice, the last."""
    try:
        return dict(parse_qsl(text, max_num_fields=20))
    except ValueError as error:
        raise BadRequest from error
