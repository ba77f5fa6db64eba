from django.urls import include, path

from schoolday.office.pathways.views import duty

app_name = "pathways"
urlpatterns = [
    path("", include("schoolday.office.pathways.cards.office.urls")),
    path("", include("schoolday.office.pathways.detours.urls")),
    path("", include("schoolday.office.pathways.ways.urls")),
    path("office/duty/", duty.schools, name="duty-schools"),
    path("office/duty/<str:school_id>/", duty.duty, name="duty"),
]
