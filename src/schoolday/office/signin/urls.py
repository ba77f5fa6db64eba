from django.urls import path

from schoolday.office.signin.views import api, badges, devices, members

app_name = "signin"
urlpatterns = [
    path("api/me", api.me, name="me"),
    path("api/sign-on", api.sign_on, name="sign-on"),
    path("api/sign-on/line", api.sign_on_line, name="sign-on-line"),
    path("api/sign-off", api.sign_off, name="sign-off"),
    path("api/language", api.language, name="language"),
    path("api/bundle", api.bundle, name="bundle"),
    path("api/members", members.members, name="members"),
    path("office/devices/", devices.find, name="find-person"),
    path("office/devices/<str:person_id>/", devices.devices, name="devices"),
    path("office/badges/", badges.sections, name="badge-sections"),
    path("office/badges/<str:section_id>/", badges.sheet, name="badge-sheet"),
    path("office/badges/<str:section_id>/pictures/", badges.pictures, name="badge-pictures"),
    path("office/badges/<str:section_id>/new/<str:student_id>/", badges.new_badge, name="new-badge"),
]
