"""
Pulling: each source is asked for the whole index every few seconds, calm or crisis, each at its own pace.

So a source that is slow, dead or lying holds up no other. Whatever a source sends is first written to a folder of
our own, judged there one at a time (memory stays that of one file), and only what a door would take goes into PLAN_DIR.
"""

import asyncio
import random
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from schoolday.contracts.plan import FILE_AT_MOST_BYTES, INDEX_AT_MOST_BYTES, INDEX_PATH, SchoolFiles
from schoolday.door import plan_proof, plan_store
from schoolday.door.plan_checks import CheckedIndex, OlderPlan, PlanRefused
from schoolday.door.pull.folder import PulledFolder
from schoolday.door.pull.source import Source
from schoolday.door.pull.status import PullStatus, SourceStatus
from schoolday.lib import clock, log
from schoolday.lib.files import write_whole

INDEX_SECONDS = 20.0  # a real one has a few hundred KB; who trickles is let go of then
FILE_SECONDS = 20.0
ALL_FILES_SECONDS = 180.0  # what came until then stays, and the next round goes on from there
_FILES_AT_ONCE = 4
_JITTER = 0.2
_SAY_AGAIN_SECONDS = 300
# A source that itself pulls is a round or two behind the others; only who stays behind is an alarm.
_BEHIND_SECONDS = 60


class Puller:
    """Fills one plan folder from some sources. `state`: a folder of its own; `cell_secret`: opens people's files."""

    def __init__(
        self, folder: PulledFolder, sources: list[Source], *, state: Path, door: str, cell_secret: bytes
    ) -> None:
        self.folder, self._sources, self._state = folder, sources, state
        self._door, self._cell_secret = door, cell_secret
        self._status = {source: SourceStatus(source.shown) for source in sources}
        self._said_at: dict[Source, int] = {}
        self._behind_since: dict[Source, int] = {}
        self._wanted: dict[Source, set[str]] = {}
        self._patient = True
        self._told: CheckedIndex | None = None
        self._one_at_a_time = asyncio.Lock()
        self._parts = state / "parts"
        self._parts.mkdir(parents=True, exist_ok=True)
        for left in (*self._parts.iterdir(), *state.glob(".*.partial")):  # by one that was killed
            left.unlink()
        folder.look(now=clock.now_seconds())

    async def follow(self, *, every_seconds: float, told: Callable[[PullStatus], None]) -> None:
        """Ask all sources for ever, each with jitter. `told`: called after each new version."""
        await asyncio.gather(*(self._follow(source, every_seconds, told) for source in self._sources))

    async def once(self) -> bool:
        """Ask each source once; say whether a plan is in force, and a source gave it or agrees with it."""
        self._patient = False
        await asyncio.gather(*(self.ask(source) for source in self._sources))
        return self.folder.in_force is not None and any(status.ok for status in self._status.values())

    async def ask(self, source: Source) -> None:
        """Fetch the index of one source whole, and put its plan in force if it is newer. Never raises."""
        began, now = time.monotonic(), clock.now_seconds()
        status = self._status[source]
        reason, version = "", 0
        try:
            version = await self._pull(source)
        except PlanRefused as error:
            reason = error.text
            if isinstance(error, OlderPlan) and self._patient and not self._is_long_behind(source, now=now):
                reason = ""
        except OSError as error:
            reason = f"Writing here failed: {error.strerror}."
        except Exception as error:
            # Whatever a source can do to us, the plan in force stays and the other sources are asked.
            reason = f"Failed: {type(error).__name__}."
            log.get(__name__).exception("asking a plan source failed", source=source.shown)
        finally:
            self._wanted.pop(source, None)
        if not reason and version:
            self._behind_since.pop(source, None)
        if bool(reason) == status.ok or not status.asked_at:
            status.since = now
        self._say(source, reason, now=now)
        status.ok, status.reason, status.asked_at = not reason, reason, now
        status.version, status.took_ms = version, int((time.monotonic() - began) * 1000)
        self._keep_status()

    def status(self) -> PullStatus:
        plan, now = self.folder.in_force, clock.now_seconds()
        return PullStatus(
            door=self._door,
            plan_dir=str(self.folder.folder),
            version=plan.index.version if plan else 0,
            age_seconds=now - plan.index.made_at if plan else 0,
            written_at=now,
            sources=tuple(self._status.values()),
        )

    async def close(self) -> None:
        for source in self._sources:
            await source.close()

    async def _follow(self, source: Source, every_seconds: float, told: Callable[[PullStatus], None]) -> None:
        while True:
            began = time.monotonic()
            await self.ask(source)
            if self.folder.in_force is not self._told:
                self._told = self.folder.in_force
                told(self.status())
            pause = every_seconds * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  # nobody gains by guessing it
            await asyncio.sleep(max(1.0, began + pause - time.monotonic()))

    async def _pull(self, source: Source) -> int:
        """Return the version that the source has, in force here or no newer than what is."""
        part = self._parts / f"index.{self._sources.index(source)}"
        try:
            await source.fetch(INDEX_PATH, part, at_most_bytes=INDEX_AT_MOST_BYTES, seconds=INDEX_SECONDS)
            async with self._one_at_a_time:
                checked = await asyncio.to_thread(self._check_index, part)
                missing = await asyncio.to_thread(self.folder.missing, checked.index)
        finally:
            part.unlink(missing_ok=True)
        self._wanted[source] = {path for path, _ in missing}
        if missing:
            try:
                async with asyncio.timeout(ALL_FILES_SECONDS):
                    await self._fetch_all(source, checked, missing)
            except TimeoutError:
                raise PlanRefused(f"Its files were not here after {ALL_FILES_SECONDS:g} seconds.") from None
        async with self._one_at_a_time:
            await asyncio.to_thread(self._put_in_force, checked)
        return checked.index.version

    def _check_index(self, part: Path) -> CheckedIndex:
        now = clock.now_seconds()
        self.folder.look(now=now)
        return self.folder.check(plan_store.read_text(part, at_most_bytes=INDEX_AT_MOST_BYTES), now=now)

    async def _fetch_all(self, source: Source, checked: CheckedIndex, missing: list[tuple[str, SchoolFiles]]) -> None:
        waiting = iter(missing)

        async def fetch_some() -> None:
            for path, files in waiting:
                await self._fetch(source, checked, path, files)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(_FILES_AT_ONCE, len(missing))):
                    group.create_task(fetch_some())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None  # the first tells enough; the others were stopped by it

    async def _fetch(self, source: Source, checked: CheckedIndex, path: str, files: SchoolFiles) -> None:
        part = self._parts / f"{self._sources.index(source)}.{Path(path).name}.{'p' if path.startswith('d') else 's'}"
        proof = None
        if path.startswith("doors/"):
            proof = plan_proof.authorization(self._cell_secret, now=clock.now_seconds())
        try:
            await source.fetch(path, part, at_most_bytes=FILE_AT_MOST_BYTES, seconds=FILE_SECONDS, authorization=proof)
            async with self._one_at_a_time:
                await asyncio.to_thread(self._take, part, path, files, checked)
        finally:
            part.unlink(missing_ok=True)

    def _take(self, part: Path, path: str, files: SchoolFiles, checked: CheckedIndex) -> None:
        self.folder.take(path, plan_store.read_text(part, at_most_bytes=FILE_AT_MOST_BYTES), files, checked)

    def _put_in_force(self, checked: CheckedIndex) -> None:
        """Another source may have been faster, with this plan or a newer one."""
        now = clock.now_seconds()
        self.folder.look(now=now)
        before = self.folder.in_force
        if before and before.sha256 == checked.sha256:
            return
        self.folder.check(checked.text, now=now)
        self.folder.put_in_force(checked, wanted={path for paths in self._wanted.values() for path in paths})
        log.get(__name__).info("plan pulled", version=checked.index.version, schools=len(checked.index.schools))

    def _is_long_behind(self, source: Source, *, now: int) -> bool:
        return now - self._behind_since.setdefault(source, now) >= _BEHIND_SECONDS

    def _say(self, source: Source, reason: str, *, now: int) -> None:
        """Say that a source is bad once, then every five minutes while it lasts; and that it is good again."""
        if not reason:
            if self._said_at.pop(source, None) is not None:
                log.get(__name__).info("plan source is good again", source=source.shown)
            return
        if now - self._said_at.get(source, 0) >= _SAY_AGAIN_SECONDS:
            self._said_at[source] = now
            in_force = self.folder.in_force.index.version if self.folder.in_force else 0
            log.get(__name__).error("plan source refused", source=source.shown, reason=reason, in_force=in_force)

    def _keep_status(self) -> None:
        try:
            write_whole(self._state / "status.json", msgspec.json.encode(self.status()))
        except OSError as error:
            log.get(__name__).error("pull status cannot be written", reason=str(error.strerror))
