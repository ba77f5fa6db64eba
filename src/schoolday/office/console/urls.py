from django.urls import path

from schoolday.office.console.readiness import views as readiness
from schoolday.office.console.views import health, home

app_name = "console"
urlpatterns = [
    path("office/", home.home, name="home"),
    path("office/readiness/", readiness.district, name="readiness"),
    path("office/readiness/own/", readiness.own, name="readiness-own"),
    path("office/readiness/<str:school_id>/", readiness.school, name="readiness-school"),
    path("office/readiness/<str:school_id>/families/", readiness.families, name="readiness-families"),
    path("office/readiness/<str:school_id>/families/note", readiness.note, name="readiness-note"),
    path("office/readiness/<str:school_id>/families.csv", readiness.export, name="readiness-export"),
    path("office/readiness/<str:school_id>/section/<str:section_id>/", readiness.section, name="readiness-section"),
    path("office/metrics", health.metrics, name="metrics"),
    path("api/health", health.health, name="health"),
]
