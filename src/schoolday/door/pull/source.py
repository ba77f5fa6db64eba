"""One place the plan is fetched from, believed in nothing: not in its size, its speed, its headers or its word."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from schoolday.door.plan_checks import PlanRefused
from schoolday.lib.errors import BadSettings

_SILENCE_SECONDS = 5.0  # between two pieces, and to connect
_AT_ONCE = 8


class Source:
    """`base`: the address below which the plan's files lie. Close it at the end."""

    def __init__(self, base: str) -> None:
        """
        :raises BadSettings: if this is no address
        """
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadSettings(f"PLAN_SOURCES: {base!r} will not do: say http://… or https://…, separated by spaces.")
        self._base = base.rstrip("/")
        # For logs and status: without what may stand before the @.
        self.shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")
        self._http = httpx.AsyncClient(
            timeout=_SILENCE_SECONDS,
            follow_redirects=False,
            trust_env=False,  # no proxy and no password file that nobody has set for this
            limits=httpx.Limits(max_connections=_AT_ONCE),
            headers={"Accept-Encoding": "identity", "User-Agent": "schoolday-pull"},
        )

    async def fetch(
        self, path: str, target: Path, *, at_most_bytes: int, seconds: float, authorization: str | None = None
    ) -> None:
        """
        Write a file of the source into `target`, as it comes: never more than its ceiling, never longer than `seconds`.

        :raises PlanRefused: saying what the source did instead
        """
        headers = {"Authorization": authorization} if authorization else {}
        try:
            async with (
                asyncio.timeout(seconds),
                self._http.stream("GET", f"{self._base}/{path}", headers=headers) as answer,
            ):
                _check_head(path, answer, at_most_bytes=at_most_bytes)
                size = 0
                with target.open("wb") as file:
                    async for chunk in answer.aiter_raw():
                        size += len(chunk)
                        if size > at_most_bytes:
                            raise PlanRefused(f"{path}: it has more than {at_most_bytes} bytes.")
                        file.write(chunk)
        except TimeoutError:
            raise PlanRefused(f"{path}: it was not whole after {seconds:g} seconds.") from None
        except httpx.HTTPError as error:
            raise PlanRefused(f"{path}: {type(error).__name__} ({str(error)[:100]}).") from error
        finally:
            self._http.cookies.clear()  # a source may set as many as it likes

    async def close(self) -> None:
        await self._http.aclose()


def _check_head(path: str, answer: httpx.Response, *, at_most_bytes: int) -> None:
    if answer.status_code != 200:
        raise PlanRefused(f"{path}: the answer is {answer.status_code}.")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise PlanRefused(f"{path}: it comes packed, which was not asked for.")
    told = answer.headers.get("content-length", "")
    if told.isdecimal() and int(told[:18]) > at_most_bytes:
        raise PlanRefused(f"{path}: it has more than {at_most_bytes} bytes.")
