"""Who waits for help, by cause and school; and when many at once suggest an incident."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils.translation import override

from schoolday.lib import clock
from schoolday.office.incidents.help.causes import ADVICE, CAUSE_WORDS, LAYER_OF_CAUSE
from schoolday.office.incidents.models import HelpRequest, Incident
from schoolday.office.people.models import Guardianship, Org, Person
from schoolday.office.people.names import names_in

SHOWN_FOR = timedelta(hours=12)
DONE_SHOWN_FOR = timedelta(minutes=10)  # long enough to undo
SHOWN_AT_MOST = 500
BURST_IN = timedelta(minutes=15)
BURST_AT_LEAST = 10  # requests ...
BURST_SCHOOLS = 3  # ... in so many schools name one cause; our judgement
_SPOKEN = ("en", "es", "ht")


@dataclass(frozen=True)
class Caller:
    """Somebody who waits. `phones`: (whose, number), hers or her guardians'. `advice`: in `language`, the family's."""

    request: HelpRequest
    name: str
    times: int
    phones: list[tuple[str, str]]
    language: str
    advice: str


@dataclass
class Group:
    """Those of one cause at one school."""

    cause: str
    school: Org | None
    callers: list[Caller] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return sum(caller.request.state == HelpRequest.State.OPEN for caller in self.callers)


@dataclass(frozen=True)
class Burst:
    """Many at once for one cause: is it an incident?"""

    cause: str
    layer: str
    requests: int
    schools: int


def groups_of(mine: QuerySet[HelpRequest]) -> list[Group]:
    """Return who waits, the largest group first, in it the longest waiting first. 4 queries."""
    now = clock.now()
    rows = mine.filter(asked_at__gte=now - SHOWN_FOR).exclude(
        state=HelpRequest.State.DONE, done_at__lt=now - DONE_SHOWN_FOR
    )
    rows = rows.select_related("person", "school", "section", "taken_by").order_by("-asked_at", "id").distinct()
    latest: dict[tuple[str, str | None], HelpRequest] = {}
    times: dict[tuple[str, str | None], int] = defaultdict(int)
    for row in rows[:SHOWN_AT_MOST]:
        key = (row.person_id, row.section_id)
        latest.setdefault(key, row)
        times[key] += 1
    names = names_in(row.person for row in latest.values())
    guardians = _guardians_of({row.person_id for row in latest.values()})
    groups: dict[tuple[str, str | None], Group] = {}
    for key, row in sorted(latest.items(), key=lambda item: (item[1].asked_at, item[1].id)):
        group = groups.setdefault((row.cause, row.school_id), Group(row.cause, row.school))
        family = guardians.get(row.person_id, [])
        language = (family[0] if family else row.person).language
        group.callers.append(
            Caller(
                request=row,
                name=names[row.person_id],
                times=times[key],
                phones=_phones(row.person, family),
                language=language,
                advice=advice_in(row.cause, language),
            )
        )
    order = list(CAUSE_WORDS)
    return sorted(
        groups.values(),
        key=lambda group: (-group.waiting, order.index(group.cause), group.school.name if group.school else ""),
    )


def bursts(mine: QuerySet[HelpRequest]) -> list[Burst]:
    """Return the causes that many name at once and that no open incident of that layer stands for. 2 queries."""
    rows = mine.filter(asked_at__gte=clock.now() - BURST_IN, cause__in=list(LAYER_OF_CAUSE)).order_by()
    counted = rows.values_list("cause").annotate(
        people=Count("person", distinct=True), schools=Count("school", distinct=True)
    )
    known = set(Incident.objects.filter(closed_at=None).values_list("layer", flat=True))
    return sorted(
        (
            Burst(cause, LAYER_OF_CAUSE[cause], people, schools)
            for cause, people, schools in counted
            if people >= BURST_AT_LEAST and schools >= BURST_SCHOOLS and LAYER_OF_CAUSE[cause] not in known
        ),
        key=lambda burst: -burst.requests,
    )


def advice_in(cause: str, language: str) -> str:
    """Return what to tell the family, in its language."""
    with override(language if language in _SPOKEN else "en"):
        return str(ADVICE[cause])


def _guardians_of(people: set[str]) -> dict[str, list[Person]]:
    rows = Guardianship.objects.filter(student__in=people, guardian__is_active=True).select_related("guardian")
    found: dict[str, list[Person]] = defaultdict(list)
    for row in rows.order_by("id"):
        found[row.student_id].append(row.guardian)
    return found


def _phones(person: Person, family: list[Person]) -> list[tuple[str, str]]:
    return [(one.name, one.phone) for one in (*family, person) if one.phone]
