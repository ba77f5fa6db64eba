"""Families to call: whose children are not ready, one call for brothers and sisters, and what to say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext

from schoolday.office.console.models import CallNote
from schoolday.office.console.readiness import holding
from schoolday.office.console.readiness.days import NextDay
from schoolday.office.console.readiness.figures import not_ready
from schoolday.office.console.readiness.lists import State, state_of
from schoolday.office.people.models import Guardianship, Org, Person
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force, sections_in_force
from schoolday.office.signin.models import Device
from schoolday.office.timetable.models import Meeting

_WORST_FIRST: tuple[State, ...] = ("none", "over", "badge", "grace", "ready")


@dataclass
class Child:
    """One student who is not ready. `section`: of her first class of the day; None: she has none."""

    person: Person
    state: State
    section: Section | None
    note: CallNote | None


@dataclass
class Family:
    """One call. `guardian` None: nobody of this child's family has a number; `others` have children here too."""

    guardian: Person | None
    others: list[Person] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    callers: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """Return what is missing: of several children the worst."""
        return min((child.state for child in self.children), key=_WORST_FIRST.index)

    @property
    def language(self) -> str:
        return self.guardian.language if self.guardian else "en"

    @property
    def note(self) -> CallNote | None:
        """Return what came of the call; None while one of the children has no word yet."""
        notes = [child.note for child in self.children]
        return max((n for n in notes if n), key=lambda n: n.at) if all(notes) else None

    @property
    def caller(self) -> str:
        return self.callers.get(self.note.by_id, "") if self.note else ""

    @property
    def is_called(self) -> bool:
        return all(child.note and child.note.outcome == CallNote.Outcome.CALLED for child in self.children)

    @property
    def names(self) -> str:
        return ", ".join(child.person.preferred_name or child.person.given_name for child in self.children)


def families_to_call(school: Org, day: NextDay, *, students: Collection[str] | None = None) -> list[Family]:
    """
    Return the calls of one school, or of some of its students. 8 queries.

    Those not made come first, the worst on top; without a number last.

    Brothers and sisters at other schools are those schools' to call: a principal sees her own.
    """
    rows = not_ready({school.id: day}).annotate(has_badge=holding.has_badge()).select_related("person")
    if students is not None:
        rows = rows.filter(person__in=students)
    missing = {row.person_id: row for row in rows}
    devices: dict[str, list[Device]] = defaultdict(list)
    for device in Device.objects.filter(person__in=list(missing)).defer("pass_sections"):
        devices[device.person_id].append(device)
    sections = _first_sections(list(missing), day)
    notes = {note.person_id: note for note in CallNote.objects.filter(person__in=list(missing), on=day.on)}
    guardians = _guardians(list(missing))
    callers = {p.id: p.name for p in Person.objects.filter(id__in={note.by_id for note in notes.values()})}
    since = holding.signed_since()
    families: dict[str, Family] = {}
    for person_id, row in missing.items():
        first = next((guardian for guardian in guardians[person_id] if guardian.phone), None)
        family = families.setdefault(first.id if first else f"alone:{person_id}", Family(first, callers=callers))
        known = {first.id if first else "", *(other.id for other in family.others)}
        family.others += [guardian for guardian in guardians[person_id] if guardian.id not in known]
        theirs = devices[person_id]
        state = state_of(theirs, bell_at=day.bell_at, signed_since=since, has_badge=row.has_badge)
        family.children.append(Child(row.person, state, sections.get(person_id), notes.get(person_id)))
    for family in families.values():
        family.children.sort(key=lambda child: (child.person.grade, child.person.given_name, child.person.id))
    return sorted(families.values(), key=_order)


def sentence(family: Family, *, school: Org, on: date, language: str) -> str:
    """Return what to say to this family, in a language; the same whatever the page's language is."""
    with translation.override(language):
        words = {
            "school": school.name,
            "children": family.names,
            "portal": settings.SCHOOLDAY["PORTAL_NAME"],
            "day": str(WEEKDAYS[on.weekday()]),
        }
        if family.state == "badge":
            text = gettext(
                "Hello, this is %(school)s, about %(children)s: on %(day)s please have the school card ready, and scan "
                "it in %(portal)s. Or sign on this evening on the device, then it opens by itself."
            )
        elif family.state in ("grace", "over"):
            text = gettext(
                "Hello, this is %(school)s, about %(children)s: please open %(portal)s on the device this evening and "
                "leave it open for a minute, so that it is ready for %(day)s."
            )
        else:
            text = gettext(
                "Hello, this is %(school)s, about %(children)s: please open %(portal)s on the device this evening and "
                "sign on once, so that it is ready for %(day)s. If there is no device at home, tell us now."
            )
        return text % words


def _first_sections(students: list[str], day: NextDay) -> dict[str, Section]:
    """Return each student's section of her first class on the day; without a timetable the first by title."""
    rows = Enrollment.objects.filter(
        enrollment_in_force(day.on), person__in=students, role="student", section__in=sections_in_force(day.on)
    ).select_related("section")
    enrollments = list(rows)
    ids = {row.section_id for row in enrollments}
    starts: dict[str, datetime] = {}
    for section_id, starts_at in Meeting.objects.filter(section__in=ids, on=day.on).values_list(
        "section_id", "starts_at"
    ):
        starts[section_id] = min(starts_at, starts.get(section_id, starts_at))
    latest = datetime.max.replace(tzinfo=day.zone)
    found: dict[str, Section] = {}
    for row in sorted(enrollments, key=lambda row: (starts.get(row.section_id, latest), row.section.title)):
        found.setdefault(row.person_id, row.section)
    return found


def _guardians(students: Iterable[str]) -> Mapping[str, list[Person]]:
    found: dict[str, list[Person]] = defaultdict(list)
    rows = Guardianship.objects.filter(student__in=list(students), guardian__is_active=True)
    for row in rows.select_related("guardian").order_by("guardian_id"):
        found[row.student_id].append(row.guardian)
    return found


def _order(family: Family) -> tuple[bool, bool, int, str, str]:
    eldest = family.children[0].person
    return (
        family.guardian is None,
        family.is_called,
        _WORST_FIRST.index(family.state),
        eldest.family_name,
        eldest.id,
    )
