"""
Who someone is in a class: one of the section by her pass or badge, or an adult on the school's duty list.

What an adult is there beside the roster, or for a time (a substitute, an interpreter, an observer), her pass says in
`places`; such a place is looked at first and counts only in its time.
"""

from schoolday.contracts.day_session import DaySession
from schoolday.contracts.passes import Place
from schoolday.door.errors import NotYourClass
from schoolday.door.plan import Plan
from schoolday.lib import clock
from schoolday.live.seats import ADULTS, Role

STAFF = frozenset({"teacher", "operator"})


def role_in(plan: Plan, session: DaySession, section: str) -> Role:
    """
    Return the role of a person in a section's class. A microsecond or two.

    An operator has no class of her own: she comes in by duty, or by a place; a guardian by a place alone, and as an
    observer. Who was taken out of the section stays out, also when she is on the duty list.

    :raises NotYourClass: if she has none
    """
    if (session.sub, section) in plan.removed:
        raise NotYourClass
    place = place_in(session, section)
    if place is not None:
        return place.role
    if session.kind in ("student", "teacher") and section in session.sections:
        return "teacher" if session.kind == "teacher" else "student"
    if session.kind in STAFF and plan.on_duty(session.sub, org=plan.org_of(section)):
        return "duty"
    raise NotYourClass


def place_in(session: DaySession, section: str) -> Place | None:
    """Return what an adult is in this section now beside the roster; None: nothing. A child never has a place."""
    place = session.places.get(section) if session.places else None
    if place is None or session.kind in ("student", "drill"):
        return None
    if session.kind == "guardian" and place.role != "observer":
        return None
    now = clock.now_seconds()
    return place if place.nbf <= now and (place.exp == 0 or now < place.exp) else None


def sections_entered(session: DaySession) -> tuple[str, ...]:
    """Return the sections that a session names at all, whatever she is there; to be asked of `role_in` still."""
    return (*session.sections, *session.places) if session.places else session.sections


def own_sections(plan: Plan, session: DaySession) -> tuple[str, ...]:
    """Return the sections that she looks after as their teacher or aide."""
    if session.kind not in STAFF:
        return ()
    found = []
    for section in dict.fromkeys(sections_entered(session)):
        if (session.sub, section) in plan.removed:
            continue
        place = place_in(session, section)
        if place.role in ADULTS if place else session.kind == "teacher" and section in session.sections:
            found.append(section)
    return tuple(found)


def duty_schools(plan: Plan, session: DaySession) -> tuple[str, ...]:
    """Return the schools in whose classes she may look in. 50 nanoseconds a school."""
    return plan.duty_schools(session.sub) if session.kind in STAFF else ()


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
