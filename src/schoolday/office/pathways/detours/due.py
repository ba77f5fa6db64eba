"""Seeing what the plan must say now: a detour begins or ends, a notice or an incident says something new."""

from collections.abc import Hashable

from schoolday.lib import clock
from schoolday.office.pathways import public_words
from schoolday.office.pathways.detours import queries
from schoolday.office.pathways.detours.publishing import publish_detours
from schoolday.office.pathways.public_words import Words, words_of
from schoolday.office.people.models import Org

EVERY_SECONDS = 2.0


class PublishWhenDue:
    """
    Publish whenever detours and public words of this moment are not those of the last round: a few small queries.

    At its start it publishes once, which writes nothing when nothing changed. A round that fails is done again, and so
    is one of words that found no plan to say them in.
    """

    def __init__(self) -> None:
        self._detours: Hashable = None
        self._moment: Hashable = None
        self._said: dict[str, Words] = {}

    def __call__(self) -> object:
        now = clock.now()
        detours, moment = queries.moment(now), public_words.moment(now)
        if (detours, moment) == (self._detours, self._moment):
            return None
        said = self._said if moment == self._moment else self._words()
        new_in = {school for school, words in said.items() if words != self._said.get(school, Words())}
        if not new_in and detours == self._detours:
            self._moment = moment
            return None
        release = publish_detours(said_in=new_in)
        self._detours = detours
        if release is not None:
            self._moment, self._said = moment, said
        return {"version": release.version} if release else None

    @staticmethod
    def _words() -> dict[str, Words]:
        schools = Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True).values_list("id", flat=True)
        return words_of(list(schools), clock.now())
