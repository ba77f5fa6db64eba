"""Who may declare and undo which detour: operators all, principals their school's, teachers their class's of today."""

from datetime import datetime, time, timedelta

from schoolday.contracts.plan import DetourScope
from schoolday.lib import clock
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import NewDetour
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Org, Person
from schoolday.office.people.queries import is_operator, schools_of_staff
from schoolday.office.rosters.models import Section
from schoolday.office.signin.membership import enrollments_between
from schoolday.office.timetable.zones import today, zone_of


def access_detours(person: Person) -> list[Org]:
    """
    Return the schools whose detours somebody runs; empty for a teacher, who has her own classes.

    :raises NotYours: if she has neither
    """
    schools = schools_of_staff(person)
    if not schools and not is_operator(person) and not own_classes(person):
        raise NotYours
    return schools


def access_new(person: Person, new: NewDetour) -> None:
    """
    Let somebody declare this detour.

    :raises NotYours: if it reaches beyond her school, or beyond her own class and today
    """
    if is_operator(person):
        return
    if new.is_emergency or new.scope.regions:
        raise NotYours
    if _in_schools(new.scope, {school.id for school in schools_of_staff(person)}):
        return
    if new.shift_minutes or not _is_own_class(person, new.scope, until_at=new.until_at):
        raise NotYours


def access_detour(person: Person, detour_id: str) -> Detour:
    """
    Return a detour that somebody may look at: one that touches her schools, or that is of her own class.

    :raises NotYours: otherwise
    """
    found = Detour.objects.select_related("made_by", "approved_by", "undone_by").filter(id=detour_id).first()
    if found is None or found not in visible_to(person, [found]):
        raise NotYours
    return found


def visible_to(person: Person, detours: list[Detour]) -> list[Detour]:
    """Return those of some detours that touch somebody's schools or classes. Four queries at most."""
    if is_operator(person):
        return detours
    schools = schools_of_staff(person)
    own = [(section.id, section.school) for section in own_classes(person)]
    if schools:
        rows = Section.objects.filter(school__in=schools).select_related("school")
        own += [(section.id, section.school) for section in rows]
    sections = {section_id for section_id, _school in own}
    places = {(school.id, school.region) for _section, school in own} | {(one.id, one.region) for one in schools}
    return [one for one in detours if _reaches(one, sections=sections, places=places)]


def may_undo(person: Person, detour: Detour) -> bool:
    """Say whether somebody may undo a detour: her own, or one that somebody of her school made for that school only."""
    if is_operator(person):
        return True
    if detour.made_by is None or is_operator(detour.made_by):
        return False
    if _in_schools(detour.scope, {school.id for school in schools_of_staff(person)}):
        return True
    return detour.made_by_id == person.id


def own_classes(person: Person) -> list[Section]:
    """Return the classes that somebody teaches today; aides follow, they do not lead. Two queries."""
    first = Section.objects.filter(enrollments__person=person).select_related("school__parent").order_by("id").first()
    if first is None or not person.is_active:
        return []
    on = today(first.school)
    rows = enrollments_between(on, on).filter(person=person, role="teacher")
    found = Section.objects.filter(id__in=rows.values("section")).select_related("school__parent")
    return list(found.order_by("title", "id"))


def end_of_today(school: Org) -> datetime:
    """Return when the day of now ends on a school's wall."""
    return datetime.combine(today(school) + timedelta(days=1), time(), zone_of(school))


def _in_schools(scope: DetourScope, own: set[str]) -> bool:
    if not own or not (scope.schools or scope.sections) or not set(scope.schools) <= own:
        return False
    of_sections = set(Section.objects.filter(id__in=scope.sections).values_list("school_id", flat=True))
    return of_sections <= own


def _is_own_class(person: Person, scope: DetourScope, *, until_at: datetime | None) -> bool:
    own = {section.id: section for section in own_classes(person)}
    if not scope.sections or not set(scope.sections) <= set(own) or until_at is None:
        return False
    ends = min(end_of_today(own[one].school) for one in scope.sections)
    return clock.now() < until_at <= ends


def _reaches(detour: Detour, *, sections: set[str], places: set[tuple[str, str]]) -> bool:
    scope = detour.scope
    if scope.sections and not sections & set(scope.sections):
        return False
    return any(
        (not scope.schools or school in scope.schools) and (not scope.regions or region in scope.regions)
        for school, region in places
    )
