"""Setting bells in tests."""

from datetime import time

from schoolday.office.people.models import Org
from schoolday.office.timetable.models import BellSchedule, Period


def set_bells(school: Org, bells: str, day_type: str = "regular") -> None:
    """`1 08:30 09:15, 2 09:20 10:05`"""
    schedule, _ = BellSchedule.objects.get_or_create(school=school, day_type=day_type)
    schedule.periods.all().delete()
    for bell in bells.split(","):
        code, starts, ends = bell.split()
        Period.objects.create(
            schedule=schedule, code=code, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends)
        )
