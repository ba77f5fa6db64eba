from django.urls import path

from schoolday.office.pathways.detours.views import pages

urlpatterns = [
    path("office/detours/", pages.detours, name="detours"),
    path("office/detours/new/", pages.new, name="new-detour"),
    path("office/detours/<str:detour_id>/", pages.detour, name="detour"),
]
