"""Banners in the app and in class, and the status page: rows that the plan of each school carries."""

from datetime import datetime
from zoneinfo import ZoneInfo

from schoolday.office.notices.models import Notice
from schoolday.office.notices.public import public_words
from schoolday.office.pathways.models import BannerNotice
from schoolday.office.people.models import Org
from schoolday.office.timetable.zones import zone_of


def show(notice: Notice, schools: list[Org], *, at: datetime, until_at: datetime) -> int:
    """
    Put a notice's banner up at schools; those of the notices it follows come down. Two statements.

    No worker has to wake for it: the rows stand in the transaction that sends the notice, and the plan's publisher
    sees the act in the audit.
    """
    hide(notice)
    words: dict[ZoneInfo, dict[str, str]] = {}
    rows = []
    for school in schools:
        zone = zone_of(school)
        if zone not in words:
            words[zone] = {lang: public_words(notice, language=lang, zone=zone).text for lang in ("en", "es", "ht")}
        rows.append(
            BannerNotice(
                notice_id=notice.id, school=school, at=at, until_at=until_at, level=notice.level, **words[zone]
            )
        )
    BannerNotice.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def hide(notice: Notice) -> int:
    """Take down the banners of a notice and of those it follows; return how many were up."""
    ids = [notice.id]
    before = notice.follows
    while before is not None and before.id not in ids:
        ids.append(before.id)
        before = before.follows
    count, _ = BannerNotice.objects.filter(notice_id__in=ids).delete()
    return count
