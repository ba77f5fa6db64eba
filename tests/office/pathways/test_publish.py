"""Publishing the plan: what it says, that nothing changes without reason, and kills in the middle."""

from datetime import UTC, datetime, timedelta

import pytest

from schoolday.lib import clock
from schoolday.office.pathways.actions import publish_plan
from tests.cast import Cast
from tests.office.pathways.plans import Reader, students_of

pytestmark = pytest.mark.django_db


def test_the_plan_says_what_roster_and_timetable_say(belled: Cast, reader: Reader) -> None:
    release = publish_plan()
    index, schools, people = reader.whole()
    assert index.version == release.version
    assert (index.from_date, index.until_date) == ("2026-09-14", "2026-09-15")
    assert index.join_opens_seconds == 600
    assert [door.id for door in index.doors] == ["d1"]
    assert [node.id for node in index.live] == ["n1"]
    assert {files.org for files in index.schools} == {belled.school.id, belled.other_school.id}
    school = schools[belled.school.id]
    assert (school.name, school.time_zone, school.version) == ("Olinda Middle", "America/New_York", release.version)
    (section,) = school.sections
    assert (section.id, section.title, section.cohort) == (belled.section.id, "Math 7", "6-8")
    assert section.teachers == ("Elena Ruiz",)
    starts = [datetime.fromtimestamp(meeting.starts_at, UTC) for meeting in section.meetings]
    assert starts == [datetime(2026, 9, 14, 12, 30, tzinfo=UTC), datetime(2026, 9, 15, 12, 30, tzinfo=UTC)]
    assert all(meeting.nodes == ("n1",) for meeting in section.meetings)
    assert release.meetings == 4
    students = students_of(people[belled.school.id])
    assert students == {
        person.id: (person.badge_number, "07", {belled.section.id}) for person in (belled.student, belled.twin)
    }
    assert reader.for_device(belled.school.id) == school


def test_no_child_is_named(belled: Cast, reader: Reader) -> None:
    publish_plan()
    _, schools, people = reader.whole()
    everything = f"{schools} {people}"
    for child in (belled.student, belled.twin, belled.other_student):
        assert child.family_name not in everything
        assert child.given_name not in everything


def test_nothing_changes_when_nothing_changed(belled: Cast, reader: Reader) -> None:
    first, before = publish_plan(), reader.files()
    with clock.shifted(timedelta(hours=2)):
        assert publish_plan().version == first.version
    assert reader.files() == before
