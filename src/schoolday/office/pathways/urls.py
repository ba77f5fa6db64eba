from django.urls import path

from schoolday.office.pathways.views import alternates, duty

app_name = "pathways"
urlpatterns = [
    path("office/sections/<str:section_id>/alternates/", alternates.alternates, name="alternates"),
    path("office/duty/", duty.schools, name="duty-schools"),
    path("office/duty/<str:school_id>/", duty.duty, name="duty"),
]
