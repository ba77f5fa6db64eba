"""A detour at a real door: the ticket follows the meeting's pathway, there and back, also for those in class."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from schoolday.contracts import plan
from schoolday.door.meeting_columns import SchoolMeetings
from schoolday.lib import ids
from tests.door.district import District, Section
from tests.door.process import Door

PHONE = plan.Alternate(kind="phone", url="tel:+13055550100", label="Phone")
TEAMS = plan.Alternate(kind="teams", url="https://teams.microsoft.com/meet/1", label="Teams")
ZOOM = plan.Alternate(kind="zoom", url="https://zoom.us/j/123", label="Zoom")


def move(section: Section, pathway: plan.PathwayChoice, *, meeting: str = "now", detour: str = "d") -> None:
    section.meetings[meeting] = replace(section.meetings[meeting], pathway=pathway, detour=detour)


@pytest.fixture
def district(tmp_path: Path) -> District:
    district = District(tmp_path / "plan")
    district.section.alternates = (PHONE, TEAMS, ZOOM)
    district.publish()
    return district


def test_a_class_moves_and_comes_back_for_those_in_it_too(district: District, tmp_path: Path) -> None:
    door = Door(district, tmp_path / "home")
    try:
        door.wait()
        first = door.first_join(district.student, district.section).json()
        assert first["ticket"]["state"] == "live"
        session = first["session"]

        def ticket(section: Section = district.section) -> dict[str, object]:
            answer = door.join(section, session=session)
            assert answer.status_code == 200, answer.text
            return dict(answer.json()["ticket"])

        def kinds(found: dict[str, object]) -> list[str]:
            return [one["kind"] for one in found["alternates"]]  # type: ignore[attr-defined]  # a ticket's JSON

        for pathway, kind, order in (
            ("zoom", "zoom", ["zoom", "phone", "teams"]),
            ("teams", "teams", ["teams", "phone", "zoom"]),
            ("", "phone", ["phone", "teams", "zoom"]),
            ("packet", "packet", ["phone", "teams", "zoom"]),
        ):
            move(district.section, pathway)  # type: ignore[arg-type]  # each is a pathway
            door.wait_for_plan(district.publish())
            found = ticket()
            assert (found["state"], found["pathway"], found["seats"]) == ("alternate", kind, [])
            assert kinds(found) == order
        move(district.zoom_section, "live")
        move(district.section, "", detour="")
        door.wait_for_plan(district.publish())
        back = ticket()
        assert (back["state"], back["pathway"]) == ("live", "live")
        assert kinds(back) == ["phone", "teams", "zoom"], "in the teacher's own order again"
        assert back["seats"]
        assert ticket(district.zoom_section)["pathway"] == "live", "a narrower detour brings a class back to live"
    finally:
        assert door.stop() == 0
    assert "Traceback" not in door.log()


def school(value: plan.MeetingPlan, *, alternates: tuple[plan.Alternate, ...] = (PHONE, ZOOM)) -> plan.SchoolPlan:
    """A school with one section: a meeting as the plan has it, and one that nothing moves."""
    calm = plan.MeetingPlan(id=ids.new_id(), period="2", starts_at=5_000, ends_at=6_000)
    section = plan.SectionPlan(
        id=ids.new_id(), title="Math", cohort="6-8", alternates=alternates, meetings=(value, calm)
    )
    return plan.SchoolPlan(
        district="bay", org=ids.new_id(), name="A", version=1, from_date="2026-11-20", until_date="2026-11-20",
        time_zone="America/New_York", sections=(section,),
    )  # fmt: skip


CALM = plan.MeetingPlan(id=ids.new_id(), period="1", starts_at=100, ends_at=900)


def test_only_the_meeting_that_a_detour_moves_is_moved() -> None:
    value = school(replace(CALM, detour="d", pathway="zoom"))
    (section,) = value.sections
    columns = SchoolMeetings(value)
    moved, calm = (columns.find(section.id, one.id) for one in section.meetings)
    assert moved is not None
    assert calm is not None
    assert (moved.pathway, [one.kind for one in moved.alternates]) == ("zoom", ["zoom", "phone"])
    assert (calm.pathway, [one.kind for one in calm.alternates]) == ("live", ["phone", "zoom"])


def test_a_teacher_who_chose_nothing_leaves_the_lesson_on_the_device() -> None:
    value = school(replace(CALM, detour="d"), alternates=())
    (section,) = value.sections
    found = SchoolMeetings(value).find(section.id, CALM.id)
    assert found is not None
    assert (found.pathway, found.alternates) == ("packet", ())


def test_on_a_calm_day_no_column_of_detours_is_kept() -> None:
    calm, moved = SchoolMeetings(school(CALM)), SchoolMeetings(school(replace(CALM, detour="d", pathway="zoom")))
    assert len(calm._detoured) == 0
    assert len(moved._detoured) * moved._detoured.itemsize == 2, "one byte a meeting, where a detour is"
