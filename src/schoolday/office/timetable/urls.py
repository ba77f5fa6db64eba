from datetime import date

from django.urls import path, register_converter

from schoolday.office.timetable.views import feed, staff

app_name = "timetable"


class IsoDate:
    """2026-09-01 in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(IsoDate, "timetable_date")

urlpatterns = [
    path("calendar/<str:token>.ics", feed.ics, name="ics"),
    path("api/calendar", feed.where, name="feed"),
    path("api/calendar/new", feed.renew, name="renew_feed"),
    path("office/timetable/", staff.schools, name="schools"),
    path("office/timetable/<str:school_id>/", staff.school, name="school"),
    path("office/timetable/<str:school_id>/undo", staff.undo, name="undo"),
    path("office/timetable/<str:school_id>/bells/new", staff.bells, name="new_bells"),
    path("office/timetable/<str:school_id>/bells/<int:schedule_id>", staff.bells, name="bells"),
    path("office/timetable/<str:school_id>/day/<timetable_date:on>", staff.day, name="day"),
]
