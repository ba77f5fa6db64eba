"""Publishing the plan: what it says, that nothing changes without reason, and kills in the middle."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
import structlog
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schoolday.contracts import plan
from schoolday.lib import clock
from schoolday.lib.errors import BadSettings
from schoolday.lib.files import write_whole
from schoolday.lib.signing import Signer, b64, read_footer
from schoolday.office.pathways import actions, plan_folder
from schoolday.office.pathways.actions import open_plan_folder, publish_plan
from schoolday.office.pathways.commands import plan as plan_command
from schoolday.office.pathways.models import PlanRelease
from schoolday.office.pathways.ways.lists import set_alternates
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import Section
from schoolday.office.signin.keys import KeyFolder
from schoolday.office.timetable.models import CalendarDay
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.pathways.plans import Reader, empty_plan_folder, students_of

pytestmark = pytest.mark.django_db


def test_the_plan_says_what_roster_and_timetable_say(belled: Cast, reader: Reader) -> None:
    release = publish_plan()
    index, schools, people = reader.whole()
    assert index.version == release.version
    assert (index.from_date, index.until_date) == ("2026-09-14", "2026-09-15")
    assert index.join_opens_seconds == 600
    assert [(door.id, door.site) for door in index.doors] == [("d1", "a"), ("d2", "b")]
    assert [(node.id, node.site) for node in index.live] == [("n1", "a"), ("n2", "b")]
    assert {files.org for files in index.schools} == {belled.school.id, belled.other_school.id}
    school = schools[belled.school.id]
    assert (school.name, school.time_zone, school.version) == ("Olinda Middle", "America/New_York", release.version)
    (section,) = school.sections
    assert (section.id, section.title, section.cohort) == (belled.section.id, "Math 7", "6-8")
    assert section.teachers == ("Elena Ruiz",)
    starts = [datetime.fromtimestamp(meeting.starts_at, UTC) for meeting in section.meetings]
    assert starts == [datetime(2026, 9, 14, 12, 30, tzinfo=UTC), datetime(2026, 9, 15, 12, 30, tzinfo=UTC)]
    assert all(sorted(meeting.nodes) == ["n1", "n2"] for meeting in section.meetings)
    assert all(meeting.turn == 0 for meeting in section.meetings)
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


def test_one_change_renews_one_school_only(belled: Cast, reader: Reader) -> None:
    first = publish_plan()
    before = {files.org: files for files in reader.index().schools}
    set_alternates(
        belled.section, [plan.Alternate(kind="zoom", url="https://district.zoom.us/j/1", label="Ms. Ruiz")], actor=None
    )
    second = publish_plan()
    index, schools, _ = reader.whole()
    after = {files.org: files for files in index.schools}
    assert second.version > first.version
    assert after[belled.other_school.id] == before[belled.other_school.id]
    assert after[belled.school.id].people_sha256 == before[belled.school.id].people_sha256
    assert after[belled.school.id].plan_sha256 != before[belled.school.id].plan_sha256
    assert schools[belled.school.id].version == second.version
    assert schools[belled.other_school.id].version == first.version
    assert reader.section(belled.section.id).alternates[0].url == "https://district.zoom.us/j/1"
    assert reader.for_device(belled.school.id) == schools[belled.school.id]


def test_the_next_day_is_a_new_plan(belled: Cast, reader: Reader) -> None:
    publish_plan()
    with clock.shifted(timedelta(days=1)):
        publish_plan()
        index, schools, _ = reader.whole()
    assert (index.from_date, index.until_date) == ("2026-09-15", "2026-09-16")
    assert len(schools[belled.school.id].sections[0].meetings) == 2


def test_a_weekend_and_a_holiday_are_skipped(belled: Cast, reader: Reader) -> None:
    CalendarDay.objects.create(school=None, on=date(2026, 9, 21), day_type="", name="A holiday")
    CalendarDay.objects.create(school=belled.other_school, on=date(2026, 9, 21), day_type="regular")
    with clock.at(datetime(2026, 9, 19, 15, tzinfo=UTC)):  # a Saturday
        publish_plan()
        index, schools, _ = reader.whole()
    assert (index.from_date, index.until_date) == ("2026-09-19", "2026-09-23")
    assert schools[belled.school.id].until_date == "2026-09-23"
    assert schools[belled.other_school.id].until_date == "2026-09-22"


def test_after_the_last_day_of_school_there_is_a_plan_without_meetings(belled: Cast, reader: Reader) -> None:
    with clock.at(datetime(2027, 7, 5, 15, tzinfo=UTC)):
        assert publish_plan().meetings == 0
        _, schools, people = reader.whole()
    assert schools[belled.school.id].sections == ()
    assert set(students_of(people[belled.school.id])) == {belled.student.id, belled.twin.id}


def test_a_district_without_schools(db: None, reader: Reader) -> None:
    assert publish_plan().schools == 0
    assert reader.index().schools == ()


def test_a_student_in_two_schools_is_in_both(belled: Cast, reader: Reader) -> None:
    enroll(belled.other_section, belled.student, "student")
    lone = make_person("lone", "Lone", "Child", "student", belled.school, grade="KG")
    publish_plan()
    _, _, people = reader.whole()
    assert students_of(people[belled.other_school.id])[belled.student.id][2] == {belled.other_section.id}
    assert students_of(people[belled.school.id])[belled.student.id][2] == {belled.section.id}
    assert students_of(people[belled.school.id])[lone.id] == (lone.badge_number, "KG", set())


def test_who_left_is_not_in_it(belled: Cast, reader: Reader) -> None:
    Person.objects.filter(id=belled.twin.id).update(is_active=False)
    belled.other_student.enrollments.update(ends_on=date(2026, 9, 14))
    belled.teacher.enrollments.update(is_active=False)
    publish_plan()
    _, schools, people = reader.whole()
    assert set(students_of(people[belled.school.id])) == {belled.student.id}
    assert students_of(people[belled.other_school.id])[belled.other_student.id][2] == set()
    assert schools[belled.school.id].sections[0].teachers == ()


def test_what_is_no_longer_named_goes_one_version_later(belled: Cast, reader: Reader) -> None:
    publish_plan()
    old = next(files for files in reader.index().schools if files.org == belled.other_school.id)
    Org.objects.filter(id=belled.other_school.id).update(is_active=False)
    publish_plan()
    left = plan.school_path(belled.other_school.id, old.plan_sha256)
    assert left in reader.files(), "a reader may be in the middle of the version before"
    assert plan.school_path(belled.other_school.id) not in reader.files()
    publish_plan()
    assert left not in reader.files()
    assert set(reader.whole()[1]) == {belled.school.id}


def test_a_rotated_key_signs_everything_anew(belled: Cast, reader: Reader, keys: KeyFolder) -> None:
    kept = {path: path.read_bytes() for path in (keys.office_keys, keys.key_set)}
    first = publish_plan()
    try:
        for leaked in (False, True):
            fresh = keys.rotate(leaked=leaked)
            second = publish_plan()
            assert second.version > first.version
            now_reading = Reader(reader.folder)
            index, schools, _ = now_reading.whole()
            assert len(schools) == 2
            for files in index.schools:
                for name in (
                    plan.school_path(files.org),
                    plan.school_path(files.org, files.plan_sha256),
                    plan.people_path(files.org, files.people_sha256),
                ):
                    assert read_footer((reader.folder / name).read_text()).kid == fresh.current.kid
            first = second
    finally:
        for path, data in kept.items():
            path.write_bytes(data)


def test_the_version_rises_whatever_was_lost(belled: Cast, reader: Reader) -> None:
    first = publish_plan()
    PlanRelease.objects.all().delete()  # the database came back from an old copy
    assert publish_plan().version == first.version, "nothing changed; the row is written again"
    PlanRelease.objects.all().delete()
    with clock.shifted(timedelta(days=1)):
        second = publish_plan()
    assert second.version > first.version
    empty_plan_folder(reader.folder)
    with clock.at(datetime(2026, 9, 1, tzinfo=UTC)):  # and now the clock is two weeks slow
        third = publish_plan()
    assert third.version > second.version


def test_a_damaged_file_is_written_again(belled: Cast, reader: Reader) -> None:
    publish_plan()
    files = reader.index().schools[0]
    for path in (plan.school_path(files.org, files.plan_sha256), plan.people_path(files.org, files.people_sha256)):
        damaged = reader.folder / path
        damaged.write_bytes(damaged.read_bytes()[:-40])
    publish_plan()
    assert reader.whole()
    (reader.folder / plan.INDEX_PATH).write_text("v4.public.nonsense")
    publish_plan()
    assert reader.whole()
    (reader.folder / plan.school_path(files.org)).unlink()
    publish_plan()
    assert reader.for_device(files.org)


def test_killed_at_any_write_one_whole_version_is_in_force(
    belled: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """What no code catches, as a SIGKILL."""

    def until(left: int) -> Callable[..., None]:
        budget = [left]

        def dies(path: Path, data: bytes, *, mode: int = 0o644) -> None:
            budget[0] -= 1
            if budget[0] < 0:
                path.with_name(f".{path.name}.dead.partial").write_bytes(data[: len(data) // 2])
                raise Killed
            write_whole(path, data, mode=mode)

        return dies

    publish_plan()
    for number, title in enumerate(("Math A", "Math B", "Math C", "Math D", "Math E", "Math F")):
        before = reader.whole()
        Section.objects.update(title=title)
        enroll(belled.section, make_person(f"new{number}", "New", "Child", "student", belled.school), "student")
        enroll(belled.other_section, make_person(f"nez{number}", "Nez", "Kid", "student", belled.school), "student")
        with monkeypatch.context() as patched, contextlib.suppress(Killed):
            patched.setattr(plan_folder, "write_whole", until(number))
            publish_plan()
        if number < 5:  # four files of schools, then the index
            assert reader.whole() == before
            for org in before[1]:
                assert reader.for_device(org), "what devices read is whole too"
        publish_plan()
        index, schools, _ = reader.whole()
        assert index.version > before[0].version
        assert {section.title for school in schools.values() for section in school.sections} == {title}
        assert not [name for name in reader.files() if name.endswith(".partial")]


def test_publishers_take_turns(belled: Cast, reader: Reader) -> None:
    publish_plan()
    folder = open_plan_folder()
    inside, most = 0, 0
    guard = threading.Lock()

    def publisher() -> None:
        nonlocal inside, most
        with folder.only_one():
            with guard:
                inside += 1
                most = max(most, inside)
            time.sleep(0.02)
            with guard:
                inside -= 1

    threads = [threading.Thread(target=publisher) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 1


def test_without_keys_or_with_a_key_out_of_force_it_says_so(
    belled: Cast, reader: Reader, keys: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = Signer.generate("k-gone")
    monkeypatch.setattr(actions, "office_signer", lambda: stranger)
    with pytest.raises(BadSettings, match="keys rotate"):
        publish_plan()
    monkeypatch.undo()
    other = b64(Signer.generate("root").public_bytes())
    with (
        mock.patch.dict(settings.SCHOOLDAY.values, {"ROOT_PUBLIC_KEY": other}),
        pytest.raises(BadSettings, match="not signed by the root key"),
    ):
        publish_plan()
    assert reader.files() == {}


def test_the_same_number_of_queries_for_one_section_and_for_three(belled: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            publish_plan()
        return len(captured)

    queries()
    before = queries()
    for number in (2, 3):
        section = make_section(belled.school, f"More {number}", periods=str(number))
        enroll(section, belled.teacher, "teacher")
        enroll(section, make_person(f"kid{number}", "Kid", "Many", "student", belled.school), "student")
    queries()  # makes the meetings
    assert queries() == before


@pytest.fixture
def _own_log() -> Iterator[None]:
    """A command sets the log of its process up, on a stream that ends with the test."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.mark.usefixtures("_own_log")
def test_the_commands(belled: Cast, reader: Reader) -> None:
    run = CliRunner().invoke
    assert run(plan_command, ["show"]).exit_code == 1
    published = json.loads(run(plan_command, ["publish", "--json"]).stdout)
    assert (published["schools"], published["meetings"]) == (2, 4)
    assert published.pop("pages_written") > 0
    again = json.loads(run(plan_command, ["publish", "--json"]).stdout)
    assert again.pop("pages_written") == 0
    assert again == published
    shown = json.loads(run(plan_command, ["show", "--json"]).stdout)
    assert shown["version"] == published["version"]
    assert (shown["students"], shown["meetings"], shown["damaged_schools"]) == (3, 4, [])
    files = reader.index().schools[0]
    (reader.folder / plan.people_path(files.org, files.people_sha256)).unlink()
    damaged = run(plan_command, ["show", "--json"])
    assert damaged.exit_code == 1
    assert json.loads(damaged.stdout)["damaged_schools"] == [files.org]
    assert "version" in run(plan_command, ["show"]).stdout


def test_the_root_key_lies_beside_the_plan_and_comes_back_when_it_is_lost(belled: Cast, reader: Reader) -> None:
    root = settings.SCHOOLDAY.plan_dir / "root.public"
    publish_plan()
    assert root.read_text() == settings.SCHOOLDAY.root_public_key
    root.write_text("somebody else's")
    publish_plan()
    assert root.read_text() == settings.SCHOOLDAY.root_public_key
