from django.urls import path

from schoolday.office.classbook.views import api, files, pages

app_name = "classbook"
urlpatterns = [
    path("api/classbook/notes", api.notes, name="notes"),
    path("api/classbook/notes/<str:meeting_id>", api.own_words, name="own-words"),
    path("api/classbook/files", files.all_files, name="files"),
    path("api/classbook/files/<str:file_id>", files.one_file, name="file"),
    path("office/book/", pages.sections, name="sections"),
    path("office/book/section/<str:section_id>/", pages.section, name="section"),
    path("office/book/child/<str:child_id>/", pages.child, name="child"),
    path("office/book/<str:meeting_id>/", pages.meeting, name="meeting"),
    path("office/book/<str:meeting_id>/export.csv", pages.export, {"form": "csv"}, name="export-csv"),
    path("office/book/<str:meeting_id>/export.json", pages.export, {"form": "json"}, name="export-json"),
]
