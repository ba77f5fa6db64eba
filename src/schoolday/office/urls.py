"""All addresses of the office. Each app brings its own; none is open unless its view says so."""

from django.urls import include, path

urlpatterns = [
    path("office/language/", include("django.conf.urls.i18n")),
    path("", include("schoolday.office.rosters.urls")),
    path("", include("schoolday.office.arrangements.urls")),
    path("", include("schoolday.office.timetable.urls")),
    path("", include("schoolday.office.signin.urls")),
    path("", include("schoolday.office.pathways.urls")),
    path("", include("schoolday.office.attendance.urls")),
    path("", include("schoolday.office.families.urls")),
    path("", include("schoolday.office.classbook.urls")),
    path("", include("schoolday.office.recordings.urls")),
    path("", include("schoolday.office.incidents.urls")),
    path("", include("schoolday.office.notices.urls")),
    path("", include("schoolday.office.console.urls")),
]
