"""What probes at other places saw: read from their URLs, believed only in what they say of themselves."""

import asyncio
from collections.abc import Sequence

import httpx
import msgspec

from schoolday.contracts.probes import Probe, ProbeReport
from schoolday.lib import clock, log
from schoolday.probe.look import TIMEOUT_SECONDS
from schoolday.probe.targets import INSIDE

_REPORT_AT_MOST_BYTES = 256 * 1024
_OLD_SECONDS = 120  # a place that has stopped looking
_PART_AT_MOST_LETTERS = 40
_decoder = msgspec.json.Decoder(ProbeReport)


async def read(http: httpx.AsyncClient, urls: Sequence[str]) -> tuple[Probe, ...]:
    """
    Return the looks of other places, and for each place one look at the line: whether it could be reached.

    A place that reports nothing new says nothing of us; its own clock counts only for how old its looks are.
    """
    answers = await asyncio.gather(*(_one(http, url) for url in urls))
    found: list[Probe] = []
    for number, (report, ms, what) in enumerate(answers, 1):
        now = clock.now_seconds()
        found.append(
            Probe(
                layer="line",
                part=f"outside {number}",
                vantage=INSIDE,
                state="dead" if what else "well",
                ms=ms,
                at=now,
                what=what,
            )
        )
        if report is not None and abs(now - report.made_at) < _OLD_SECONDS:
            # A place outside cannot speak for inside, whatever it calls itself.
            found += [
                msgspec.structs.replace(probe, part=probe.part[:_PART_AT_MOST_LETTERS], what="", at=min(probe.at, now))
                for probe in report.probes
                if probe.vantage != INSIDE
            ]
    return tuple(found)


async def _one(http: httpx.AsyncClient, url: str) -> tuple[ProbeReport | None, int, str]:
    began = clock.now_ms()
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            answer = await http.get(url)
    except (httpx.HTTPError, TimeoutError):
        return None, clock.now_ms() - began, "not reached"
    ms = clock.now_ms() - began
    try:
        if answer.status_code != 200 or len(answer.content) > _REPORT_AT_MOST_BYTES:
            raise ValueError(f"status {answer.status_code}")
        return _decoder.decode(answer.content), ms, ""
    except (ValueError, msgspec.MsgspecError) as error:
        log.get(__name__).warning("another place's report cannot be read", reason=str(error))
        return None, ms, ""
