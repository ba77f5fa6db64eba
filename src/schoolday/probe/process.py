"""The probe as a process: a round every few seconds, all looks of it at once, and what they mean together."""

import asyncio
import random
import signal
from collections import deque
from collections.abc import Callable
from itertools import chain

import httpx

from schoolday.contracts.probes import Probe, ProbeReport
from schoolday.lib import clock, log
from schoolday.probe import others, reports
from schoolday.probe.diagnosis import diagnose
from schoolday.probe.look import TIMEOUT_SECONDS, take
from schoolday.probe.serve import ReportServer
from schoolday.probe.targets import Targets
from schoolday.settings_spec import Settings

_KEPT_SECONDS = 1800  # of what went wrong its beginning is known for so long
_JITTER = 0.25
_CONNECTIONS = 64


class Prober:
    """One vantage. Remembers the looks of the last half hour, so that a finding says since when."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        """
        :raises BadSettings: if a target is none
        """
        self._settings, self._http = settings, http
        self.targets = Targets(settings, http)
        self._others = tuple(settings["PROBE_OTHERS"].split()) if self.targets.is_inside else ()
        kept = int(_KEPT_SECONDS / settings["PROBE_EVERY_SECONDS"]) + 1
        self._rounds: deque[tuple[Probe, ...]] = deque(maxlen=kept)

    async def look(self) -> ProbeReport:
        """Look at everything once; 5 seconds at most."""
        own = asyncio.gather(*(take(look, vantage=self.targets.vantage) for look in self.targets.looks))
        seen, elsewhere = await asyncio.gather(own, others.read(self._http, self._others))
        self._rounds.append((*seen, *elsewhere))
        now = clock.now_seconds()
        findings = diagnose(chain.from_iterable(self._rounds), now=now) if self.targets.is_inside else ()
        return ProbeReport(made_at=now, probes=self._rounds[-1], findings=findings)

    def write(self, report: ProbeReport) -> None:
        """Write what was found; where a disk is full the report stays as it was, and says so by its time."""
        addresses = {(look.layer, look.part): look.address for look in self.targets.looks}
        try:
            reports.write(self._settings.run_dir, "probes.json", reports.whole(report, addresses), mode=0o600)
            if self.targets.is_inside:
                reports.write(self._settings.plan_dir, reports.PUBLIC_PATH, reports.public(report))
        except OSError as error:
            log.get(__name__).error("the report cannot be written", reason=str(error))


async def run(settings: Settings, *, once: bool, show: Callable[[ProbeReport], None]) -> bool:
    """
    Look until SIGTERM or SIGINT, or once. Return whether all was well at the last look.

    :raises BadSettings: if a target is none, or PROBE_PORT is taken
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=0)  # each look opens its own line
    report = ProbeReport(made_at=0, probes=())
    server = None
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False, limits=limits) as http:
        prober = Prober(settings, http)
        if settings["PROBE_PORT"] and not once:
            server = ReportServer(host=settings["PROBE_HOST"], port=settings["PROBE_PORT"])
        try:
            while not stop.is_set():
                report = await prober.look()
                show(report)
                if once:
                    break
                prober.write(report)
                if server is not None:
                    server.report = reports.public(report)
                await _pause(stop, settings["PROBE_EVERY_SECONDS"])
        finally:
            if server is not None:
                await asyncio.to_thread(server.close)
    return all(probe.state in ("well", "unknown") for probe in report.probes)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait for the next round, a quarter sooner or later: many probes must not look in step."""
    wait = seconds * (1 + random.uniform(-_JITTER, _JITTER))  # noqa: S311, it chooses no secret
    try:
        async with asyncio.timeout(wait):
            await stop.wait()
    except TimeoutError:
        return
