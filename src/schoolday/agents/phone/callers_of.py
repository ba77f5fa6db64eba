"""Whom the phone may let in now, and where: from the plan, for the classes that are open."""

from collections.abc import Iterator
from dataclasses import dataclass

from schoolday.agents.plans import PlanReader
from schoolday.contracts import phone
from schoolday.contracts.plan import DoorPeople, SectionPlan
from schoolday.lib import ids
from schoolday.live import seats

NAME_PREFIX = "schoolday "


@dataclass(frozen=True)
class Way:
    """One child's way into one class. `name`: of the rule, by which it is known again; it changes with what it says."""

    pin: str
    sub: str
    meeting: str
    live_name: str

    @property
    def name(self) -> str:
        return f"{NAME_PREFIX}{self.meeting} {self.sub} {self.live_name[:8]}"

    @property
    def attributes(self) -> dict[str, str]:
        """What the participant carries: as a seat's token has it, and who she is: her identity is the bridge's."""
        return {"meeting": self.meeting, "role": "student", "sub": self.sub}


def ways(
    plans: PlanReader, *, orgs: tuple[str, ...], now: int, opens_seconds: int, cell_secret: bytes
) -> dict[str, Way]:
    """
    Return the ways of all classes that are open now, by PIN. `orgs`: of these schools only; empty: of all.

    30 microseconds a child. Of two children with one PIN (once in 10^11 pairs) neither gets in: it would be a guess.
    """
    index = plans.refresh(now=now)
    found: dict[str, Way] = {}
    twice: set[str] = set()
    removed = set(index.deny.removed) if index else set()
    week = phone.week_of(now)
    for files in index.schools if index else ():
        if orgs and files.org not in orgs:
            continue
        school, people = plans.school(files.org), plans.people(files.org)
        for section in school.sections if school and people else ():
            for meeting in section.meetings:
                if (
                    not meeting.starts_at - opens_seconds <= now < meeting.ends_at
                    or (meeting.pathway or "live") != "live"
                ):
                    continue
                name = seats.live_name(
                    meeting.id, cell_secret=cell_secret, day=seats.live_day(meeting.starts_at), turn=meeting.turn
                )
                for sub in _students(people, section):
                    if (sub, section.id) in removed:
                        continue
                    pin = phone.dialled(section=section.id, sub=sub, cell_secret=cell_secret, week=week)
                    if pin in found:
                        twice.add(pin)
                    found[pin] = Way(pin, sub, meeting.id, name)
    return {pin: way for pin, way in found.items() if pin not in twice}


def _students(people: DoorPeople | None, section: SectionPlan) -> Iterator[str]:
    if people is None or section.id not in people.section_ids or section.pathway != "live":
        return
    place = people.section_ids.index(section.id)
    for person, sections in zip(people.people, people.sections, strict=True):
        if place in sections:
            yield ids.from_int(person)
