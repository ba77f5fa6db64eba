"""Who someone is in a class: one of the section by her pass or badge, or an adult on the school's duty list."""

from schoolday.contracts.day_session import DaySession
from schoolday.door.errors import NotYourClass
from schoolday.door.plan import Plan
from schoolday.live.seats import Role

ADULTS = frozenset({"teacher", "operator"})


def role_in(plan: Plan, session: DaySession, section: str) -> Role:
    """
    Return the role of a person in a section's class. A microsecond or two.

    An operator has no class of her own: she comes in by duty alone. Who was taken out of the section stays out,
    also when she is on the duty list.

    :raises NotYourClass: if she has none
    """
    if (session.sub, section) in plan.removed:
        raise NotYourClass
    if session.kind != "operator" and section in session.sections:
        return "teacher" if session.kind == "teacher" else "student"
    if session.kind in ADULTS and plan.on_duty(session.sub, org=plan.org_of(section)):
        return "duty"
    raise NotYourClass


def own_sections(plan: Plan, session: DaySession) -> tuple[str, ...]:
    """Return the sections whose teacher she is."""
    if session.kind != "teacher":
        return ()
    return tuple(section for section in session.sections if (session.sub, section) not in plan.removed)


def duty_schools(plan: Plan, session: DaySession) -> tuple[str, ...]:
    """Return the schools in whose classes she may look in. 50 nanoseconds a school."""
    return plan.duty_schools(session.sub) if session.kind in ADULTS else ()


def section_looked_after(plan: Plan, session: DaySession, meeting: str) -> str:
    """
    Return the section of a meeting, if the asker is its teacher or has duty in its school.

    :raises NotYourClass: if she is neither
    """
    section = plan.section_of(meeting, own_sections(plan, session))
    if section is not None:
        return section
    sitting = plan.find_meeting(meeting, orgs=duty_schools(plan, session))
    if sitting is None or (session.sub, sitting.section) in plan.removed:
        raise NotYourClass
    return sitting.section
