from django.urls import path

from schoolday.office.families.views import api, slips

app_name = "families"
urlpatterns = [
    path("api/family", api.family, name="family"),
    path("office/phone/", slips.sections, name="phone-sections"),
    path("office/phone/class/<str:section_id>/", slips.sheet, name="phone-sheet"),
]
