from django.urls import path

from schoolday.office.classbook.views import api, files

app_name = "classbook"
urlpatterns = [
    path("api/classbook/notes", api.notes, name="notes"),
    path("api/classbook/notes/<str:meeting_id>", api.own_words, name="own-words"),
    path("api/classbook/files", files.all_files, name="files"),
    path("api/classbook/files/<str:file_id>", files.one_file, name="file"),
]
