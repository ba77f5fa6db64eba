"""
What is not kept: notes and teachers' own words after CLASSBOOK_KEEP_DAYS, files after CLASSBOOK_FILES_KEEP_DAYS, and
what was taken back ten minutes ago. `schoolday classbook export` writes it down before, for who has to keep it longer.

In small batches, each one transaction, so killed anywhere nothing is half gone and no writer waits long.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Model, QuerySet

from schoolday.lib import clock
from schoolday.office.classbook import files, storing
from schoolday.office.classbook.models import ClassFile, Note, PrivateNotes
from schoolday.settings_spec import Settings

EVERY_SECONDS = 3_600.0
ROWS_AT_ONCE = 1_000
BATCHES_AT_MOST = 50
_UNNAMED_SECONDS = 3_600  # an upload that is not written down yet is younger


class ForgetOld:
    """The worker's job."""

    def __init__(self, settings: Settings) -> None:
        self._notes = timedelta(days=settings["CLASSBOOK_KEEP_DAYS"])
        self._files = timedelta(days=settings["CLASSBOOK_FILES_KEEP_DAYS"])

    def __call__(self) -> Mapping[str, int] | None:
        today = clock.now().date()
        found = forget(notes_before=today - self._notes, files_before=today - self._files)
        return {what: count for what, count in found.items() if count} or None


def forget(*, notes_before: date, files_before: date) -> dict[str, int]:
    """Delete what is older; return how many of each. Content that no row names any more goes from the disk."""
    gone = {
        "notes": _delete(Note.objects.filter(on__lt=notes_before)),
        "words": _delete(PrivateNotes.objects.filter(on__lt=notes_before)),
        "files": _delete(ClassFile.objects.filter(on__lt=files_before))
        + _delete(ClassFile.objects.filter(deleted_at__lt=clock.now() - files.UNDO)),
    }
    named = set(ClassFile.objects.values_list("sha256", flat=True).distinct())
    gone["contents"] = storing.sweep(named, older_than=clock.now().timestamp() - _UNNAMED_SECONDS)
    return gone


def _delete(rows: QuerySet[Model]) -> int:
    gone = 0
    for _ in range(BATCHES_AT_MOST):
        with transaction.atomic():
            keys = list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE])
            rows.model._default_manager.filter(pk__in=keys).delete()
        gone += len(keys)
        if len(keys) < ROWS_AT_ONCE:
            break
    return gone
