"""Who is in class, told by hooks that come late, twice, in the wrong order or never: no class is alone unseen."""

from pathlib import Path

import pytest

from schoolday.contracts.plan import Deny
from schoolday.door import presence as presence_module
from schoolday.door.meeting_columns import Sitting
from schoolday.door.plan import Plan
from schoolday.door.plan_keeper import PlanKeeper
from schoolday.door.presence import Presence
from schoolday.lib import ids
from schoolday.live.webhooks import Place, PlaceNews, Sighting
from tests.door.district import DISTRICT, District, Section

LONG = 3600


class School:
    """A plan, a presence, and live servers that tell it things. `now` is the test's own clock."""

    def __init__(self, folder: Path) -> None:
        self.district = District(folder / "plan")
        self.district.publish()
        self._keeper = PlanKeeper(
            self.district.folder,
            state=folder / "floor.json",
            root_public=self.district.root.public_bytes(),
            district=DISTRICT,
        )
        self.meeting = self.district.section.meetings["now"]
        self.presence = Presence(name_of=self.name)
        self.now = self.meeting.starts_at + 60

    @property
    def plan(self) -> Plan:
        self._keeper.look()
        assert self._keeper.plan is not None
        return self._keeper.plan

    def name(self, sitting: Sitting, group: int = 0) -> str:
        return f"m-{sitting.meeting}-{sitting.turn}" + (f"-g{group}" if group else "")

    def place(self, section: Section | None = None, *, sid: str = "RM_1", turn: int = 0, began_at: int = 1) -> Place:
        meeting = (section or self.district.section).meetings["now"]
        return Place(f"m-{meeting.id}-{turn}", sid, began_at)

    def tell(
        self,
        kind: str,
        who: str,
        role: str = "student",
        *,
        node: str = "n1",
        stay: str = "",
        place: Place | None = None,
        section: Section | None = None,
        plan: Plan | None = None,
    ) -> None:
        sighting = Sighting(
            id=ids.new_event_id(),
            kind="entered" if kind == "came" else "left",
            live_identity=f"{who}.device",
            meeting=(section or self.district.section).meetings["now"].id,
            created_at=self.now,
            reason="",
            role=role,
            connection=stay or f"PA_{who}_{node}",
            place=place or self.place(section),
        )
        self.presence.see(plan or self.plan, sighting, node=node, now=self.now)

    def came(self, who: str, role: str = "student", **more: object) -> None:
        self.tell("came", who, role, **more)  # type: ignore[arg-type]  # handed on

    def left(self, who: str, role: str = "student", **more: object) -> None:
        self.tell("left", who, role, **more)  # type: ignore[arg-type]  # handed on

    def students_alone(self, *, after: int = 0) -> int:
        """Return how many students are alone in the class, 0 if it is not alone."""
        self.now += after
        found = self.presence.alone(self.plan, now=self.now).get(self.meeting.id)
        return found.students if found else 0

    def call(self, who: str = "ann", event: str = "") -> bool:
        sitting = self.plan.find(self.district.section.id, self.meeting.id)
        assert sitting is not None
        return self.presence.call(
            self.plan, sitting, live_identity=f"{who}.device", event=event or ids.new_event_id(), now=self.now
        )


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(tmp_path)


def test_students_without_an_adult_are_alone_after_20_seconds(school: School) -> None:
    school.came("ann")
    assert school.students_alone(after=19) == 0
    assert school.students_alone(after=1) == 1
    school.came("ben")
    assert school.students_alone(after=1) == 2
    found = school.presence.alone(school.plan, now=school.now)[school.meeting.id]
    assert (found.section, found.org) == (school.district.section.id, school.district.school)
    assert found.since == school.now - 21
    assert found.called_at == 0


@pytest.mark.parametrize("role", ["teacher", "aide", "duty"])
def test_an_adult_ends_it_and_her_going_begins_it_anew(school: School, role: str) -> None:
    school.came("ann")
    assert school.students_alone(after=30) == 1
    school.came("eva", role)
    assert school.students_alone(after=60) == 0
    school.left("eva", role)
    assert school.students_alone(after=19) == 0
    assert school.students_alone(after=2) == 1


def test_an_observer_is_no_adult_and_no_student(school: School) -> None:
    school.came("eva", "observer")
    assert school.students_alone(after=LONG // 2) == 0
    school.came("ann")
    assert school.students_alone(after=21) == 1


def test_before_the_start_it_is_no_alarm_unless_an_adult_had_been_there(school: School) -> None:
    school.now = school.meeting.starts_at - 500
    school.came("ann")
    assert school.students_alone(after=300) == 0
    school.now = school.meeting.starts_at + 19
    assert school.students_alone() == 0
    assert school.students_alone(after=1) == 1
    school.now = school.meeting.starts_at - 100
    school.came("eva", "teacher")
    school.left("eva", "teacher")
    assert school.students_alone(after=21) == 1, "an adult was there and left them"


def test_an_empty_class_is_not_alone(school: School) -> None:
    school.came("ann")
    school.left("ann")
    assert school.students_alone(after=60) == 0
    assert school.presence.people == 0


def test_hooks_that_come_twice_late_or_in_the_wrong_order(school: School) -> None:
    for _ in range(3):
        school.came("ann")
    assert school.presence.people == 1
    school.came("eva", "teacher", stay="PA_2")
    school.left("eva", "teacher", stay="PA_1")
    assert school.students_alone(after=60) == 0, "an old stay has ended, and she has come anew before"
    school.left("eva", "teacher", stay="PA_2")
    school.came("eva", "teacher", stay="PA_2")
    assert school.students_alone(after=60) == 1, "she has left; that she came is told too late"
    school.left("ann", stay="PA_ann_n1")
    school.left("zoe")
    assert school.presence.people == 0


def test_who_comes_in_on_another_server_has_moved(school: School) -> None:
    school.came("eva", "teacher", node="n1")
    school.came("ann", node="n1")
    school.came("eva", "teacher", node="n2")
    school.left("eva", "teacher", node="n1")
    assert school.students_alone(after=21) == 1, "her student is alone on the first server"
    school.came("ann", node="n2")
    school.left("ann", node="n1")
    assert school.students_alone(after=60) == 0
    assert school.presence.people == 2


def test_a_teacher_on_a_dead_server_looks_after_nobody(school: School) -> None:
    for who, role in (("eva", "teacher"), ("ann", "student"), ("ben", "student")):
        school.came(who, role, node="n1")
    school.came("ann", node="n2")
    assert school.students_alone(after=19) == 0
    assert school.students_alone(after=1) == 1, "the first server is silent, and she is not with the class"
    school.came("eva", "teacher", node="n2")
    assert school.students_alone(after=60) == 0, "ben went with the dead server; he is not alone in there for ever"
    assert school.presence.people == 2


def test_a_living_server_that_somebody_left_is_not_given_up(school: School) -> None:
    school.came("ann", node="n1")
    school.came("ben", node="n1")
    school.came("ann", node="n2")
    school.left("ann", node="n1")
    assert school.students_alone(after=300) == 2
    assert school.presence.people == 2


def test_a_server_that_starts_again_knows_nobody(school: School) -> None:
    school.came("eva", "teacher")
    school.came("ann")
    again = school.place(sid="RM_2", began_at=9)
    school.came("ann", place=again, stay="PA_9")
    assert school.students_alone(after=21) == 1, "the teacher has not come back"
    school.came("eva", "teacher")
    assert school.students_alone(after=1) == 1, "that hook was of the time before"
    school.came("eva", "teacher", place=again, stay="PA_10")
    assert school.students_alone(after=21) == 0


def test_a_class_that_begins_anew_or_ends_on_a_server_is_empty_there(school: School) -> None:
    school.came("eva", "teacher")
    school.presence.hear(PlaceNews("started", school.place()), node="n1", now=school.now)
    school.presence.hear(PlaceNews("started", school.place(sid="RM_0", began_at=0)), node="n1", now=school.now)
    school.presence.hear(PlaceNews("finished", school.place(sid="RM_0", began_at=0)), node="n1", now=school.now)
    school.presence.hear(PlaceNews("finished", school.place()), node="n2", now=school.now)
    school.presence.hear(PlaceNews("finished", Place("unknown", "RM_1", 1)), node="n1", now=school.now)
    assert school.presence.people == 1, "none of these speaks of this place"
    school.presence.hear(PlaceNews("started", school.place(sid="RM_2", began_at=9)), node="n1", now=school.now)
    assert school.presence.people == 0
    school.came("ann", place=school.place(sid="RM_2", began_at=9))
    school.presence.hear(PlaceNews("finished", school.place(sid="RM_2", began_at=9)), node="n1", now=school.now)
    assert school.presence.people == 0
    assert school.students_alone(after=60) == 0


def test_who_sits_in_the_place_of_an_earlier_turn_is_no_part_of_the_class(school: School) -> None:
    school.came("eva", "teacher")
    school.came("ann")
    school.district.turn(school.district.section)
    school.district.publish()
    school.came("ben", place=school.place(turn=1, sid="RM_2"))
    assert school.students_alone(after=21) == 1, "the teacher of the old place does not look after the new one"
    school.came("eva", "teacher", place=school.place(turn=1, sid="RM_2"))
    assert school.students_alone(after=60) == 0, "and a removed child in the old one is no alarm"


def test_it_is_forgotten_when_the_class_is_over(school: School) -> None:
    school.came("ann")
    school.call()
    assert school.students_alone(after=30) == 1
    school.now = school.meeting.ends_at
    assert school.students_alone() == 0
    assert school.presence.people == 0


def test_a_class_that_the_plan_learns_of_later_is_followed(school: School) -> None:
    """A hook may be here before the plan that made the meeting."""
    before = school.plan
    section = Section(ids.new_id(), school.district.sittings())
    meeting = section.meetings["now"]
    school.tell("came", "ann", section=section, plan=before)
    school.now += 30
    assert school.presence.alone(before, now=school.now) == {}
    school.district.section.meetings["now"] = meeting
    school.district.publish()
    found = school.presence.alone(school.plan, now=school.now + 1)
    assert found[meeting.id].section == school.district.section.id
    school.district.publish(deny=Deny())


def test_a_call_shows_at_once_and_many_are_one(school: School) -> None:
    school.now = school.meeting.starts_at - 300
    event = ids.new_event_id()
    assert school.call("ann", event)
    assert school.students_alone() == 1
    assert school.call("ann", event), "asked twice is the same call"
    assert not school.call("ann")
    kept = sum(school.call(f"s{number}") for number in range(30))
    assert kept == presence_module.EVENTS_OF_ONE_CALL - 1
    assert school.presence.calls == 1
    first = school.presence.alone(school.plan, now=school.now)[school.meeting.id].called_at
    school.now += 61
    assert school.call("ann")
    assert school.presence.calls == 2
    assert school.presence.alone(school.plan, now=school.now)[school.meeting.id].called_at == first


def test_a_call_ends_when_an_adult_comes_or_nobody_calls_again(school: School) -> None:
    school.call("ann")
    school.came("eva", "duty")
    assert school.students_alone(after=1) == 0
    school.left("eva", "duty")
    school.now += 61
    school.call("ann")
    assert school.students_alone() == 1
    assert school.students_alone(after=presence_module.CALL_LASTS_SECONDS) == 0


def test_who_sits_with_an_adult_calls_none(school: School) -> None:
    school.came("eva", "teacher")
    school.came("ann")
    assert school.call("ann"), "kept as evidence"
    assert school.students_alone() == 0
    assert school.call("zoe"), "seen nowhere: she may be alone on the other server"
    assert school.students_alone() == 1


def test_it_is_bounded(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence_module, "PEOPLE_AT_MOST", 10)
    monkeypatch.setattr(presence_module, "CLASSES_AT_MOST", 3)
    monkeypatch.setattr(presence_module, "_GONE_KEPT", 5)
    for number in range(30):
        school.came(f"s{number}")
    assert (school.presence.people, school.presence.not_followed) == (10, 20)
    school.came("eva", "teacher")
    assert school.students_alone(after=60) == 0, "an adult is always followed"
    for _ in range(9):
        school.came("t", "teacher", section=Section(ids.new_id(), school.district.sittings()))
    assert school.presence.people == 11 + 2
    for number in range(30):
        school.left(f"s{number}")
    assert school.presence.people == 3
    assert len(school.presence._gone) == len(school.presence._gone_in_order) == 5


def test_a_class_costs_little(school: School) -> None:
    """150 bytes a person, as the module says; measured where the interpreter itself counts."""
    import tracemalloc

    plan = school.plan
    school.tell("came", "first", plan=plan)
    tracemalloc.start()
    for number in range(20_000):
        school.tell("came", f"s{number}", plan=plan)
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert used / 20_000 < 200


def in_group(
    school: School, who: str, role: str = "student", *, group: int, node: str = "n1", watching: bool = False
) -> None:
    place = Place(f"{school.place().name}-g{group}" if group else school.place().name, f"RM_{group}", 1)
    sighting = Sighting(
        id=ids.new_event_id(),
        kind="entered",
        live_identity=f"{who}.device",
        meeting=school.meeting.id,
        created_at=school.now,
        reason="",
        role=role,
        connection=f"PA_{who}_{node}_{group}_{watching}",
        place=place,
        group=group,
        watching=watching,
    )
    school.presence.see(school.plan, sighting, node=node, now=school.now)


def test_a_grown_up_looks_after_many_groups_and_is_one_person(school: School) -> None:
    school.came("eva", "teacher")
    for group, who in ((1, "ann"), (2, "ben")):
        in_group(school, "eva", "teacher", group=group, watching=True)
        in_group(school, who, group=group)
    assert school.students_alone(after=60) == 0
    assert school.presence.people == 3
    in_group(school, "eva", "teacher", group=1)
    assert school.presence.people == 3
    assert school.students_alone(after=60) == 0


def test_a_group_on_the_other_server_than_its_grown_up_is_alone(school: School) -> None:
    school.came("eva", "teacher")
    in_group(school, "eva", "teacher", group=1, watching=True)
    in_group(school, "ann", group=1, node="n2")
    assert school.students_alone(after=21) == 1
    in_group(school, "eva", "teacher", group=1, node="n2", watching=True)
    assert school.students_alone(after=1) == 0


def test_a_student_who_claims_to_watch_is_no_grown_up(school: School) -> None:
    in_group(school, "ann", group=1)
    in_group(school, "ben", group=1, watching=True)
    assert school.students_alone(after=21) == 1
