"""The office's job that previews or imports an uploaded roster; `schoolday work` runs it."""

import time

import msgspec
from django_tasks import task

from schoolday.lib import clock
from schoolday.office.rosters.models import ImportRun
from schoolday.office.rosters.oneroster.problems import Problem

SAVES_APART_SECONDS = 1.0  # the page asks every two


@task()
def run_upload(run_id: str) -> None:
    """Do what the run's row says, if it still waits: a job may come twice."""
    from schoolday.office.rosters import actions, uploads
    from schoolday.office.rosters.locks import ImportRunning

    run = ImportRun.objects.select_related("actor").filter(id=run_id, state=ImportRun.State.WAITING).first()
    if run is None:
        return
    try:
        actions.import_roster(
            uploads.path_of(run),
            dry_run=run.is_dry_run,
            accept_deletes=run.accepts_deletes,
            actor=run.actor,
            run=run,
            on_progress=_Saving(run),
        )
    except ImportRunning:
        run.state, run.finished_at = ImportRun.State.FAILED, clock.now()
        run.problems, run.problem_count = [msgspec.to_builtins(Problem("", 0, "busy"))], 1
        run.save()
    finally:
        if run.state not in (ImportRun.State.PREVIEWED, ImportRun.State.HELD):
            uploads.remove_file(run)


class _Saving:
    """Writes the progress into the run's row, so that the page can show it; not while the roster is being written."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._saved = 0.0

    def __call__(self, step: str, percent: int) -> None:
        if step == "reading" and time.monotonic() - self._saved >= SAVES_APART_SECONDS:
            self._saved = time.monotonic()
            self._run.done_percent = percent
            self._run.save(update_fields=["done_percent"])
