"""Reading who comes today and later, and what families said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from schoolday.lib import clock
from schoolday.office.arrangements.models import Arrangement, Consent
from schoolday.office.people.models import Guardianship, Org, Person
from schoolday.office.people.names import names_in
from schoolday.office.people.zones import today
from schoolday.office.rosters.models import Section
from schoolday.office.rosters.queries import enrollment_in_force

_OVER_SHOWN_DAYS = 14
RECORDING, CAMERA = Consent.Subject.RECORDING.value, Consent.Subject.CAMERA.value


@dataclass(frozen=True)
class Comings:
    """Who comes to a school's or a section's classes: today, on a later day, and who came lately."""

    today: list[Arrangement]
    later: list[Arrangement]
    over: list[Arrangement]


@dataclass
class Said:
    """
    What was said of one child. `name`: no two alike of those asked for.

    `recording`: yes, no, or None while nobody has answered; one no wins.
    """

    child: Person
    name: str
    recording: bool | None = None
    camera_to_teacher: bool = False
    words: list[Consent] = field(default_factory=list)
    guardians: list[Person] = field(default_factory=list)


@dataclass(frozen=True)
class ClassSettings:
    """Of many children: who may be in a recording, and whose picture goes to the teacher only."""

    may_record: frozenset[str]
    camera_to_teacher: frozenset[str]


def comings(on: date, *, school: Org | None = None, section: Section | None = None) -> Comings:
    """Return the arrangements of a school or a section, by section and name. One query."""
    rows = Arrangement.objects.filter(last_on__gte=on - timedelta(days=_OVER_SHOWN_DAYS))
    rows = rows.filter(section=section) if section else rows.filter(section__school=school)
    ordered = rows.select_related("section", "person", "made_by").order_by(
        "begins_on", "section__title", "person__family_name", "id"
    )
    found = Comings([], [], [])
    for row in ordered:
        if row.holds_on(on):
            found.today.append(row)
        elif row.ended_at is None and row.begins_on > on:
            found.later.append(row)
        else:
            found.over.append(row)
    return found


def settings_of(children: Collection[str] | QuerySet[Person, str]) -> ClassSettings:
    """
    Return what counts for these children (ids). One query.

    A recording needs at least one yes and no no; the camera goes to the teacher only on one yes. Whoever is the child's
    guardian no more is not counted.
    """
    yes: set[str] = set()
    no: set[str] = set()
    camera: set[str] = set()
    rows = _in_force().filter(child__in=children).values_list("child_id", "subject", "says_yes")
    for child, subject, says_yes in rows:
        if subject == CAMERA:
            camera |= {child} if says_yes else set()
        else:
            (yes if says_yes else no).add(child)
    return ClassSettings(frozenset(yes - no), frozenset(camera))


def said_of(children: Iterable[Person]) -> list[Said]:
    """Return what was said of each child, by whom, and its guardians, in the children's order. Two queries."""
    children = list(children)
    names = names_in(children)
    found = {child.id: Said(child, names[child.id]) for child in children}
    for link in Guardianship.objects.filter(student__in=found, guardian__is_active=True).select_related("guardian"):
        found[link.student_id].guardians.append(link.guardian)
    for row in _in_force().filter(child__in=found).select_related("guardian", "entered_by").order_by("said_at", "id"):
        said = found[row.child_id]
        said.words.append(row)
        if row.subject == CAMERA:
            said.camera_to_teacher |= row.says_yes
        else:
            said.recording = row.says_yes and said.recording is not False
    for said in found.values():
        said.guardians.sort(key=lambda one: (one.family_name, one.given_name, one.id))
    return list(found.values())


def pupils_of(section: Section, on: date) -> list[Person]:
    """Return the students of a section on a day, by family name. One query."""
    rows = section.enrollments.filter(enrollment_in_force(on), role="student").values("person")
    return list(Person.objects.filter(id__in=rows, is_active=True).order_by("family_name", "given_name", "id"))


def pupils_of_school(school: Org, on: date) -> list[Person]:
    """Return the students of all sections of a school, by grade and family name. One query."""
    links = school.roles.filter(role="student").values("person")
    people = Person.objects.filter(id__in=links, is_active=True)
    return list(people.order_by("grade", "family_name", "given_name", "id"))


def comes_as(sections: Collection[str]) -> dict[str, str]:
    """Return as what somebody comes, by the id of her enrollment, of all not ended. One query."""
    rows = Arrangement.objects.filter(section__in=sections, ended_at=None)
    return dict(rows.values_list("enrollment_id", "kind"))


def comes_to_today(person: Person) -> list[str]:
    """Return the sections to which somebody comes today beside the roster, for her device to ask for. One query."""
    now = clock.now().date()
    around = (now - timedelta(days=1), now + timedelta(days=1))
    rows = Arrangement.objects.filter(person=person, ended_at=None, begins_on__lte=around[1], last_on__gte=around[0])
    rows = rows.filter(section__is_active=True, section__school__is_active=True).select_related(
        "section__school__parent"
    )
    return sorted({row.section_id for row in rows if row.holds_on(today(row.section.school))})


def _in_force() -> QuerySet[Consent]:
    still = Guardianship.objects.filter(guardian=OuterRef("guardian"), student=OuterRef("child"))
    return Consent.objects.filter(Q(guardian=None) | Exists(still))
