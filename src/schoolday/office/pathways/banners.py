"""Banners in the app and in class: notices writes them, each school's plan carries those that still hold."""

from datetime import datetime

from schoolday.contracts import plan
from schoolday.contracts.plan import Texts
from schoolday.office.pathways.models import BannerNotice
from schoolday.office.people.models import Org

AT_MOST = 20  # of one school at a time; a plan is fetched by every device, and nobody reads more


def notices_for(school: Org, now: datetime) -> tuple[plan.Notice, ...]:
    """Return the notices that hold now or will, emergencies first, then the newest. One query."""
    rows = BannerNotice.objects.filter(school=school, until_at__gt=now).order_by("-at", "notice_id")
    found = [
        plan.Notice(
            id=row.notice_id,
            at=int(row.at.timestamp()),
            until_at=int(row.until_at.timestamp()),
            level=row.level,
            text=Texts(en=row.en, es=row.es, ht=row.ht),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda notice: notice.level != "emergency")[:AT_MOST])
