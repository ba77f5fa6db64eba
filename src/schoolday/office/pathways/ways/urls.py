"""Addresses of alternates, packets, what a school allows, and what is missing; in the namespace of pathways."""

from django.urls import path

from schoolday.office.pathways.views import alternates, missing, packets

urlpatterns = [
    path("office/sections/<str:section_id>/alternates/", alternates.alternates, name="alternates"),
    path("office/sections/<str:section_id>/packets/", packets.section_packets, name="packets"),
    path("office/schools/<str:school_id>/pathways/", missing.allowed, name="allowed"),
    path("office/alternates/missing/", missing.schools, name="missing"),
    path("office/alternates/missing.csv", missing.export, name="missing-export"),
    path("office/alternates/missing/<str:school_id>/", missing.school, name="missing-school"),
]
