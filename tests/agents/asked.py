"""Asking an agent's calls as its rim does, with day sessions as a door makes them."""

import asyncio
import json
from typing import Any

import msgspec

from schoolday.agents.callers import Callers
from schoolday.agents.live_places import LivePlaces
from schoolday.agents.plans import PlanReader
from schoolday.agents.rim import Call, Rim
from schoolday.contracts import day_session
from schoolday.contracts.day_session import DaySession
from schoolday.lib import clock
from schoolday.live import seats
from tests.door.district import DISTRICT, District, Someone
from tests.live_nodes.servers import KEY, SECRET


def session_of(district: District, one: Someone, *, secret: bytes | None = None, **changed: Any) -> str:
    now = clock.now_seconds()
    value = DaySession(
        sub=one.sub,
        kind=one.kind,
        org=one.org,
        cohort="6-8.east",
        sections=one.sections,
        exp=now + 3600,
        device="thumbprint-of-a-device",
        jti="j1",
        epoch=1,
    )
    day = seats.live_day(now)
    key = day_session.session_key(secret or district.secret, day)
    return "Day " + day_session.seal_session(msgspec.structs.replace(value, **changed), key=key, day=day)


def reader_of(district: District) -> PlanReader:
    return PlanReader(district.folder, root_public=district.root.public_bytes(), district=DISTRICT)


def callers_of(district: District) -> Callers:
    return Callers(cell_secret=district.secret, plans=reader_of(district))


def places(**urls: str) -> LivePlaces:
    return LivePlaces(api_key=KEY, api_secret=SECRET.encode(), urls=urls)


class _Proto:
    """granian's side of one request."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.status, self.answer = 0, b""

    def __aiter__(self) -> Any:
        async def chunks() -> Any:
            yield self._body

        return chunks()

    def response_bytes(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.answer = status, body


class _Scope:
    def __init__(self, method: str, path: str, headers: dict[str, str]) -> None:
        self.method, self.path, self.headers = method, path, headers


async def ask(
    calls: dict[tuple[str, str], Call],
    path: str,
    value: object = None,
    *,
    session: str = "",
    method: str = "POST",
    raw: bytes | None = None,
) -> tuple[int, Any]:
    """Return status and answer of one request."""
    body = raw if raw is not None else json.dumps(value).encode()
    headers = {"content-length": str(len(body)), **({"authorization": session} if session else {})}
    proto = _Proto(body)
    await Rim(calls)(_Scope(method, path, headers), proto)
    return proto.status, json.loads(proto.answer)


async def until(condition: Any, *, seconds: float, what: str) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"not within {seconds} s: {what}") from None
