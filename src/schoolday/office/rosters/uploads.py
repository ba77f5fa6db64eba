"""Roster files that an operator sent from the page: kept below SCHOOLDAY_HOME/uploads, readable by the office alone."""

import contextlib
import os
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.lib.ids import new_id
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.rosters import tasks
from schoolday.office.rosters.locks import ImportRunning, one_import_at_a_time
from schoolday.office.rosters.models import ImportRun

UPLOAD_AT_MOST_BYTES = 200 * 2**20  # a million students zip to about 120 MB
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
State = ImportRun.State
_UNDER_WAY = (State.WAITING, State.RUNNING, State.IMPORTED)
_DONE_WITH_A_FILE = (State.PREVIEWED, State.HELD, State.REFUSED, State.FAILED)


class BadUpload(SchooldayError):
    """The file cannot be a roster."""

    code = "bad_upload"
    status = HTTPStatus.BAD_REQUEST
    text = "This is not a zip file. Zip the CSV files and choose the zip."


class UploadTooLarge(BadUpload):
    text = "This file is larger than 200 MB. Import it on the server with “schoolday roster import”."


def path_of(run: ImportRun) -> Path:
    """Return where the file of a run lies."""
    return _folder() / run.upload


def take_upload(actor: Person, file: "UploadedFile[bytes]") -> ImportRun:
    """
    Keep an uploaded zip and let a job preview it; the files of earlier previews are removed.

    :raises BadUpload: if it is no zip, or larger than 200 MB
    """
    if (file.size or 0) > UPLOAD_AT_MOST_BYTES:
        raise UploadTooLarge
    if file.read(4) not in _ZIP_MARKS:
        raise BadUpload
    file.seek(0)
    run = ImportRun(actor=actor, source=Path(file.name or "").name[:255], state=State.WAITING, is_dry_run=True)
    run.started_at = clock.now()
    run.upload = f"{new_id()}.zip"
    with _kept(file, _folder() / run.upload), transaction.atomic():
        for old in ImportRun.objects.filter(state__in=_DONE_WITH_A_FILE).exclude(upload=""):
            remove_file(old)
        run.save()
        audit.record(actor, "roster.upload", "import_run", run.id)
        transaction.on_commit(lambda: tasks.run_upload.enqueue(run.id))
    return run


def start_import(actor: Person, run: ImportRun, *, accept_deletes: bool) -> None:
    """
    Let a job import a preview. Asked twice, it is done once.

    :raises NotYours: if there is nothing to import: no file, problems, or removals that nobody accepted
    """
    ready = (State.PREVIEWED, State.HELD) if accept_deletes else (State.PREVIEWED,)
    with transaction.atomic():
        waiting = ImportRun.objects.filter(id=run.id, state__in=ready).exclude(upload="")
        if not waiting.update(state=State.WAITING, is_dry_run=False, accepts_deletes=accept_deletes, actor=actor):
            run.refresh_from_db()
            if run.is_dry_run or run.state not in _UNDER_WAY:
                raise NotYours
            return
        audit.record(actor, "roster.accept", "import_run", run.id, accept_deletes=accept_deletes)
        transaction.on_commit(lambda: tasks.run_upload.enqueue(run.id))


def remove_file(run: ImportRun) -> None:
    """Remove the file of a run once the transaction stands; it holds the names of children."""
    path = path_of(run)
    run.upload = ""
    run.save(update_fields=["upload"])
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def settle_dead_runs() -> None:
    """Say of imports that a killed worker left running that they failed."""
    with contextlib.suppress(ImportRunning), one_import_at_a_time():
        ImportRun.objects.filter(state=State.RUNNING).update(state=State.FAILED, finished_at=clock.now(), step="")


def _folder() -> Path:
    folder: Path = settings.SCHOOLDAY.home / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def _kept(file: "UploadedFile[bytes]", path: Path) -> Iterator[None]:
    """Write the file, mode 600; remove it again if what follows fails."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
            kept.flush()
            os.fsync(kept.fileno())
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
