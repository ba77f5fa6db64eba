"""Who is not ready, by name: the adults of a school, and everybody in one section."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.db.models import QuerySet

from schoolday.office.console.readiness import holding
from schoolday.office.console.readiness.days import NextDay
from schoolday.office.people.models import Org, Person
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force, sections_in_force
from schoolday.office.signin.models import Device

State = Literal["ready", "grace", "badge", "over", "none"]


@dataclass
class Holder:
    """
    One person: `grace`: the pass is over but still admits to class; `badge`: only a printed badge; `over`: a device
    with nothing that is good on the day; `none`: no device at all.
    """

    person: Person
    role: str
    state: State
    renewed_at: datetime | None = None
    pass_ends: datetime | None = None
    devices: int = 0
    sections: list[Section] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        return self.state == "ready"


def section_list(section: Section, day: NextDay) -> list[Holder]:
    """Return everybody of a section on the day, adults first, then by family name. 3 queries."""
    rows = _enrolled(day).filter(section=section, role__in=("student", *holding.TEACHING))
    found = holders(_once(rows), day)
    return sorted(found, key=lambda holder: (holder.role == "student", _name(holder.person)))


def students_of(section_ids: Collection[str], day: NextDay) -> list[tuple[str, Holder]]:
    """Return the students of some sections on the day, each with her section, by family name. 3 queries."""
    rows = list(_enrolled(day).filter(section__in=section_ids, role="student"))
    of_person = {holder.person.id: holder for holder in holders(_once(rows), day)}
    pairs = {(row.section_id, row.person_id) for row in rows}
    found = [(section_id, of_person[person_id]) for section_id, person_id in pairs]
    return sorted(found, key=lambda pair: _name(pair[1].person))


def adults_not_ready(school: Org, day: NextDay) -> list[Holder]:
    """Return the teachers and aides of a school's sections who are not ready, with their sections. 3 queries."""
    rows = list(
        _enrolled(day)
        .filter(section__in=sections_in_force(day.on).filter(school=school), role__in=holding.TEACHING)
        .exclude(holding.has_pass(bell_at=day.bell_at))
        .order_by("section__title")
    )
    found = holders(_once(rows), day)
    for holder in found:
        sections = {row.section_id: row.section for row in rows if row.person_id == holder.person.id}
        holder.sections = list(sections.values())
    return sorted(found, key=lambda holder: _name(holder.person))


def holders(rows: Iterable[Enrollment], day: NextDay) -> list[Holder]:
    """Return what each enrolled person holds. One query, besides that of the rows; two with students."""
    rows = list(rows)
    devices: dict[str, list[Device]] = {row.person_id: [] for row in rows}
    for device in Device.objects.filter(person__in=list(devices)).defer("pass_sections"):
        devices[device.person_id].append(device)
    students = [row.pk for row in rows if row.role == "student"]
    with_badge = set(
        Enrollment.objects.filter(holding.has_badge(), pk__in=students).values_list("person_id", flat=True)
    )
    since = holding.signed_since()
    return [_holder(row, devices[row.person_id], day, since, has_badge=row.person_id in with_badge) for row in rows]


def state_of(devices: Iterable[Device], *, bell_at: datetime, signed_since: datetime, has_badge: bool) -> State:
    """Return what these devices are worth at the bell: the same rules as `holding`, on rows that are here already."""
    devices = list(devices)
    alive = [device for device in devices if device.pass_ends is not None and device.seen_at >= signed_since]
    if any(device.pass_ends and device.pass_ends > bell_at for device in alive):
        return "ready"
    if any(device.pass_until and device.pass_until > bell_at for device in alive):
        return "grace"
    if has_badge:
        return "badge"
    return "over" if devices else "none"


def _holder(row: Enrollment, devices: list[Device], day: NextDay, since: datetime, *, has_badge: bool) -> Holder:
    last = max(devices, key=lambda device: device.seen_at, default=None)
    return Holder(
        person=row.person,
        role=row.role,
        state=state_of(devices, bell_at=day.bell_at, signed_since=since, has_badge=has_badge),
        renewed_at=last.seen_at if last else None,
        pass_ends=max((device.pass_ends for device in devices if device.pass_ends), default=None),
        devices=len(devices),
    )


def _enrolled(day: NextDay) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.filter(enrollment_in_force(day.on), person__is_active=True)
    return rows.select_related("person", "section")


def _once(rows: Iterable[Enrollment]) -> list[Enrollment]:
    return list({row.person_id: row for row in rows}.values())


def _name(person: Person) -> tuple[str, str, str]:
    return person.family_name, person.given_name, person.id
