"""Arranging who comes, ending it, what a school allows, what families say. One verb, one transaction, an audit row."""

from datetime import date, timedelta
from http import HTTPStatus

from django.db import transaction

from schoolday.lib import clock
from schoolday.lib.errors import BadRequest, SchooldayError
from schoolday.lib.ids import new_id
from schoolday.office.arrangements.access import Leave, who_may_come
from schoolday.office.arrangements.models import Arrangement, Consent, SchoolRules
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Guardianship, Org, Person
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.oneroster.tables import LOCAL_PREFIX
from schoolday.office.rosters.queries import enrollment_in_force

DAYS_AT_MOST = 200  # a school year; whoever stays longer belongs into the roster
_AHEAD_AT_MOST_DAYS = 365
_IN_CLASS = {
    Arrangement.Kind.SUBSTITUTE: "teacher",
    Arrangement.Kind.CO_TEACHER: "teacher",
    Arrangement.Kind.AIDE: "aide",
    Arrangement.Kind.INTERPRETER: "interpreter",
    Arrangement.Kind.VISIT: "observer",
    Arrangement.Kind.GUARDIAN: "observer",
}


class AlreadyThere(SchooldayError):
    """She is in this class already, by the roster or by another arrangement that is not over."""

    code = "already_there"
    status = HTTPStatus.CONFLICT
    text = "This person is already in this class. End what was arranged before, then arrange it anew."


@transaction.atomic
def arrange(leave: Leave, *, person_id: str, kind: str, begins_on: date, last_on: date, actor: Person) -> Arrangement:
    """
    Let somebody come to a section from a day to a day, both included. Her next bundle has the class.

    Asked twice for the same it is one arrangement.

    :raises NotYours: if the actor may not make this, or the person may not be it
    :raises BadRequest: if the days make no sense
    :raises AlreadyThere: if she is in the class in another way
    """
    _check_days(begins_on, last_on, today=leave.on)
    Section.objects.select_for_update().get(id=leave.section.id)  # of two at once the second sees the first
    person = who_may_come(leave, kind).filter(id=person_id).first()
    if person is None:
        raise NotYours
    others = Arrangement.objects.filter(
        section=leave.section, person=person, ended_at=None, last_on__gte=leave.on, enrollment__is_active=True
    )
    for other in others:
        if (other.kind, other.begins_on, other.last_on) == (kind, begins_on, last_on):
            return other
    by_roster = Enrollment.objects.filter(enrollment_in_force(begins_on), section=leave.section, person=person)
    if others.exists() or by_roster.exclude(sourced_id__startswith=LOCAL_PREFIX).exists():
        raise AlreadyThere
    id_ = new_id()
    enrollment = Enrollment.objects.create(
        sourced_id=f"{LOCAL_PREFIX}arranged:{id_}",
        section=leave.section,
        person=person,
        role=_IN_CLASS[Arrangement.Kind(kind)],
        begins_on=begins_on,
        ends_on=last_on + timedelta(days=1),
    )
    made = Arrangement.objects.create(
        id=id_,
        section=leave.section,
        person=person,
        kind=kind,
        enrollment=enrollment,
        begins_on=begins_on,
        last_on=last_on,
        made_at=clock.now(),
        made_by=actor,
    )
    audit.record(
        actor, "arrangement.make", "section", leave.section.id, arrangement=made.id, person=person.id, kind=kind,
        begins_on=begins_on.isoformat(), last_on=last_on.isoformat(),
    )  # fmt: skip
    return made


@transaction.atomic
def end(arrangement: Arrangement, *, actor: Person) -> None:
    """
    End an arrangement now; ending it twice ends it once.

    With the next plan the doors refuse her and the class moves away from her spare tickets, as from a student who left:
    office/pathways/denials.py, moves.py.
    """
    now = clock.now()
    if not Arrangement.objects.filter(id=arrangement.id, ended_at=None).update(ended_at=now, ended_by=actor):
        return
    Enrollment.objects.filter(id=arrangement.enrollment_id).update(is_active=False, gone_at=now)
    audit.record(
        actor,
        "arrangement.end",
        "section",
        arrangement.section_id,
        arrangement=arrangement.id,
        person=arrangement.person_id,
    )


@transaction.atomic
def set_rules(school: Org, *, guardians_may_observe: bool, teachers_may_invite: bool, actor: Person) -> None:
    """Say what a school allows. Who was arranged before still comes, until it is ended."""
    SchoolRules.objects.update_or_create(
        school=school,
        defaults={"guardians_may_observe": guardians_may_observe, "teachers_may_invite": teachers_may_invite},
    )
    audit.record(
        actor, "arrangement.rules", "org", school.id, guardians=guardians_may_observe, teachers=teachers_may_invite
    )


def say_as_guardian(child: Person, *, subject: str, yes: bool, guardian: Person) -> None:
    """Keep what a guardian says herself of her child; `access.access_child` has found the child."""
    _say(child, subject=subject, yes=yes, guardian=guardian, entered_by=None, actor=guardian)


def say_for_guardian(child: Person, *, subject: str, yes: bool, guardian_id: str, actor: Person) -> None:
    """
    Keep what a guardian told the school on paper or by telephone; `guardian_id` empty: one whom no roster knows.

    :raises NotYours: if that is no guardian of the child
    """
    guardian = None
    if guardian_id:
        link = Guardianship.objects.filter(guardian_id=guardian_id, student=child).select_related("guardian").first()
        if link is None:
            raise NotYours
        guardian = link.guardian
    _say(child, subject=subject, yes=yes, guardian=guardian, entered_by=actor, actor=actor)


def say_as_school(child: Person, *, yes: bool, actor: Person) -> None:
    """Let a child's picture go to her teacher only, or no longer, on the school's own word."""
    _say(child, subject=Consent.Subject.CAMERA, yes=yes, guardian=None, entered_by=actor, actor=actor)


@transaction.atomic
def _say(
    child: Person, *, subject: str, yes: bool, guardian: Person | None, entered_by: Person | None, actor: Person
) -> None:
    if subject not in Consent.Subject.values:
        raise BadRequest("This is not something one can say yes or no to.")
    Person.objects.select_for_update().get(id=child.id)  # of two at once the later word stands
    Consent.objects.update_or_create(
        child=child,
        guardian=guardian,
        subject=subject,
        defaults={"says_yes": yes, "said_at": clock.now(), "entered_by": entered_by},
    )
    audit.record(
        actor, "consent.say", "person", child.id, subject=subject, yes=yes, guardian=guardian.id if guardian else ""
    )


def _check_days(begins_on: date, last_on: date, *, today: date) -> None:
    if last_on < begins_on or last_on < today:
        raise BadRequest("The last day is before the first, or over already.")
    if (last_on - begins_on).days >= DAYS_AT_MOST or (begins_on - today).days > _AHEAD_AT_MOST_DAYS:
        raise BadRequest(f"At most {DAYS_AT_MOST} days, and not more than a year ahead.")
    if begins_on < today:
        raise BadRequest("It cannot begin before today.")
