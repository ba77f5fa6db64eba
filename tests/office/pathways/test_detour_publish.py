"""A detour in the plan: within seconds, whole or not at all, the same as a full publish would say."""

import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schoolday.contracts.plan import Alternate, DetourScope, PathwayChoice, SchoolPlan
from schoolday.lib import clock
from schoolday.lib.files import write_whole
from schoolday.office.pathways import actions, plan_folder, planning
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.detours.actions import approve, declare, undo
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import NewDetour
from schoolday.office.pathways.detours.publishing import publish_detours
from schoolday.office.pathways.models import PlanRelease
from schoolday.office.pathways.ways.lists import set_alternates
from schoolday.office.people.models import Org
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast, make_section
from tests.office.pathways.plans import Reader, empty_plan_folder

pytestmark = pytest.mark.django_db
BAND = DetourScope(bands=("6-8",))


def new(scope: DetourScope = BAND, pathway: PathwayChoice = "zoom", **changed: object) -> NewDetour:
    values: dict[str, object] = {
        "from_at": clock.now(), "review_on": date(2026, 9, 21), "reason_key": "live_slow", **changed,
    }  # fmt: skip
    return NewDetour(scope=scope, pathway=pathway, **values)  # type: ignore[arg-type]  # as NewDetour has them


def moved(reader: Reader) -> dict[str, str]:
    """Every moved meeting's section title and how it meets, of today."""
    _, schools, _ = reader.whole()
    return {
        section.title: meeting.pathway or "teacher"
        for school in schools.values()
        for section in school.sections
        for meeting in section.meetings[:1]
        if meeting.detour
    }


def content(reader: Reader) -> dict[str, SchoolPlan]:
    from msgspec.structs import replace

    return {org: replace(school, version=0) for org, school in reader.whole()[1].items()}


def test_the_quick_way_says_what_a_full_publish_says(belled: Cast, reader: Reader) -> None:
    make_section(belled.school, "Reading 2", periods="1", grades="02")
    make_section(belled.school, "History 10", periods="1", grades="10")
    set_alternates(
        belled.section,
        [
            Alternate(kind="phone", url="tel:+13055550100"),
            Alternate(kind="zoom", url="https://district.zoom.us/j/1"),
        ],
        actor=None,
    )
    first = publish_plan()
    before = content(reader)
    detour = declare(new(), actor=belled.operator)
    quick = publish_detours()
    assert quick is not None
    assert quick.version > first.version
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
    section = reader.section(belled.section.id)
    assert [one.kind for one in section.alternates] == ["zoom", "phone"]
    told = reader.for_device(belled.school.id).detours
    assert [(one.id, one.pathway, one.review_on) for one in told] == [(detour.id, "zoom", "2026-09-21")]
    assert told[0].reason.ht.startswith("Klas an dirèk yo lant")
    assert publish_plan().version == quick.version, "the full publish finds nothing to change"

    undo(detour, actor=belled.operator)
    back = publish_detours()
    assert back is not None
    assert content(reader) == before, "undone, it is as if it had never been"
    assert publish_plan().version == back.version > quick.version


def test_the_full_way_alone_says_the_same(belled: Cast, reader: Reader) -> None:
    declare(new(), actor=belled.operator)
    full = publish_plan()
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
    again = publish_detours()
    assert again is not None
    assert again.version == full.version


def test_it_begins_and_ends_at_its_moments(belled: Cast, reader: Reader) -> None:
    start = datetime(2026, 9, 14, 12, 40, tzinfo=UTC)  # the meeting runs from 12:30 to 13:15
    publish_plan()
    before = content(reader)
    declare(new(from_at=start, until_at=start + timedelta(minutes=20)), actor=belled.operator)
    publish_detours()
    assert moved(reader) == {}, "it does not hold at the bell"
    assert [one.id for one in reader.for_device(belled.school.id).detours] == [Detour.objects.get().id], "but it comes"
    with clock.at(start):
        publish_detours()
        assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
        quick = reader.index().version
        assert publish_plan().version == quick
    with clock.at(start + timedelta(minutes=20)):
        publish_detours()
        assert content(reader) == before
        quick = reader.index().version
        assert publish_plan().version == quick


def test_only_touched_schools_are_signed_anew(belled: Cast, reader: Reader) -> None:
    publish_plan()
    before = {files.org: files for files in reader.index().schools}
    declare(new(DetourScope(schools=(belled.school.id,))), actor=belled.principal)
    publish_detours()
    after = {files.org: files for files in reader.index().schools}
    assert after[belled.other_school.id] == before[belled.other_school.id]
    assert after[belled.school.id].plan_sha256 != before[belled.school.id].plan_sha256
    assert after[belled.school.id].people_sha256 == before[belled.school.id].people_sha256
    assert moved(reader) == {"Math 7": "zoom"}


def test_a_staggered_start_follows_the_timetable_and_goes_back(belled: Cast, reader: Reader) -> None:
    publish_plan()
    before = content(reader)
    detour = declare(
        new(BAND, "", shift_minutes={"6-8": 20}, reason_key="staggered", until_at=datetime(2026, 9, 15, 4, tzinfo=UTC)),
        actor=belled.operator,
    )
    publish_detours()
    starts = [datetime.fromtimestamp(one.starts_at, UTC) for one in reader.section(belled.section.id).meetings]
    assert [(at.day, at.hour, at.minute) for at in starts] == [(14, 12, 50), (15, 12, 30)]
    row = Meeting.objects.get(section=belled.section, on="2026-09-14")
    assert (row.starts_at, row.shifted_minutes) == (starts[0], 20), "the register reads the same bell"
    assert row.ends_at - row.starts_at == timedelta(minutes=45)
    assert publish_plan().version == reader.index().version
    undo(detour, actor=belled.operator)
    publish_detours()
    assert content(reader) == before
    row.refresh_from_db()
    assert (row.starts_at, row.shifted_minutes) == (datetime(2026, 9, 14, 12, 30, tzinfo=UTC), 0)


def test_without_a_plan_that_it_could_change_it_leaves_it_to_the_full_publish(belled: Cast, reader: Reader) -> None:
    declare(new(), actor=belled.operator)
    assert publish_detours() is None
    publish_plan()
    files = reader.index().schools[0]
    from schoolday.contracts import plan

    path = reader.folder / plan.school_path(files.org, files.plan_sha256)
    path.write_bytes(path.read_bytes()[:-40])
    undo(Detour.objects.get(), actor=belled.operator)
    version = reader.index().version
    assert publish_detours() is None
    assert reader.index().version == version
    publish_plan()
    assert moved(reader) == {}
    empty_plan_folder(reader.folder)
    assert publish_detours() is None


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
    for number in range(4):
        before = reader.whole()
        detour = declare(new(), actor=belled.operator)
        with monkeypatch.context() as patched, contextlib.suppress(Killed):
            patched.setattr(plan_folder, "write_whole", until(number))
            publish_detours()
        if number < 3:  # two files of schools, then the index
            assert reader.whole() == before
            for org in before[1]:
                assert reader.for_device(org), "what devices read is whole too"
        publish_detours()
        assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
        assert not [name for name in reader.files() if name.endswith(".partial")]
        undo(detour, actor=belled.operator)
        publish_detours()
        assert moved(reader) == {}


def test_the_same_number_of_queries_for_two_schools_and_for_five(belled: Cast, reader: Reader) -> None:
    def queries() -> int:
        publish_plan()
        detour = declare(new(), actor=belled.operator)
        with CaptureQueriesContext(connection) as captured:
            publish_detours()
        undo(detour, actor=belled.operator)
        publish_detours()
        return len(captured)

    before = queries()
    for number in range(3):
        school = Org.objects.create(sourced_id=f"x{number}", kind=Org.Kind.SCHOOL, name="More", parent=belled.district)
        make_section(school, f"More {number}", periods="1")
    assert queries() == before
    assert before <= 20


def test_a_proposed_one_moves_nobody_until_it_is_approved(
    belled: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    monkeypatch.setitem(settings.SCHOOLDAY.values, "DETOUR_FOUR_EYES", True)
    publish_plan()
    detour = declare(new(), actor=belled.operator)
    publish_detours()
    assert moved(reader) == {}
    approve(detour, actor=belled.other_principal)
    publish_detours()
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}


def test_each_publish_leaves_its_row_and_none_that_is_none(belled: Cast, reader: Reader) -> None:
    publish_plan()
    declare(new(), actor=belled.operator)
    quick = publish_detours()
    assert quick is not None
    assert (quick.schools, quick.meetings) == (2, 4)
    rows = PlanRelease.objects.count()
    publish_detours()
    assert PlanRelease.objects.count() == rows


def test_a_full_publish_gives_way_to_a_detour_and_has_it_in_it(
    belled: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark of a waiting detour stands there in the middle of a full publish: it lets it pass and begins anew."""
    publish_plan()
    planned: list[str] = []
    real = planning.plan_school

    def slow(school: Org, **given: object) -> object:
        planned.append(school.id)
        if len(planned) == 1:
            (reader.folder / ".hurry").touch()
        return real(school, **given)  # type: ignore[arg-type]  # passed on as it came

    def passes(self: plan_folder.PlanFolder) -> None:
        """What the waiting detour does as soon as the lock is free."""
        declare(new(), actor=belled.operator)
        assert publish_detours() is not None
        assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
        assert not self.is_hurried()

    monkeypatch.setattr(actions, "plan_school", slow)
    monkeypatch.setattr(plan_folder.PlanFolder, "let_pass", passes)
    quick_then_full = publish_plan()
    assert len(planned) == 3, "one school, then both anew"
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
    assert quick_then_full.version == reader.index().version


def test_a_killed_one_that_waited_holds_a_full_publish_up_only_briefly(
    belled: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_plan()
    monkeypatch.setattr(plan_folder, "_LET_PASS_LOOKS", 2)
    (reader.folder / ".hurry").touch()
    declare(new(), actor=belled.operator)
    publish_plan()
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
