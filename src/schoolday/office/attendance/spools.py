"""Asking a door for its spools over HTTP. A door may be dead, slow, or another machine that answers in its place."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeVar

import httpx
import msgspec
from django.conf import settings

from schoolday.lib import clock, signing
from schoolday.lib.errors import SchooldayError

T = TypeVar("T")
EVENTS_IN_ONE_PAGE = 1_000
_CONNECT_SECONDS = 2.0
_READ_SECONDS = 5.0
_ANSWER_SECONDS = 30.0  # for a whole page, however it trickles
_OF_ONE_SPOOL = (HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE)
_ANSWER_AT_MOST_BYTES = 16 * 2**20  # 1,000 events of the longest form are 4 MB


class DoorTrouble(SchooldayError):
    """A door does not answer, or not as a door of ours."""

    code = "door_trouble"
    status = HTTPStatus.BAD_GATEWAY
    retryable = True


class SpoolTrouble(DoorTrouble):
    """A door answers, and does not give this one spool: damaged, or deleted meanwhile. Its others may be well."""


class Spools(msgspec.Struct, frozen=True):
    """`GET /drain/spools`: the ids of all spools a door still keeps, oldest first; how many were set aside damaged."""

    door: str
    spools: tuple[str, ...]
    damaged: int = 0


class RawPage(msgspec.Struct, frozen=True):
    """contracts.evidence.SpoolPage, its events unread: one that is broken must not hold up the others."""

    door: str
    spool: str
    last: int
    events: tuple[msgspec.Raw, ...]


@dataclass
class DoorClient:
    """One door as the office reaches it. Not for several threads at once."""

    door: str
    url: str
    http: httpx.Client = field(default_factory=lambda: new_http_client())

    def spools(self) -> Spools:
        """
        Return the ids of the door's spools.

        :raises DoorTrouble: if it does not answer as a door of ours
        """
        return self._get("/drain/spools", {}, Spools, lambda answer: answer.door)

    def page(self, spool: str, *, after: int, limit: int | None = None) -> RawPage:
        """
        Return up to `limit` events after a position, at most EVENTS_IN_ONE_PAGE; errors as `spools`.

        :raises SpoolTrouble: if the door is well and this spool is not
        """
        at_most = min(limit or EVENTS_IN_ONE_PAGE, EVENTS_IN_ONE_PAGE)
        query = {"spool": spool, "after": str(after), "limit": str(at_most)}
        page = self._get("/drain", query, RawPage, lambda answer: answer.door)
        if page.spool != spool or page.last < after or (page.events and page.last == after):
            raise DoorTrouble(f"Door {self.door} gave a page that does not follow {spool}:{after}.")
        return page

    def close(self) -> None:
        self.http.close()

    def _get(self, path: str, query: dict[str, str], contract: type[T], door_of: Callable[[T], str]) -> T:
        began = time.monotonic()
        body = bytearray()
        headers = {"Authorization": f"Drain {drain_mac()}"}
        try:
            with self.http.stream("GET", self.url + path, params=query, headers=headers) as answer:
                if answer.status_code != 200:
                    kind = SpoolTrouble if "spool" in query and answer.status_code in _OF_ONE_SPOOL else DoorTrouble
                    raise kind(f"Door {self.door} answered {path} with status {answer.status_code}.")
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > _ANSWER_AT_MOST_BYTES or time.monotonic() - began > _ANSWER_SECONDS:
                        raise DoorTrouble(f"Door {self.door} answered {path} too long or too slowly.")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise DoorTrouble(f"Door {self.door} does not answer {path}: {type(error).__name__}.") from error
        try:
            value = msgspec.json.decode(bytes(body), type=contract)
        except msgspec.MsgspecError as error:
            raise DoorTrouble(f"Door {self.door} answered {path} with something that is not ours.") from error
        if door_of(value) != self.door:
            raise DoorTrouble(f"Door {self.door}: another door answers at its address.")
        return value


def drain_mac() -> str:
    """Return what the header `Authorization: Drain` holds today."""
    day = clock.now().strftime("%Y%m%d")
    key = signing.derive(settings.SCHOOLDAY["CELL_SECRET"], "drain", day)
    return signing.b64(signing.mac(key, b"GET /drain"))


def new_http_client() -> httpx.Client:
    """Return a client that knows no proxy, follows nowhere and waits for nobody long."""
    timeout = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
    return httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)
