"""The bundle: everything one device of one person needs for the next school days, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time

from django.conf import settings
from msgspec.structs import replace

from schoolday.contracts.bundle import (
    Bundle,
    BundlePerson,
    BundleSection,
    Child,
    ComesAs,
    Language,
    Member,
    MemberRole,
    PassWithTag,
    Spare,
)
from schoolday.contracts.passes import Place, PlaceRole
from schoolday.contracts.proofs import DeviceKey
from schoolday.lib import clock
from schoolday.office.arrangements import queries as arrangements
from schoolday.office.people.models import Guardianship, Org, Person, RoleAssignment
from schoolday.office.people.names import names_in
from schoolday.office.people.queries import kind_of
from schoolday.office.people.zones import zone_of
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.oneroster.tables import LOCAL_PREFIX
from schoolday.office.signin import actions
from schoolday.office.signin.doors import all_doors, doors_of, live_nodes
from schoolday.office.signin.duty import duty_schools
from schoolday.office.signin.membership import Days, days_of, enrollments_between
from schoolday.office.signin.passes import enters_classes, make_pass
from schoolday.office.signin.spares import spares_for
from schoolday.office.signin.turns import turns_for

Role = RoleAssignment.Role
_IN_CLASS: dict[str, MemberRole] = {
    "student": "student",
    "teacher": "teacher",
    "aide": "aide",
    "interpreter": "interpreter",
    "observer": "observer",
}
_LEAD: frozenset[MemberRole] = frozenset({"teacher", "aide"})  # who knows what families said of recordings and cameras
_PLACE_ROLES: dict[str, PlaceRole] = {
    "teacher": "teacher",
    "aide": "aide",
    "interpreter": "interpreter",
    "observer": "observer",
}
_OFFICE_PAGES = frozenset({Role.ADMINISTRATOR, Role.OPERATOR})
_COMES_AS: dict[str, ComesAs] = {
    "substitute": "substitute",
    "co_teacher": "co_teacher",
    "aide": "aide",
    "interpreter": "interpreter",
    "visit": "visit",
    "guardian": "guardian",
}
_RANK = {"teacher": 0, "aide": 1, "interpreter": 2, "observer": 3, "student": 4}


def person_for_app(person: Person, roles: Iterable[str], *, duty: tuple[str, ...] = ()) -> BundlePerson:
    """Return how the device app knows this person. No query. `duty`: `duty_schools`."""
    roles = frozenset(roles)
    languages: dict[str, Language] = {"en": "en", "es": "es", "ht": "ht"}
    return BundlePerson(
        id=person.id,
        kind=kind_of(roles),
        name=person.name,
        language=languages.get(person.language, "en"),
        grade=person.grade,
        staff_pages=bool(roles & _OFFICE_PAGES),
        duty=duty,
    )


def make_bundle(person: Person, *, key: DeviceKey, thumbprint: str, with_pass: bool, session_key: str = "") -> Bundle:
    """
    Return the bundle, and keep the device when it gets a pass. About 22 queries, however many sections and classmates.

    `with_pass`: False for who came by badge or code: names and doors for today, and no pass or spare ticket that
    outlasts the day. `session_key`: of the office's session in this browser, which ends with the device.

    :raises actions.ChangedMeanwhile: if somebody ended her passes, or took her out of a class, in this very moment
    """
    turns = turns_for(person.id)  # before her classes: see there
    roles = list(RoleAssignment.objects.filter(person=person).select_related("org__parent"))
    roles.sort(key=lambda role: (role.role == Role.GUARDIAN, not role.is_primary, role.id))
    home = roles[0].org if roles else None
    days = days_of(home) if home else None
    window = (days.first, days.last) if days else (clock.now().date(),) * 2
    shown = person_for_app(person, (role.role for role in roles), duty=duty_schools(person, roles))
    enrolled = _enrolled([person.id], *window)
    section_ids = [enrollment.section_id for enrollment in enrolled[person.id]]
    sections = _sections(enrolled[person.id], members=_members(section_ids, *window))
    sections = _with_settings(sections, person=person)
    places = {row.section_id: place for row in enrolled[person.id] if (place := _place_of(row))}
    children = _children_of(person, *window)
    doors = doors_of(thumbprint, all_doors())
    ends = days.ends_of_pass() if days else None
    given: PassWithTag | None = None
    spares: tuple[Spare, ...] = ()
    # Who runs the district's systems has a pass without duty too: it opens no class, but the desk at the doors.
    runs_systems = any(role.role == Role.OPERATOR for role in roles)
    if with_pass and home and days and ends and (enters_classes(shown) or runs_systems or places):
        opened = tuple(section.id for section in sections)
        arranged = {row.section_id: (row.begins_on, row.ends_on) for row in enrolled[person.id] if _is_arranged(row)}
        spares = spares_for(person, sections=sections, days=days, thumbprint=thumbprint, turns=turns, arranged=arranged)
        device = actions.give_pass(
            person,
            key,
            thumbprint,
            sections=opened,
            turns_given={section_id: turns.get(section_id, 0) for section_id in opened},
            ends=ends,
            session_key=session_key,
            section_ends={section_id: place.exp for section_id, place in places.items() if place.exp},
        )
        _check_still_in(person, opened, *window)
        given = make_pass(
            person,
            kind=shown.kind,
            org=home,
            sections=tuple(section_id for section_id in opened if section_id not in arranged),
            places=places,
            grades=person.grade or ",".join(enrollment.section.grades for enrollment in enrolled[person.id]),
            doors=tuple(door.id for door in doors),
            ends=ends,
            jti=device.pass_jti,
            thumbprint=thumbprint,
        )
    schools = {role.org_id for role in roles if role.org.kind == Org.Kind.SCHOOL and role.role != Role.GUARDIAN}
    schools |= {section.school for section in sections}
    schools |= {school for child in children for school in child.schools}
    return Bundle(
        district=settings.SCHOOLDAY["DISTRICT"],
        portal_name=settings.SCHOOLDAY["PORTAL_NAME"],
        person=shown,
        root_public=settings.SCHOOLDAY.root_public_key,
        pass_=given,
        schools=tuple(sorted(schools)),
        sections=sections,
        children=children,
        plan_hosts=settings.SCHOOLDAY.plan_hosts,
        doors=doors,
        live=live_nodes() if given else (),
        spares=spares,
        server_at=clock.now_ms(),
    )


def members_of(section: Section, days: Days) -> tuple[Member, ...]:
    """Return everybody in one section as its grown-ups know them, adults first. Three queries."""
    members = _members([section.id], days.first, days.last).get(section.id, ())
    return _set(members, arrangements.settings_of([member.id for member in members if member.role == "student"]))


def _check_still_in(person: Person, sections: tuple[str, ...], first: date, last: date) -> None:
    """
    Look once more, now that the plan's deny list would find this pass: who was taken out meanwhile gets nothing.

    :raises actions.ChangedMeanwhile: if she is not in one of these sections any more. One query.
    """
    rows = enrollments_between(first, last).filter(person=person, role__in=_IN_CLASS)
    if not set(sections) <= set(rows.values_list("section_id", flat=True)):
        raise actions.ChangedMeanwhile


def _enrolled(person_ids: list[str], first: date, last: date) -> dict[str, list[Enrollment]]:
    """Return each person's enrollments, one per section, by title. One query."""
    rows = enrollments_between(first, last).filter(person__in=person_ids, role__in=_IN_CLASS)
    rows = rows.select_related("section__school__parent")
    found: dict[str, dict[str, Enrollment]] = {person_id: {} for person_id in person_ids}
    for row in sorted(rows, key=_role_first):
        found[row.person_id].setdefault(row.section_id, row)
    by_title = {person_id: list(mine.values()) for person_id, mine in found.items()}
    for mine in by_title.values():
        mine.sort(key=lambda row: (row.section.title, row.section_id))
    return by_title


def _members(section_ids: list[str], first: date, last: date) -> dict[str, tuple[Member, ...]]:
    """Return everybody in these sections, adults first, by the names their class knows them by. Two queries."""
    comes_as = arrangements.comes_as(section_ids)
    rows = enrollments_between(first, last).filter(section__in=section_ids, role__in=_IN_CLASS)
    found: dict[str, dict[str, Enrollment]] = defaultdict(dict)
    for row in sorted(rows.select_related("person"), key=_role_first):
        found[row.section_id].setdefault(row.person_id, row)
    members = {}
    for section_id, by_person in found.items():
        names = names_in([row.person for row in by_person.values()])
        everyone = [
            Member(
                id=one, name=names[one], role=_IN_CLASS[row.role], comes_as=_COMES_AS.get(comes_as.get(row.id, ""), "")
            )
            for one, row in by_person.items()
        ]
        members[section_id] = tuple(sorted(everyone, key=lambda m: (_RANK[m.role], m.name.casefold(), m.id)))
    return members


def _sections(
    enrolled: list[Enrollment], *, members: dict[str, tuple[Member, ...]] | None = None
) -> tuple[BundleSection, ...]:
    return tuple(
        BundleSection(
            id=row.section_id,
            title=row.section.title,
            school=row.section.school_id,
            role=_IN_CLASS[row.role],
            members=(members or {}).get(row.section_id, ()),
            from_at=place.nbf if (place := _place_of(row)) else 0,
            until_at=place.exp if place else 0,
        )
        for row in enrolled
    )


def _with_settings(sections: tuple[BundleSection, ...], *, person: Person) -> tuple[BundleSection, ...]:
    """
    Tell grown-ups of a class what families said of recordings and cameras, and a child where her own picture goes.

    One query. An interpreter, an observer and a classmate learn nothing of it.
    """
    led = [section for section in sections if section.role in _LEAD]
    children = {member.id for section in led for member in section.members if member.role == "student"}
    found = arrangements.settings_of(children | {person.id})
    hers = arrangements.ClassSettings(frozenset(), found.camera_to_teacher & {person.id})
    return tuple(
        replace(section, members=_set(section.members, found if section.role in _LEAD else hers))
        for section in sections
    )


def _set(members: tuple[Member, ...], found: arrangements.ClassSettings) -> tuple[Member, ...]:
    return tuple(
        replace(
            member, may_record=member.id in found.may_record, camera_to_teacher=member.id in found.camera_to_teacher
        )
        for member in members
    )


def _is_arranged(row: Enrollment) -> bool:
    return row.sourced_id.startswith(LOCAL_PREFIX)


def _place_of(row: Enrollment) -> Place | None:
    """Return what a pass says of her beside its kind: an aide of the roster, and whoever comes for a time. No query."""
    if row.role not in _PLACE_ROLES or not (_is_arranged(row) or row.role == "aide"):
        return None
    zone = zone_of(row.section.school)
    begins, ends = (
        int(datetime.combine(on, time(), zone).timestamp()) if on and _is_arranged(row) else 0
        for on in (row.begins_on, row.ends_on)
    )
    return Place(_PLACE_ROLES[row.role], begins, ends)


def _children_of(guardian: Person, first: date, last: date) -> tuple[Child, ...]:
    """Return a guardian's children with their sections, without classmates. Three queries, one without children."""
    rows = Guardianship.objects.filter(guardian=guardian, student__is_active=True).select_related("student")
    students = [row.student for row in rows]
    if not students:
        return ()
    ids = [student.id for student in students]
    schools: dict[str, set[str]] = defaultdict(set)
    of_students = RoleAssignment.objects.filter(person__in=ids, role=Role.STUDENT, org__kind=Org.Kind.SCHOOL)
    for person_id, org_id in of_students.values_list("person_id", "org_id"):
        schools[person_id].add(org_id)
    names, enrolled = names_in(students), _enrolled(ids, first, last)
    children = [
        Child(
            id=student.id,
            name=names[student.id],
            grade=student.grade,
            schools=tuple(sorted(schools[student.id] | {row.section.school_id for row in enrolled[student.id]})),
            sections=_sections(enrolled[student.id]),
        )
        for student in students
    ]
    return tuple(sorted(children, key=lambda child: (child.grade, child.name, child.id)))


def _role_first(row: Enrollment) -> tuple[int, bool, str]:
    return _RANK[row.role], _is_arranged(row), row.id
