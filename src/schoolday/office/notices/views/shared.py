"""What the pages of notices share."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils import timezone

from schoolday.office.notices.audience import Audience, schools_in
from schoolday.office.notices.models import Notice
from schoolday.office.timetable.zones import zone_of


def own_zone() -> ZoneInfo:
    """Return the district's zone, in which pages about several schools tell times."""
    return ZoneInfo(timezone.get_default_timezone_name())


def zone_for(notice: Notice) -> ZoneInfo:
    """Return the zone in which times of a notice are typed and previewed: the schools' own when they share one."""
    zones = {zone_of(school) for school in schools_in(Audience.from_dict(notice.audience))}
    return zones.pop() if len(zones) == 1 else own_zone()


def private(response: HttpResponse) -> HttpResponse:
    """Let no one on the way keep a page with people's names."""
    response["Cache-Control"] = "no-store"
    return response
