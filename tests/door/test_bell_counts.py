"""Whom a door expects and who has arrived, by what a plain set would say; what a minute of entries comes to."""

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolday.contracts.plan import DoorPeople, MeetingPlan, SchoolPlan, SectionPlan
from schoolday.door import bell_periods
from schoolday.door.bell_minute import LastMinute
from schoolday.door.bell_periods import Arrivals, SchoolBell, work_out_school
from schoolday.door.meeting_columns import SchoolMeetings
from schoolday.door.people_columns import SchoolPeople
from schoolday.lib import ids

SECTIONS = tuple(ids.from_int(1000 + number) for number in range(5))
NOW = 1_790_000_000
GRADES = {"KG": "PK-5", "07": "6-8", "12": "9-12", "": "all"}
TIMES = st.lists(
    st.lists(st.tuples(st.integers(-90, 90), st.integers(1, 90)), max_size=4), min_size=5, max_size=5
)  # for each section (start, length) of its meetings, in minutes
PEOPLE = st.dictionaries(
    st.integers(1, 2**60 - 1), st.tuples(st.sampled_from(sorted(GRADES)), st.sets(st.integers(0, 4))), max_size=25
)
Times = list[list[tuple[int, int]]]
People = dict[int, tuple[str, set[int]]]


def meetings_of(times: Times) -> SchoolMeetings:
    sections = tuple(
        SectionPlan(
            id=section,
            title="",
            cohort="",
            meetings=tuple(
                MeetingPlan(
                    id=ids.new_id(), period="1", starts_at=NOW + 60 * start, ends_at=NOW + 60 * (start + length)
                )
                for start, length in meetings
            ),
        )
        for section, meetings in zip(SECTIONS, times, strict=True)
    )
    return SchoolMeetings(
        SchoolPlan(
            district="d", org="a" * 12, name="", version=1, from_date="", until_date="", time_zone="UTC",
            sections=sections,
        )
    )  # fmt: skip


def people_of(people: People) -> SchoolPeople:
    return SchoolPeople(
        DoorPeople(
            district="d",
            org="a" * 12,
            version=1,
            section_ids=SECTIONS,
            people=tuple(people),
            badges=(0,) * len(people),
            grades=tuple(grade for grade, _ in people.values()),
            sections=tuple(tuple(sections) for _, sections in people.values()),
        )
    )


def worked_out(times: Times, people: People, old: SchoolBell | None = None) -> SchoolBell:
    return work_out_school(meetings_of(times), people_of(people), old, now=NOW, opens_seconds=600)


def members(school: SchoolBell, bits: int) -> set[int]:
    return {person for person in PERSONS_OF(school) if bits >> (school.people.row_of(ids.from_int(person)) or 0) & 1}


def PERSONS_OF(school: SchoolBell) -> list[int]:
    return [ids.to_int(school.people.at(row).sub) for row in range(len(school.people))]


@settings(max_examples=150, deadline=None)
@given(times=TIMES, people=PEOPLE)
def test_each_is_expected_in_the_newest_period_that_is_open_for_her(times: Times, people: People) -> None:
    school = worked_out(times, people)
    wanted: dict[int, set[int]] = {}
    changes = []
    for meetings in times:
        for start, length in meetings:
            opens, ends = NOW + 60 * start - 600, NOW + 60 * (start + length)
            changes += [at for at in (opens, ends) if at > NOW and ends > NOW]
    for person, (_, sections) in people.items():
        is_open = [
            start for s in sections for start, length in times[s] if 60 * start - 600 <= 0 < 60 * (start + length)
        ]
        if is_open:
            wanted.setdefault(NOW + 60 * max(is_open), set()).add(person)
    assert {start: members(school, p.expected) for start, p in school.periods.items() if p.expected} == wanted
    assert school.next_at == min(changes, default=0)
    for band, rows in school.bands.items():
        assert members(school, rows) == {one for one, (grade, _) in people.items() if GRADES[grade] == band}


@settings(max_examples=100, deadline=None)
@given(times=TIMES, before=PEOPLE, after=PEOPLE, data=st.data())
def test_who_has_arrived_is_known_to_the_next_plan(
    times: Times, before: People, after: People, data: st.DataObject
) -> None:
    """Persons of the first plan who are also in the second keep their arrival, whatever their row."""
    both = {**after, **dict(list(before.items())[::2])}
    old = worked_out(times, before)
    came: dict[int, set[int]] = {}
    for start, period in old.periods.items():
        came[start] = data.draw(st.sets(st.sampled_from(sorted(before)))) if before else set()
        for person in came[start]:
            row = old.people.row_of(ids.from_int(person))
            assert row is not None
            period.arrived[row >> 3] |= 1 << (row & 7)
    new = worked_out(times, both, old)
    for start, period in new.periods.items():
        assert members(new, int.from_bytes(period.arrived, "little")) == came[start] & both.keys()
    assert new.arrivals is old.arrivals


def test_the_hour_of_arrivals_goes_on() -> None:
    arrivals = Arrivals()
    for minute in (1000, 1000, 1003, 1003, 1003, 900):
        arrivals.count(minute)
    assert arrivals.read(1003)[-4:] == [2, 0, 0, 3]
    arrivals.count(1001)  # told late
    assert arrivals.read(1004)[-5:] == [2, 1, 0, 3, 0]
    assert sum(arrivals.read(1062)) == 3
    assert arrivals.read(1063) == [0] * 60
    arrivals.count(5000)
    assert sum(arrivals.read(5000)) == 1


@pytest.mark.parametrize(
    ("joined", "failed", "slow", "down"),
    [(0, 0, 0, False), (99, 1, 0, False), (98, 2, 0, True), (0, 1, 0, True), (1000, 0, 9, False), (1000, 0, 11, True)],
)
def test_a_minute_is_down_as_promised(joined: int, failed: int, slow: int, down: bool) -> None:
    """More than 1 % of entries failed, or p99 over 2 s."""
    minute = LastMinute()
    for _ in range(joined - slow):
        minute.joined(0.004)
    for _ in range(slow):
        minute.joined(2.9)
    for _ in range(failed):
        minute.failed()
    found = minute.read()
    assert found[:2] == (joined, failed)
    assert found[3] is down
    if joined:
        assert 2_000 < found[2] <= 4_000 if slow > 10 else 4 <= found[2] <= 5


def test_after_a_minute_it_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    minute, now = LastMinute(), [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    minute.failed()
    now[0] += 50
    minute.joined(0.01)
    assert minute.read()[:2] == (1, 1)
    now[0] += 15
    assert minute.read()[:2] == (1, 0)
    now[0] += 3600
    assert minute.read() == (0, 0, 0, False)


def test_memory_and_cost_for_a_district() -> None:
    """450 schools of 2,000 take under 1 MB; counted here by what one school keeps."""
    people: People = {7919 * n + 1: ("07", {n % 5}) for n in range(2000)}
    school = worked_out([[(-5, 50), (46, 50)]] * 5, people)
    kept = [school, school.bands, school.periods, school.arrivals, school.arrivals._counts]
    kept += [*school.bands.values(), *school.periods.values()]
    kept += [bits for period in school.periods.values() for bits in (period.expected, period.arrived)]
    assert 450 * sum(map(sys.getsizeof, kept)) < 1_000_000
    (period,) = school.periods.values()
    assert period.expected.bit_count() == 2000
    began, subs = time.perf_counter(), [ids.from_int(person) for person in people]
    began = time.perf_counter()
    for sub in subs:
        bell_periods.take(school, period, sub, minute=29_000_000)
    assert int.from_bytes(period.arrived, "little") == period.expected
    assert (time.perf_counter() - began) / len(subs) < 0.000_02  # 1 us on a quiet machine
