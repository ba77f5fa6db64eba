"""The time zone a school lives in."""

import functools
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.people.models import Org


class UnknownTimeZone(SchooldayError):
    """A school's time zone is not one of the IANA names."""

    code = "unknown_time_zone"


def zone_of(org: Org) -> ZoneInfo:
    """
    Return the zone of a school: its own, else its district's, else TIME_ZONE. Load `parent` along to spare a query.

    :raises UnknownTimeZone: naming the org and the zone
    """
    name = org.time_zone
    if not name and org.parent is not None:
        name = org.parent.time_zone
    try:
        return _zone(name or settings.TIME_ZONE)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownTimeZone(
            f"The time zone {name!r} of org {org.sourced_id} is unknown: write an IANA name such as America/New_York."
        ) from error


def today(org: Org) -> date:
    """Return the date on the wall of this school."""
    return clock.now().astimezone(zone_of(org)).date()


@functools.cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
