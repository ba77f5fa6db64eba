"""Reading recordings."""

from dataclasses import dataclass

from django.db.models import QuerySet

from schoolday.lib import clock
from schoolday.office.people.models import Person
from schoolday.office.recordings.models import Heard, Recording


@dataclass(frozen=True)
class Part:
    """One recording that a child is in, and from when to when (seconds of the recording)."""

    recording: Recording
    from_second: int
    until_second: int


def in_order(among: QuerySet[Recording]) -> QuerySet[Recording]:
    """Return those that are still kept, the newest first."""
    return among.filter(keep_until__gt=clock.now()).order_by("-started_at", "id")


def parts_with(child: Person, *, among: QuerySet[Recording]) -> list[Part]:
    """Return the recordings that a child is in. One query."""
    rows = Heard.objects.filter(person=child, recording__in=in_order(among).order_by())
    found = rows.select_related("recording__section", "recording__made_by").order_by("-recording__started_at")
    return [Part(one.recording, one.from_second, one.until_second) for one in found]


def people_in(recording: Recording) -> list[Heard]:
    """Return the students who are in a recording, by name. One query."""
    return list(recording.heard.select_related("person").order_by("person__family_name", "person__given_name"))
