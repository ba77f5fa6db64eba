"""Columns find what a dictionary would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolday.contracts.plan import Alternate, DoorPeople, MeetingPlan, SchoolPlan, SectionPlan
from schoolday.contracts.proofs import make_nonce, nonce_key
from schoolday.door import nonces
from schoolday.door.errors import Wait
from schoolday.door.meeting_columns import SchoolMeetings, SectionIndex, raw_id
from schoolday.door.nonces import UsedNonces
from schoolday.door.people_columns import BadgeIndex, SchoolPeople
from schoolday.door.tries import WAIT_SECONDS, WrongTries
from schoolday.lib import ids
from schoolday.lib.errors import Busy

SECTIONS = tuple(ids.from_int(1000 + number) for number in range(6))
ROWS = st.dictionaries(
    st.integers(0, 2**60 - 1),
    st.tuples(st.integers(0, 2**40 - 1), st.sampled_from(["KG", "01", "12", ""]), st.sets(st.integers(0, 5))),
    max_size=30,
)


def people_of(org: str, rows: dict[int, tuple[int, str, set[int]]]) -> SchoolPeople:
    source = DoorPeople(
        district="d",
        org=org,
        version=1,
        section_ids=SECTIONS,
        people=tuple(rows),
        badges=tuple(row[0] for row in rows.values()),
        grades=tuple(row[1] for row in rows.values()),
        sections=tuple(tuple(row[2]) for row in rows.values()),
    )
    return SchoolPeople(source)


@settings(max_examples=100, deadline=None)
@given(one=ROWS, other=ROWS)
def test_everybody_is_found_by_id_and_by_badge(
    one: dict[int, tuple[int, str, set[int]]], other: dict[int, tuple[int, str, set[int]]]
) -> None:
    schools = [people_of("a" * 12, one), people_of("b" * 12, other)]
    index = BadgeIndex(schools)
    holders: dict[int, set[int]] = {}
    for school, rows in zip(schools, (one, other), strict=True):
        for person, (badge, grade, sections) in rows.items():
            student = school.find(ids.from_int(person))
            assert student is not None
            assert (student.badge, student.grade, set(student.sections)) == (
                badge,
                grade,
                {SECTIONS[s] for s in sections},
            )
            if badge:
                holders.setdefault(badge, set()).add(person)
    for badge, persons in holders.items():
        found = index.find(badge)
        if len(persons) > 1:
            assert found is None
        else:
            (person,) = persons
            assert found is not None
            assert found.sub == ids.from_int(person)
            both = {s for rows in (one, other) if person in rows and rows[person][0] == badge for s in rows[person][2]}
            assert set(found.sections) == {SECTIONS[s] for s in both}
    for number in (0, -1, 2**40, 2**64, 7):
        assert index.find(number) is None or number in holders
    assert all(school.find(text) is None for school in schools for text in ("", "x", "o" * 12, "0" * 13, "é" * 12))


def test_a_student_of_two_schools_has_the_classes_of_both() -> None:
    schools = [people_of("a" * 12, {5: (77, "07", {0})}), people_of("b" * 12, {5: (77, "07", {1})})]
    found = BadgeIndex(schools).find(77)
    assert found is not None
    assert found.sections == (SECTIONS[0], SECTIONS[1])


@pytest.mark.parametrize(
    "broken",
    [{"badges": ()}, {"sections": ((9,),)}, {"badges": (2**40,)}, {"people": (2**64,)}, {"sections": ((-1,),)}],
)
def test_columns_that_do_not_fit_are_refused(broken: dict[str, tuple[object, ...]]) -> None:
    whole = {"section_ids": SECTIONS, "people": (1,), "badges": (1,), "grades": ("07",), "sections": ((0,),)}
    with pytest.raises((ValueError, OverflowError)):
        SchoolPeople(DoorPeople(district="d", org="o", version=1, **{**whole, **broken}))  # type: ignore[arg-type]  # broken on purpose


def school(org: str, *sections: SectionPlan) -> SchoolMeetings:
    return SchoolMeetings(
        SchoolPlan(
            district="d", org=org, name="", version=1, from_date="", until_date="", time_zone="UTC", sections=sections
        )
    )


def test_a_meeting_is_found_only_with_its_own_section() -> None:
    meetings = [MeetingPlan(id=ids.new_id(), period="1", starts_at=n, ends_at=n + 1, nodes=("n1",)) for n in range(4)]
    zoom = Alternate(kind="zoom", url="https://zoom.us/j/1")
    one = SectionPlan(id=ids.new_id(), title="", cohort="c1", meetings=tuple(meetings[:3]), alternates=(zoom,))
    two = SectionPlan(id=ids.new_id(), title="", cohort="c2", meetings=tuple(meetings[3:]), pathway="teams")
    columns = school("a" * 12, one, two)
    for section, mine in ((one, meetings[:3]), (two, meetings[3:])):
        for meeting in meetings:
            found = columns.find(section.id, meeting.id)
            assert (found is not None) == (meeting in mine)
            if found:
                assert (found.starts_at, found.nodes, found.cohort) == (meeting.starts_at, ("n1",), section.cohort)
                assert (found.pathway, found.alternates) == (section.pathway, section.alternates)
    assert columns.find(one.id, "0" + meetings[0].id) is None
    assert columns.find("x", meetings[0].id) is None
    assert columns.find(ids.new_id(), meetings[0].id) is None
    index = SectionIndex([columns, school("b" * 12)])
    assert index.school_of(one.id) == 0
    assert index.school_of(ids.new_id()) is None
    with pytest.raises(ValueError, match="two schools"):
        SectionIndex([columns, columns])


def test_a_nonce_is_used_once_and_forgotten_when_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    key, used = nonce_key(b"k" * 32), UsedNonces()
    first = [make_nonce(key, now=10_000) for _ in range(500)]
    assert all(used.use(nonce, now=10_000) for nonce in first)
    assert not any(used.use(nonce, now=10_500) for nonce in first)
    assert used.kept == 500
    assert used.use(make_nonce(key, now=20_000), now=20_000)
    assert used.kept == 1, "nobody can show the old ones again"
    monkeypatch.setattr(nonces, "KEPT_AT_MOST", 2)
    assert used.use(make_nonce(key, now=20_000), now=20_000)
    with pytest.raises(Busy):
        used.use(make_nonce(key, now=20_000), now=20_000)


def test_wrong_tries_wait_and_are_forgotten() -> None:
    tries = WrongTries()
    for _ in range(4):
        tries.add(7, now=100)
    tries.check(7, now=100)
    tries.add(7, now=100)
    with pytest.raises(Wait) as wait:
        tries.check(7, now=101)
    assert wait.value.retry_after_seconds == WAIT_SECONDS - 1
    tries.check(8, now=101)
    tries.check(7, now=100 + WAIT_SECONDS)
    tries.add(7, now=100 + WAIT_SECONDS)
    tries.check(7, now=100 + WAIT_SECONDS)
    tries.clear(7)
    tries.check(7, now=100 + WAIT_SECONDS)


def test_a_meeting_is_found_without_its_section_and_has_its_turn() -> None:
    none = SectionPlan(id=ids.new_id(), title="", cohort="c1")
    meetings = [
        MeetingPlan(id=ids.new_id(), period="1", starts_at=n, ends_at=n + 1, nodes=("n1",), turn=n % 3)
        for n in range(50)
    ]
    sections = [SectionPlan(id=ids.new_id(), title="", cohort="c", meetings=tuple(meetings[n::7])) for n in range(7)]
    columns = school("a" * 12, none, *sections)
    for section in sections:
        for meeting in section.meetings:
            raw = raw_id(meeting.id)
            assert raw is not None
            found = columns.find_meeting(meeting.id, raw)
            assert found is not None
            assert found == columns.find(section.id, meeting.id)
            assert (found.section, found.turn) == (section.id, meeting.turn)
            assert columns.has(meeting.id)
    unknown = ids.new_id()
    assert columns.find_meeting(unknown, raw_id(unknown) or b"") is None
    assert raw_id("x") is None
    assert not columns.has("x")


def test_bytes_that_stand_across_two_ids_are_no_id() -> None:
    """The column is searched as bytes; what is found between two numbers is not one of them."""
    one, two = 0x0102030405060708, 0x0A0B0C0D0E0F0102
    meetings = tuple(MeetingPlan(id=ids.from_int(n), period="1", starts_at=1, ends_at=2) for n in (one, two))
    columns = school("a" * 12, SectionPlan(id=ids.new_id(), title="", cohort="c", meetings=meetings))
    raw = b"".join(raw_id(meeting.id) or b"" for meeting in meetings)
    for at in range(1, 8):
        assert columns.find_meeting("x", raw[at : at + 8]) is None
    assert columns.find_meeting(meetings[1].id, raw[8:]) is not None
