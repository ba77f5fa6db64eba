"""The plan in force, as a door holds it: whom it lets in where, in columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from schoolday.contracts.keys import KeySet
from schoolday.contracts.plan import PlanIndex
from schoolday.door.meeting_columns import SchoolMeetings, SectionIndex, Sitting, raw_id
from schoolday.door.people_columns import BadgeIndex, SchoolPeople, Student
from schoolday.lib import ids
from schoolday.lib.signing import Verifier


@dataclass(frozen=True)
class School:
    """One school's part, and the digests by which the next plan knows that nothing changed."""

    org: str
    plan_sha256: str
    people_sha256: str
    meetings: SchoolMeetings
    people: SchoolPeople


@dataclass
class Plan:
    """One version of the plan. Nothing in it changes but what is kept to save time."""

    index: PlanIndex
    index_text: bytes
    index_sha256: str
    key_set: KeySet
    schools: Sequence[School]
    sections: SectionIndex
    badges: BadgeIndex
    jtis: frozenset[str]
    removed: frozenset[tuple[str, str]]
    out: frozenset[tuple[str, str]]
    live_urls: dict[str, str]
    school_numbers: dict[str, int]
    _verifier: tuple[int, Verifier] | None = None
    _day_ends: dict[str, int] = field(default_factory=dict)
    _found: dict[tuple[str, str], Sitting] = field(default_factory=dict)

    def verifier(self, *, now: int) -> Verifier:
        """Return the verifier with the keys that are valid now; made anew each minute."""
        minute = now // 60
        if self._verifier is None or self._verifier[0] != minute:
            self._verifier = minute, self.key_set.verifier(at=now)
        return self._verifier[1]

    def find(self, section: str, meeting: str) -> Sitting | None:
        """Return the meeting, if the plan has it and it is one of this section. Thirty come to each within minutes."""
        found = self._found.get((section, meeting))
        if found is None:
            number = self.sections.school_of(section)
            found = None if number is None else self.schools[number].meetings.find(section, meeting)
            if found is not None:
                if len(self._found) >= _FOUND_AT_MOST:
                    self._found.clear()
                self._found[section, meeting] = found
        return found

    def section_of(self, meeting: str, sections: Sequence[str]) -> str | None:
        """Return which of these sections a meeting belongs to."""
        return next((section for section in sections if self.find(section, meeting)), None)

    def has_meeting(self, meeting: str, *, org: str) -> bool:
        """Say whether a school's plan has this meeting. Looks through the school's column: 10 microseconds."""
        number = self.school_numbers.get(org)
        return number is not None and self.schools[number].meetings.has(meeting)

    def find_meeting(self, meeting: str, *, orgs: Sequence[str] | None = None) -> Sitting | None:
        """
        Return the meeting, whichever section it is of. `orgs`: only of these schools.

        Looks through every school's column: 1.5 milliseconds for 450 schools, so once a meeting and not per person.
        """
        schools = self.schools
        if orgs is not None:
            schools = [schools[self.school_numbers[org]] for org in orgs if org in self.school_numbers]
        raw = raw_id(meeting)
        if raw is None:
            return None
        return next((found for school in schools if (found := school.meetings.find_meeting(meeting, raw))), None)

    def on_duty(self, sub: str, *, org: str) -> bool:
        """Say whether this adult is on a school's duty list. About a microsecond."""
        number = self.school_numbers.get(org)
        return number is not None and _as_int(sub) in self.schools[number].people.duty

    def duty_schools(self, sub: str) -> tuple[str, ...]:
        """Return the schools on whose duty list this adult is. 50 nanoseconds a school."""
        wanted = _as_int(sub)
        return tuple(school.org for school in self.schools if wanted in school.people.duty)

    def org_of(self, section: str) -> str:
        """Return the school of a section, or an empty string if the plan has no such section."""
        number = self.sections.school_of(section)
        return "" if number is None else self.schools[number].org

    def student_in(self, section: str, sub: str) -> Student | None:
        """Return the student, if she is in this section by the roster, and not removed from it since."""
        number = self.sections.school_of(section)
        student = None if number is None else self.schools[number].people.find(sub)
        if student is None or section not in student.sections or (sub, section) in self.removed:
            return None
        return student

    def number_in(self, section: str, sub: str) -> int:
        """Return which student of a section this is, counted from 1 in an order that tells nothing; 0 if none."""
        number = self.sections.school_of(section)
        return 0 if number is None else self.schools[number].people.number_in(section, sub)

    def cohort_of(self, sections: Sequence[str]) -> str:
        """Return the cohort of the first of these sections that the plan knows."""
        for section in sections:
            number = self.sections.school_of(section)
            if number is not None:
                return self.schools[number].meetings.cohort(section) or ""
        return ""

    def day_ends_at(self, org: str, *, now: int, time_zone: str) -> int:
        """Return when the day of `now` ends at a school, in seconds; in `time_zone` if the plan has no such school."""
        number = self.school_numbers.get(org)
        zone = time_zone if number is None else self.schools[number].meetings.time_zone
        ends_at = self._day_ends.get(zone, 0)
        if not now < ends_at <= now + _LONGEST_DAY_SECONDS:
            ends_at = self._day_ends[zone] = _midnight_after(now, zone)
        return ends_at

    @property
    def people(self) -> int:
        return self.badges.count


_LONGEST_DAY_SECONDS = 25 * 3600
_FOUND_AT_MOST = 4_096  # 3 MB


def _as_int(sub: str) -> int:
    """Return the id as the plan's columns have it; -1, which none has, for what is no id."""
    return ids.to_int(sub) if ids.is_id(sub) else -1


def _midnight_after(now: int, zone: str) -> int:
    local = datetime.fromtimestamp(now, ZoneInfo(zone))
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return int(midnight.timestamp())
