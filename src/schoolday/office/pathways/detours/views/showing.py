"""What the pages of detours share: a detour as a row, the district's wall, and putting it into the plan."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from schoolday.lib import clock, log
from schoolday.lib.errors import SchooldayError
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.publishing import publish_detours
from schoolday.office.pathways.detours.words import STATUS_WORDS, Names, say_way
from schoolday.office.people.models import Org, Person
from schoolday.office.timetable.zones import zone_of

_log = log.get(__name__)


def publish(request: HttpRequest, person: Person, said: str) -> None:
    """Put it into the plan now; where that does not work, the worker does it within seconds, and it is said."""
    try:
        release = publish_detours(actor=person)
    except (SchooldayError, OSError) as error:
        _log.error("detours not published by a page", error=type(error).__name__)
        release = None
    if release is None:
        messages.warning(request, _("Saved. It goes out with the next plan, in about a minute."))
    else:
        messages.success(request, said)


def row_of(one: Detour, names: Names, request: HttpRequest) -> dict[str, object]:
    status = one.status(clock.now())
    language = getattr(request, "LANGUAGE_CODE", "en")
    return {
        "detour": one,
        "status": status,
        "status_word": STATUS_WORDS[status],
        "scope": names.say(one.scope),
        "way": say_way(one),
        "reason": getattr(one.reason, language, one.reason_en),
        "by": one.made_by.name if one.made_by else "",
        "is_due": status == "in_force" and one.review_on <= timezone.localdate(clock.now()),
    }


def zone() -> ZoneInfo:
    """Return the district's zone, in which these pages tell and take times."""
    district = Org.objects.filter(kind=Org.Kind.DISTRICT).first()
    return zone_of(district) if district else ZoneInfo(timezone.get_default_timezone_name())
