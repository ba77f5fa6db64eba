"""One look at one part: what was asked, within which time, and what came of it in plain words."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from schoolday.contracts.probes import Layer, Probe, State
from schoolday.lib import clock

TIMEOUT_SECONDS = 5.0
SLOW_MS = 2_000  # what RELIABILITY calls down for an entry

Said = tuple[State, str]
WELL: Said = ("well", "")


class Refused(Exception):
    """What answered is not what should: its message says why, without an address."""


@dataclass(frozen=True)
class Look:
    """
    What to ask of whom. `address`: for the full report, never for the public one; `ask` returns what it found.

    `is_timed`: whether an answer that takes long means that the part is slow.
    """

    layer: Layer
    part: str
    address: str
    ask: Callable[[], Awaitable[Said]]
    is_timed: bool = True


async def take(look: Look, *, vantage: str, timeout_seconds: float = TIMEOUT_SECONDS) -> Probe:
    """Return what one look found. Never raises, and never takes longer than `timeout_seconds`."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(timeout_seconds):
            state, what = await look.ask()
    except Exception as error:
        state, what = "dead", _words(error, timeout_seconds)
    ms = round((time.perf_counter() - began) * 1000)
    if look.is_timed and state == "well" and ms > SLOW_MS:
        state, what = "slow", f"answers after {ms / 1000:.1f} s"
    return Probe(
        layer=look.layer, part=look.part, vantage=vantage, state=state, ms=ms, at=clock.now_seconds(), what=what
    )


def _words(error: BaseException, timeout_seconds: float) -> str:
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return f"no answer in {timeout_seconds:.0f} s"
    if isinstance(error, socket.gaierror):
        return "the name is not known"
    if isinstance(error, ConnectionRefusedError):
        return "nobody listens"
    if isinstance(error, httpx.ConnectError):
        text = str(error).lower()
        return "the name is not known" if "name" in text or "address info" in text else "nobody listens"
    if isinstance(error, FileNotFoundError):
        return "it is not there"
    if isinstance(error, OSError | httpx.TransportError | EOFError):
        return "the connection broke"
    return f"the look failed: {type(error).__name__}"
