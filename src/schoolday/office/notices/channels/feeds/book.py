"""What stands in the feeds: the public notices of the last weeks, per school and for the district."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from schoolday.lib import clock
from schoolday.office.notices.models import Notice
from schoolday.office.timetable.zones import zone_of

DISTRICT = "district"  # the name of the feed that has all
KEPT = timedelta(days=30)
AT_MOST = 50


@dataclass(frozen=True)
class Page:
    """One feed: of a school, or of the district. Newest first; `areas` are the names of schools per notice."""

    name: str
    title: str
    zone: ZoneInfo
    notices: Sequence[Notice]


@dataclass(frozen=True)
class Book:
    """All pages that a notice is on."""

    pages: Sequence[Page]
    areas: dict[str, Sequence[str]]


def book_of(notice: Notice) -> Book:
    """Return the pages that a notice is on: its schools' and the district's. Some queries, one per link of a chain."""
    sent = Notice.objects.filter(sent_at__gte=clock.now() - KEPT).exclude(state=Notice.State.DRAFT)
    newest = sent.select_related("follows").prefetch_related("schools__parent").order_by("-sent_at", "-id")
    recent = [one for one in newest[: 2 * AT_MOST] if "feeds" in one.channels][:AT_MOST]
    for one in recent:  # the whole chain now: the hands that write have no database
        before = one.follows
        while before is not None:
            before = before.follows
    touched = {one.id: sorted(one.schools.all(), key=lambda school: school.name) for one in recent}
    ids = {one_id: {school.id for school in schools} for one_id, schools in touched.items()}
    pages = [
        Page(school.id, school.name, zone_of(school), [one for one in recent if school.id in ids[one.id]])
        for school in touched.get(notice.id, [])
    ]
    zone = ZoneInfo(timezone.get_default_timezone_name())
    pages.append(Page(DISTRICT, settings.SCHOOLDAY["PORTAL_NAME"], zone, recent))
    return Book(pages, {one.id: [school.name for school in touched[one.id]] for one in recent})
