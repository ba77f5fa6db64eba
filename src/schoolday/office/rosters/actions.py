"""Importing a roster: check all of it, then write all of it, or nothing."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db import connection, transaction

from schoolday.lib import clock, log
from schoolday.office.people import audit
from schoolday.office.people.models import Person
from schoolday.office.rosters.locks import one_import_at_a_time
from schoolday.office.rosters.models import ImportRun
from schoolday.office.rosters.oneroster.manifest import read_manifest
from schoolday.office.rosters.oneroster.problems import Problem, Report
from schoolday.office.rosters.oneroster.source import Source, open_source
from schoolday.office.rosters.reconcile import holding
from schoolday.office.rosters.reconcile.roster import Comparison, RosterChanges
from schoolday.office.rosters.reconcile.writing import write

PROBLEMS_KEPT_AT_MOST = 1000  # with the run; a command prints more
State = ImportRun.State
OnProgress = Callable[[str, int], None]
_log = log.get(__name__)


@dataclass(frozen=True)
class Outcome:
    """How an import ended. `problems`: those kept of `run.problem_count`."""

    run: ImportRun
    problems: tuple[Problem, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {
            "state": self.run.state,
            "run": self.run.id,
            "dry_run": self.run.is_dry_run,
            "counts": self.run.counts,
            "problem_count": self.run.problem_count,
            "problems": [problem.as_dict() for problem in self.problems],
        }


def import_roster(
    path: Path,
    *,
    dry_run: bool = False,
    accept_deletes: bool = False,
    actor: Person | None = None,
    run: ImportRun | None = None,
    on_progress: OnProgress = lambda _step, _percent: None,
) -> Outcome:
    """
    Import the roster at `path`; ends refused, held, previewed (dry run) or imported.

    All or nothing: it is checked whole, then written in one transaction with its audit row. 50,000 students take
    about half a minute. `run`: the row of an upload; without one a new one is made. `on_progress` hears the step
    (`reading`, `writing`) and percent of it.

    :raises ImportRunning: if another import is under way; then nothing was read
    """
    with one_import_at_a_time():
        ImportRun.objects.filter(state=State.RUNNING).update(state=State.FAILED, finished_at=clock.now())
        run = run or ImportRun(actor=actor, source=path.name or str(path))
        run.state, run.started_at, run.finished_at = State.RUNNING, clock.now(), None
        run.is_dry_run, run.accepts_deletes = dry_run, accept_deletes
        run.step, run.done_percent = "reading", 0
        run.save()
        with _failing_loudly(run):
            return _import(path, run, actor, on_progress)


def _import(path: Path, run: ImportRun, actor: Person | None, on_progress: OnProgress) -> Outcome:
    report = Report()
    changes = None
    with open_source(path, report) as source:
        if source is not None:
            changes = _compare(source, report, on_progress)
    if changes is None or len(report):
        problems = tuple(report)
        run.problems = [msgspec.to_builtins(problem) for problem in problems[:PROBLEMS_KEPT_AT_MOST]]
        run.problem_count = len(report)
        _finish(run, State.REFUSED)
        return Outcome(run, problems)
    run.problems, run.problem_count = [], 0
    run.counts = holding.count(changes, accepts_deletes=run.accepts_deletes)
    if holding.is_held(run.counts):
        _finish(run, State.HELD)
    elif run.is_dry_run:
        _finish(run, State.PREVIEWED)
    else:
        _write(changes, run, actor, on_progress)
    return Outcome(run)


def _compare(source: Source, report: Report, on_progress: OnProgress) -> RosterChanges | None:
    manifest = read_manifest(source, report)
    if manifest is None:
        return None
    files = [file for file, mode in manifest.modes.items() if mode != "absent"]
    meter = _Meter("reading", sum(source.sizes_bytes.get(file, 0) for file in files), on_progress)
    today = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return Comparison(source, manifest, report, today, on_bytes=meter.add).run()


def _write(changes: RosterChanges, run: ImportRun, actor: Person | None, on_progress: OnProgress) -> None:
    kinds = [getattr(changes, kind) for kind in holding.KINDS]
    meter = _Meter("writing", sum(len(kind.added) + len(kind.changed) for kind in kinds), on_progress)
    run.step, run.done_percent = "writing", 0
    run.save(update_fields=["step", "done_percent"])
    with transaction.atomic():
        write(changes, now=clock.now(), on_rows=meter.add)
        accepted = {"accepts_deletes": True} if run.accepts_deletes else {}
        audit.record(actor, "roster.import", "import_run", run.id, counts=run.counts, **accepted)
        _count_anew()
        _finish(run, State.IMPORTED)


def _count_anew() -> None:
    """
    Tell PostgreSQL how large its tables are now; seconds for a district.

    It would find out by itself a minute later. The plan is published before that, and with the old figures one query of
    it took many minutes for 5,000 students.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _finish(run: ImportRun, state: ImportRun.State) -> None:
    run.state, run.finished_at = state, clock.now()
    run.step, run.done_percent = "", 100
    run.save()
    _log.info("roster import", run=run.id, state=run.state, counts=run.counts, problems=run.problem_count)


@contextlib.contextmanager
def _failing_loudly(run: ImportRun) -> Iterator[None]:
    """Note in the run that the import broke off, whatever it was, and let the error go on."""
    try:
        yield
    except BaseException:
        run.problems = [msgspec.to_builtins(Problem("", 0, "broken_off"))]
        run.problem_count, run.counts = 1, {}
        _finish(run, State.FAILED)
        raise


class _Meter:
    """Says how far a step is, at most once a percent."""

    def __init__(self, step: str, total: int, on_progress: OnProgress) -> None:
        self._step = step
        self._total = max(total, 1)
        self._done = 0
        self._said = -1
        self._on_progress = on_progress

    def add(self, count: int) -> None:
        self._done += count
        percent = min(100, self._done * 100 // self._total)
        if percent > self._said:
            self._said = percent
            self._on_progress(self._step, percent)
