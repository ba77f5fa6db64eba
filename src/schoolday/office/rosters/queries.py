"""
Reading the roster as it is in force on a day.

A date is the school's own (its wall calendar), never UTC's. An enrollment holds from `begins_on` until the day
before `ends_on`; an empty end is open. A section holds on the days of its sessions; without sessions, always. Rosters
do enroll a person twice in one section; here nobody is in one twice.
"""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import AcademicSession, Enrollment, Section


def sections_of(person: Person, on: date) -> QuerySet[Section]:
    """Return the sections a person belongs to on a day, in whatever role; with `school`, by title."""
    mine = Enrollment.objects.filter(enrollment_in_force(on), section=OuterRef("pk"), person=person)
    return sections_in_force(on).filter(Exists(mine)).select_related("school").order_by("title", "id")


def enrollments_of(person: Person, on: date) -> QuerySet[Enrollment]:
    """Return a person's enrollments on a day: her `role` in each section; with `section` and its `school`."""
    return (
        _once(on)
        .filter(person=person, section__in=sections_in_force(on))
        .select_related("section__school")
        .order_by("section__title", "id")
    )


def members_of(section: Section, on: date) -> QuerySet[Enrollment]:
    """Return who is in a section on a day, everybody's `role` with it; with `person`, by family name."""
    return (
        _once(on)
        .filter(section=section, person__is_active=True)
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "person__id")
    )


def current_sections(school: Org, on: date) -> QuerySet[Section]:
    """Return the sections of a school that are in force on a day, by title."""
    return sections_in_force(on).filter(school=school).order_by("title", "id")


def sections_in_force(on: date) -> QuerySet[Section]:
    """Return all sections of the district in force on a day, unordered: to narrow down further."""
    links = AcademicSession.objects.filter(sections=OuterRef("pk"))
    today = links.filter(starts_on__lte=on, ends_on__gt=on)
    return Section.objects.filter(Exists(today) | ~Exists(links), is_active=True, school__is_active=True)


def enrollment_in_force(on: date, prefix: str = "") -> Q:
    """Return the condition for an enrollment in force on a day; `prefix`: the path to it, as `enrollments__`."""
    begun = Q(**{f"{prefix}begins_on__isnull": True}) | Q(**{f"{prefix}begins_on__lte": on})
    not_over = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": on})
    return begun & not_over & Q(**{f"{prefix}is_active": True})


def _once(on: date) -> QuerySet[Enrollment]:
    """Return the enrollments in force, of several of one person in one section the first by id."""
    same = Enrollment.objects.filter(enrollment_in_force(on), section=OuterRef("section"), person=OuterRef("person"))
    return Enrollment.objects.filter(enrollment_in_force(on)).exclude(Exists(same.filter(id__lt=OuterRef("id"))))


def recently_left(since: datetime, on: date) -> set[tuple[str, str]]:
    """
    Return (person, section) of those who were in a section and are not on a day: for the deny list.

    `since`: how far back a pass may have been made. Counts who left by the roster and whose enrollment ended;
    whoever is in the section by another enrollment has not left. Two queries.
    """
    ended = Q(ends_on__gt=since.date(), ends_on__lte=on)
    left = Enrollment.objects.filter(Q(is_active=False, gone_at__gte=since) | ended).order_by()
    still = Enrollment.objects.filter(enrollment_in_force(on), person__in=left.values("person")).order_by()
    pairs = ("person_id", "section_id")
    return set(left.values_list(*pairs)) - set(still.values_list(*pairs))
