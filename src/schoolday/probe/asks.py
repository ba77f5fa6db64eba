"""The questions: by TCP, name, HTTP, SMTP, and over the hasher's socket. Each says what it found, or raises."""

import asyncio
import json
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import msgspec

from schoolday.probe.look import WELL, Refused, Said

_LONG_LINE_SECONDS = 5.0  # who signs on now waits that long behind others
_MESSAGE_AT_MOST_BYTES = 16_384
# Threads of their own: a resolver that hangs holds these for its own time-out, and nobody else's.
_resolving = ThreadPoolExecutor(8, "names")


async def connect(host: str, port: int) -> Said:
    """Open a TCP connection and close it."""
    _, writer = await asyncio.open_connection(host, port)
    writer.close()
    return WELL


async def resolve(name: str) -> Said:
    """Ask the system's resolver for a name."""
    await asyncio.get_running_loop().run_in_executor(_resolving, socket.getaddrinfo, name, None)
    return WELL


async def any_answer(http: httpx.AsyncClient, url: str) -> Said:
    """Any HTTP answer will do: somebody is at the other end of the line."""
    await http.get(url)
    return WELL


async def page(http: httpx.AsyncClient, url: str, *, holds: str = "") -> Said:
    """A page with status 200 that holds a text."""
    answer = await http.get(url)
    if answer.status_code != 200:
        raise Refused(f"answers {answer.status_code}")
    if holds and holds not in answer.text:
        raise Refused("a stranger answers")
    return WELL


async def door(http: httpx.AsyncClient, url: str, *, door_id: str) -> Said:
    """A door's /health and a nonce of it."""
    health = await http.get(f"{url}/health")
    said = _object(health)
    if said.get("door") != door_id:
        raise Refused("a stranger answers" if health.status_code == 200 else f"answers {health.status_code}")
    if health.status_code != 200:
        raise Refused("it has no plan")
    if "nonce" not in _object(await http.get(f"{url}/nonce")):
        raise Refused("it gives no nonce")
    if said.get("plan_trouble"):
        return "slow", "it refuses the plan it finds"
    return WELL


async def office(http: httpx.AsyncClient, url: str) -> Said:
    """The office, as far as signing on needs it."""
    answer = await http.get(f"{url}/api/health")
    if answer.status_code == 200 and _object(answer).get("ok") is True:
        return WELL
    raise Refused("its database does not answer" if _is_database(answer) else f"answers {answer.status_code}")


async def database(http: httpx.AsyncClient, url: str) -> Said:
    """The database, as the office says; unknown while the office says nothing."""
    try:
        answer = await http.get(f"{url}/api/health")
    except httpx.TransportError:
        return "unknown", "the office does not answer"
    if answer.status_code == 200:
        return WELL
    if _is_database(answer):
        raise Refused("the office cannot reach it")
    return "unknown", "the office is not well"


class _Stats(msgspec.Struct):
    """Of what the hasher says of itself, what tells how long one waits."""

    slots: int
    waiting: int
    mean_ms: float
    in_line: int
    hashes_per_second: float


class _Answer(msgspec.Struct):
    stats: _Stats


async def hasher(path: Path) -> Said:
    """The hasher's own word over its socket, as office/signin/hasher_protocol.py has it."""
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        body = msgspec.msgpack.encode({"do": "stats"})
        writer.write(len(body).to_bytes(4, "big") + body)
        size = int.from_bytes(await reader.readexactly(4), "big")
        if size > _MESSAGE_AT_MOST_BYTES:
            raise Refused("a stranger answers")
        stats = msgspec.msgpack.decode(await reader.readexactly(size), type=_Answer).stats
    finally:
        writer.close()
    waits = (stats.waiting * stats.mean_ms / 1000) / max(stats.slots, 1)
    if stats.hashes_per_second > 0:
        waits += stats.in_line / stats.hashes_per_second
    if waits > _LONG_LINE_SECONDS:
        return "slow", f"{stats.in_line + stats.waiting} people in line, {waits:.0f} s"
    return WELL


async def mail(host: str, port: int, *, tls: str) -> Said:
    """A mail server's greeting, and its answer to EHLO."""
    context = ssl.create_default_context() if tls == "tls" else None
    reader, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        greeting = await _smtp_answer(reader)
        if not greeting.startswith(b"220"):
            raise Refused("it takes no mail now")
        writer.write(f"EHLO {socket.gethostname()}\r\n".encode())
        if not (await _smtp_answer(reader)).startswith(b"250"):
            raise Refused("it takes no mail now")
        writer.write(b"QUIT\r\n")
        await writer.drain()
    finally:
        writer.close()
    return WELL


async def _smtp_answer(reader: asyncio.StreamReader) -> bytes:
    """Return the last line of an answer."""
    line = await reader.readuntil(b"\n")
    while line[3:4] == b"-":
        line = await reader.readuntil(b"\n")
    return line


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_database(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and _object(answer).get("code") == "database"
