from django.urls import path

from schoolday.office.attendance.views import alone, api, staff

app_name = "attendance"
urlpatterns = [
    path("api/evidence", api.evidence, name="evidence"),
    path("api/register", api.register, name="register"),
    path("office/register/", staff.schools, name="schools"),
    path("office/register/<str:school_id>/", staff.day, name="day"),
    path("office/register/alone.js", alone.script, name="alone-script"),
    path("office/register/<str:school_id>/alone", alone.panel, name="alone"),
    path("office/register/<str:school_id>/export.csv", staff.export, name="export"),
    path("office/register/<str:school_id>/<str:section_id>/", staff.section, name="section"),
    path("office/register/<str:school_id>/<str:section_id>/mark", staff.mark, name="mark"),
]
