"""Keeping the plan in force: a thread looks for a new index each second, reads it, and swaps it in."""

import gc
import threading
from pathlib import Path

from schoolday.contracts.plan import INDEX_PATH
from schoolday.door import plan_store
from schoolday.door.plan import Plan
from schoolday.door.plan_checks import Floor, PlanRefused
from schoolday.lib import clock, log

_LOOK_EVERY_SECONDS = 1.0
_TRY_REFUSED_AGAIN_SECONDS = 10  # its files may come late; reading a large bad one each second would be a hot loop
_SAY_AGAIN_SECONDS = 300  # a plan that is refused is an alarm in the log, again while it lasts


class PlanKeeper:
    """`plan` is the plan in force, or None while there is none. Read it once per request: it may be swapped."""

    def __init__(self, folder: Path, *, state: Path, root_public: bytes, district: str) -> None:
        """`state`: the file where the floor is kept."""
        self.plan: Plan | None = None
        self.since = 0  # when it came into force here, seconds
        self.refused = 0
        self.trouble = ""  # why the files in the folder are not in force
        self.folder, self._state = folder, state
        self._root_public, self._district = root_public, district
        self._seen: tuple[int, int, int] | None = (0, 0, 0)
        self._tried = self._said = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="plan", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def look(self) -> None:
        """Read the index if its file has changed, or was refused some time ago."""
        stamp, now, before = self._stamp(), clock.now_seconds(), self.plan
        new = stamp != self._seen
        if not new and not (self.trouble and now - self._tried >= _TRY_REFUSED_AGAIN_SECONDS):
            return
        self._seen, self._tried = stamp, now
        try:
            if stamp is None:
                raise PlanRefused(f"{INDEX_PATH}: there is none in {self.folder}.")
            plan = plan_store.read_plan(
                self.folder,
                root_public=self._root_public,
                district=self._district,
                now=now,
                floor=plan_store.read_floor(self._state),
                before=before,
            )
        except PlanRefused as error:
            self._alarm(error.text, new=new or error.text != self.trouble, now=now)
            return
        self.trouble = ""
        if before and plan.index_sha256 == before.index_sha256:
            return
        plan_store.keep_floor(self._state, Floor(plan.index.version, plan.key_set.issued_at))
        self.plan, self.since = plan, now
        del before
        plan_store.forget_freed_memory()
        gc.collect()
        gc.freeze()  # what lives as long as the plan is not looked through again while people come in
        log.get(__name__).info(
            "plan in force", version=plan.index.version, schools=len(plan.schools), students=plan.people
        )

    def _alarm(self, text: str, *, new: bool, now: int) -> None:
        self.trouble = text
        if new:
            self.refused += 1
        if new or now - self._said >= _SAY_AGAIN_SECONDS:
            self._said = now
            log.get(__name__).error("plan refused", reason=text, in_force=self.plan.index.version if self.plan else 0)

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = (self.folder / INDEX_PATH).stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except Exception:
                # Whatever a file can do to us, the plan in force stays and the door goes on.
                self.trouble = "reading the plan failed; see the log"
                log.get(__name__).exception("reading the plan failed")
            self._stop.wait(_LOOK_EVERY_SECONDS)
