"""Who counts as what."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from schoolday.contracts.proofs import thumbprint
from schoolday.lib import clock
from schoolday.office.console.readiness import figures, holding
from schoolday.office.console.readiness.figures import Calls, SchoolLine, Tally
from schoolday.office.console.readiness.lists import adults_not_ready, section_list
from schoolday.office.people import audit
from schoolday.office.people.models import Org, Person
from schoolday.office.signin import actions as signin
from schoolday.office.signin.bundle import make_bundle
from schoolday.office.signin.keys import KeyFolder
from schoolday.office.signin.models import Device
from tests.cast import Cast, enroll, make_person, make_section
from tests.home import HOME
from tests.office.attendance.day import queries_of
from tests.office.console.readiness.evening import (
    BELL,
    EVENING,
    another_student,
    day_of,
    give_device,
    give_pass,
    give_phones,
)
from tests.office.signin.devices import new_key


def folder_after(*, leaked: bool) -> KeyFolder:
    """Return keys that were made in summer and rotated this evening."""
    folder = KeyFolder(Path(tempfile.mkdtemp(dir=HOME)) / "keys", district="demo")
    with clock.at(EVENING - timedelta(days=60)):
        folder.create()
    folder.rotate(leaked=leaked)
    return folder


def line_of(school: Org) -> SchoolLine:
    return figures.figures_of([school]).lines[0]


def test_a_pass_at_the_bell_is_ready_in_grace_can_come_and_without_a_device_nobody_knows(bells: Cast) -> None:
    third = another_student(bells, "third")
    give_pass(bells.student)
    give_device(bells.twin, ends=BELL, grace=timedelta(days=3))  # over in the very moment of the bell
    assert line_of(bells.school).students == Tally(enrolled=3, ready=1, can_come=1)
    give_pass(third)
    give_device(third, ends=None)
    assert line_of(bells.school).students == Tally(enrolled=3, ready=2, can_come=1)


def test_the_best_of_several_devices_counts_and_nobody_counts_twice(bells: Cast) -> None:
    give_device(bells.student, ends=EVENING - timedelta(days=20))
    give_pass(bells.student)
    give_pass(bells.student)
    assert line_of(bells.school).students == Tally(enrolled=2, ready=1)


def test_a_printed_badge_lets_a_student_come_and_no_teacher(bells: Cast) -> None:
    audit.record(bells.teacher, "look.badges", "section", bells.section.id, badges=2)
    line = line_of(bells.school)
    assert line.students == Tally(enrolled=2, can_come=2)
    assert line.adults == Tally(enrolled=1)


def test_a_real_bundle_makes_a_device_ready_until_its_pass_ends(bells: Cast) -> None:
    key = new_key()
    for person in (bells.student, bells.teacher):
        bundle = make_bundle(person, key=key, thumbprint=thumbprint(key), with_pass=True)
        assert bundle.pass_ is not None
    line = line_of(bells.school)
    assert (line.students.ready, line.adults.ready) == (1, 1)
    with clock.at(EVENING + timedelta(days=3)):  # five school days: Monday to Friday
        assert line_of(bells.school).students.ready == 1
    with clock.at(EVENING + timedelta(days=4)):  # Friday evening asks about Monday
        assert line_of(bells.school).students == Tally(enrolled=2, can_come=1)
    with clock.at(EVENING + timedelta(days=9)):
        assert line_of(bells.school).students == Tally(enrolled=2)


def test_what_kills_a_pass_ends_readiness(bells: Cast) -> None:
    give_pass(bells.student)
    give_pass(bells.twin)
    signin.raise_epoch(bells.student)
    signin.remove_device(bells.twin.devices.get())
    assert line_of(bells.school).students == Tally(enrolled=2)
    states = {holder.person: holder.state for holder in section_list(bells.section, day_of(bells.school))}
    assert states == {bells.teacher: "none", bells.student: "over", bells.twin: "none"}


def test_when_the_signing_key_leaked_every_older_pass_is_dead(bells: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    give_pass(bells.student)
    for leaked, alive in ((False, 1), (True, 0)):
        keys = folder_after(leaked=leaked)
        monkeypatch.setattr(holding, "key_folder", lambda keys=keys: keys)
        assert line_of(bells.school).students == Tally(enrolled=2, ready=alive)
    assert {holder.state for holder in section_list(bells.section, day_of(bells.school))} == {"none", "over"}
    with clock.at(EVENING + timedelta(minutes=10)):
        Device.objects.update(seen_at=clock.now())  # it was renewed since
        assert line_of(bells.school).students == Tally(enrolled=2, ready=1)


def test_who_left_the_roster_is_not_counted(bells: Cast) -> None:
    Person.objects.filter(id=bells.twin.id).update(is_active=False)
    assert line_of(bells.school).students == Tally(enrolled=1)


def test_each_school_has_its_own_bell(bells: Cast) -> None:
    bells.other_school.time_zone = "America/Los_Angeles"
    bells.other_school.save()
    for person in (bells.student, bells.other_student):
        give_device(person, ends=BELL + timedelta(hours=1))
    assert line_of(bells.school).students.ready == 1
    assert line_of(bells.other_school).students.ready == 0  # its bell rings three hours later
    both = figures.figures_of([bells.school, bells.other_school])
    assert both.students == Tally(enrolled=3, ready=1)


def test_the_worst_school_is_first_and_an_empty_one_last(bells: Cast) -> None:
    empty = Org.objects.create(sourced_id="s0", kind=Org.Kind.SCHOOL, name="A new one", parent=bells.district)
    give_pass(bells.student)
    found = figures.figures_of([empty, bells.school, bells.other_school])
    assert [line.school for line in found.lines] == [bells.other_school, bells.school, empty]
    assert found.on == day_of(bells.school).on


def test_grades_and_sections(bells: Cast) -> None:
    young = another_student(bells, "young")
    art = make_section(bells.school, "Art", periods="2")
    enroll(art, young, "student")
    make_section(bells.school, "Nobody", periods="3")
    for person in (bells.student, bells.teacher, young):
        give_pass(person)
    day = day_of(bells.school)
    assert figures.grades_of(bells.school, day) == {"06": Tally(1, 1), "07": Tally(2, 1)}
    lines = figures.sections_of(bells.school, day)
    assert [line.section.title for line in lines] == ["Art", "Math 7"]  # without a ready adult first
    assert [line.has_no_adult for line in lines] == [True, False]
    assert lines[1].students == Tally(2, 1)


def test_adults_who_are_not_ready_are_named_with_their_sections(bells: Cast) -> None:
    art = make_section(bells.school, "Art", periods="2")
    enroll(art, bells.teacher, "teacher")
    aide = make_person("aide", "Ada", "Bell", "aide", bells.school)
    enroll(art, aide, "aide")
    give_pass(aide)
    (holder,) = adults_not_ready(bells.school, day_of(bells.school))
    assert holder.person == bells.teacher
    assert [section.title for section in holder.sections] == ["Art", "Math 7"]
    give_pass(bells.teacher)
    assert adults_not_ready(bells.school, day_of(bells.school)) == []


def test_siblings_are_one_family_and_nobody_to_call_is_counted_apart(bells: Cast) -> None:
    assert line_of(bells.school).calls == Calls(no_number=2)
    give_phones(bells)
    another_student(bells, "alone")
    assert line_of(bells.school).calls == Calls(to_call=1, no_number=1)
    give_pass(bells.student)
    assert line_of(bells.school).calls == Calls(to_call=1, no_number=1)
    give_pass(bells.twin)
    assert line_of(bells.school).calls == Calls(no_number=1)


def test_the_figures_take_the_same_queries_for_one_school_and_three(bells: Cast) -> None:
    def ask() -> int:
        schools = list(Org.objects.filter(kind=Org.Kind.SCHOOL))
        return queries_of(lambda: figures.figures_of(schools))

    before = ask()
    for name in "abc":
        school = Org.objects.create(sourced_id=name, kind=Org.Kind.SCHOOL, name=name, parent=bells.district)
        for n in range(3):
            make_person(f"{name}{n}", "x", "y", "student", school)
    assert ask() == before


@pytest.mark.parametrize(("ready", "enrolled", "percent"), [(0, 0, 0), (999, 1000, 99), (1000, 1000, 100), (1, 3, 33)])
def test_all_are_ready_only_when_all_are(ready: int, enrolled: int, percent: int) -> None:
    assert Tally(enrolled, ready).percent == percent
