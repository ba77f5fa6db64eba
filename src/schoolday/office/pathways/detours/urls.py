from django.urls import path

from schoolday.office.pathways.detours.views import class_move, declaring, pages

urlpatterns = [
    path("api/class-moves", class_move.class_moves, name="class-moves"),
    path("office/detours/", pages.detours, name="detours"),
    path("office/detours/new/", declaring.new, name="new-detour"),
    path("office/detours/<str:detour_id>/", pages.detour, name="detour"),
    path("office/detours/<str:detour_id>/change/", declaring.change, name="change-detour"),
]
