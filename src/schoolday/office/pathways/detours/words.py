"""Pathways, states and scopes as people read them, in the language of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schoolday.contracts.plan import DetourScope
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import Section

PATHWAY_WORDS: Mapping[str, Promise] = {
    "": _("As each teacher chose"),
    "live": _("Live class"),
    "zoom": _("Zoom"),
    "teams": _("Microsoft Teams"),
    "meet": _("Google Meet"),
    "jitsi": _("Jitsi"),
    "bbb": _("BigBlueButton"),
    "phone": _("Phone"),
    "link": _("Another link"),
    "packet": _("Today's lesson on the device"),
}
STATUS_WORDS: Mapping[str, Promise] = {
    "proposed": _("Waits for a second operator"),
    "coming": _("Coming"),
    "in_force": _("In force"),
    "undone": _("Undone"),
    "over": _("Over"),
}
BAND_WORDS: Mapping[str, Promise] = {
    "PK-5": _("Grades PK to 5"),
    "6-8": _("Grades 6 to 8"),
    "9-12": _("Grades 9 to 12"),
    "all": _("Without a grade"),
}


@dataclass(frozen=True)
class Names:
    """Names of the schools and sections that some scopes speak of. Two queries, however many scopes."""

    schools: Mapping[str, str]
    sections: Mapping[str, str]

    @classmethod
    def of(cls, scopes: Iterable[DetourScope]) -> "Names":
        scopes = list(scopes)
        schools = Org.objects.filter(id__in={one for scope in scopes for one in scope.schools})
        sections = Section.objects.filter(id__in={one for scope in scopes for one in scope.sections})
        return cls(dict(schools.values_list("id", "name")), dict(sections.values_list("id", "title")))

    def say(self, scope: DetourScope) -> list[str]:
        """Return the scope in words: one each of what narrows it down."""
        found = [self.sections.get(one, one) for one in scope.sections]
        found += [str(BAND_WORDS.get(one, one)) for one in scope.bands]
        found += [gettext("Region %(name)s") % {"name": one} for one in scope.regions]
        found += [self.schools.get(one, one) for one in scope.schools]
        return found or [gettext("The whole district")]


def say_way(detour: Detour) -> str:
    """Return what a detour does: how classes meet, or by how much they begin later."""
    return way_of(detour.pathway, detour.shift_minutes)


def way_of(pathway: str, shift_minutes: Mapping[str, int]) -> str:
    if not shift_minutes:
        return str(PATHWAY_WORDS.get(pathway, pathway))
    parts = [
        gettext("%(who)s: %(minutes)+d minutes") % {"who": BAND_WORDS.get(band, band), "minutes": minutes}
        for band, minutes in sorted(shift_minutes.items())
    ]
    return gettext("Staggered start") + " · " + " · ".join(parts)


def lacking_words(pathway: str) -> str:
    """Return what some classes lack where they are to meet this way."""
    if pathway == "":
        return gettext("classes whose teacher has chosen no place")
    if pathway == "packet":
        return gettext("classes without a lesson of that day")
    return gettext("classes without a place there: %(way)s") % {"way": PATHWAY_WORDS.get(pathway, pathway)}
