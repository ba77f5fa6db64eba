"""An amnesty over a district's day: only absences and tardies inside flip, and undoing gives back what was."""

import hashlib
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import QuerySet

from schoolday.contracts.evidence import Evidence
from schoolday.lib import clock, ids
from schoolday.office.attendance.actions import take_evidence
from schoolday.office.attendance.amnesty_actions import declare_amnesty, reopen_amnesty, undo_amnesty
from schoolday.office.attendance.closing import close_ended
from schoolday.office.attendance.models import Amnesty, RegisterEntry
from schoolday.office.attendance.scope import Scope
from schoolday.office.attendance.times import to_ms
from schoolday.office.rosters.models import Enrollment
from tests import figures
from tests.cast import Cast
from tests.office.attendance import test_speed as district
from tests.office.attendance.day import BELL
from tests.office.attendance.test_amnesty import REASON

SHORT, FULL = 5_000, 50_000
MARKED = 200
_SAMPLE_SECONDS = 0.02
_PAGE_MIB = 4096 / 2**20

pytestmark = [pytest.mark.timeout(1800), pytest.mark.alone]


def test_an_amnesty_over_a_districts_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    students = FULL if figures.full_form() else SHORT
    monkeypatch.setattr(district, "STUDENTS", students)
    arrivals = district.make_district(cast)
    _a_day(cast, arrivals)
    whole = RegisterEntry.objects.count()
    before = _digest()
    with clock.at(BELL + timedelta(hours=9)):
        # From the third class to the end of the fourth: two of six.
        first, last = BELL + timedelta(hours=2), BELL + timedelta(hours=4)
        amnesty, seconds, grown_mib = _measured(
            lambda: declare_amnesty(cast.operator, scope=Scope(), from_at=first, until_at=last, reason=REASON)
        )
        freed = RegisterEntry.objects.filter(amnesty=amnesty)
        inside = RegisterEntry.objects.filter(meeting__starts_at__gte=first, meeting__ends_at__lte=last)
        assert freed.count() == sum(entry in ("absent", "tardy") for entry in _shown(inside))
        assert set(_shown(freed)) == {"absent"}
        assert not freed.exclude(id__in=inside.values("id")).exists(), "nothing outside the window"
        assert RegisterEntry.objects.filter(mark="excused").count() == MARKED, "a teacher's excuse stays"
        assert not freed.filter(mark="excused").exists()
        under = _digest()
        assert under != before
        count = freed.count()
        _, undo_seconds, _ = _measured(lambda: undo_amnesty(cast.operator, amnesty.id))
        assert _digest() == before, "undone: to the byte what it was"
        _, again_seconds, _ = _measured(lambda: reopen_amnesty(cast.operator, amnesty.id))
        assert _digest() == under
    figures.say(
        "amnesty",
        f"{students:,} students x {district.MEETINGS}: {count:,} of {whole:,} entries freed in {seconds:.1f} s "
        f"(+{grown_mib:.0f} MiB), undone in {undo_seconds:.1f} s, re-opened in {again_seconds:.1f} s; register equal",
    )
    assert seconds < 2 + whole / 10_000  # generous: for machines that do other things
    assert grown_mib < 200


def _a_day(cast: Cast, arrivals: list[tuple[str, str]]) -> None:
    """Half of the students come to the first class; some are excused by their teacher in the third."""
    with clock.at(BELL + timedelta(minutes=55)):
        here = arrivals[: len(arrivals) // 2]
        for start in range(0, len(here), 1_000):
            take_evidence(
                [
                    Evidence(id=ids.new_event_id(), kind="arrived", sub=sub, meeting=meeting, received_at=to_ms(BELL))
                    for sub, meeting in here[start : start + 1_000]
                ],
                trusted_source="door:d1",
            )
    third = {
        row.person_id: row.section.meetings.order_by("starts_at")[2].id
        for row in Enrollment.objects.filter(person__in=[sub for sub, _ in arrivals[:MARKED]]).select_related("section")
    }
    with clock.at(BELL + timedelta(hours=8)):
        marks = [
            Evidence(
                id=ids.new_event_id(),
                kind="teacher_mark",
                sub=sub,
                by=cast.operator.id,
                meeting=meeting,
                received_at=clock.now_ms(),
                detail={"status": "excused"},
            )
            for sub, meeting in third.items()
        ]
        assert take_evidence(marks, trusted_source="office").new == MARKED
        close_ended()


def _shown(entries: QuerySet[RegisterEntry]) -> list[str]:
    return [mark or status for mark, status in entries.values_list("mark", "status")]


def _digest() -> str:
    """Return what the whole register says, as one number."""
    found = hashlib.sha256()
    for row in RegisterEntry.objects.order_by("id").values_list().iterator(chunk_size=5_000):
        found.update(repr(row).encode())
    return found.hexdigest()


def _measured(call: Callable[[], Amnesty]) -> tuple[Amnesty, float, float]:
    """Return what a call gave, its seconds, and by how many MiB memory rose at its highest."""
    done = threading.Event()
    resting = highest = _resident_mib()

    def watch() -> None:
        nonlocal highest
        while not done.wait(_SAMPLE_SECONDS):
            highest = max(highest, _resident_mib())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    try:
        result = call()
        seconds = time.perf_counter() - began
    finally:
        done.set()
        watcher.join()
    return result, seconds, highest - resting


def _resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MIB
