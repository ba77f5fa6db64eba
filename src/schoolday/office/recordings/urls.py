from django.urls import path

from schoolday.office.recordings.views import api, media, pages

app_name = "recordings"
urlpatterns = [
    path("api/recordings", api.recordings, name="recordings"),
    path("api/recordings/<str:recording_id>/chunks/<int:number>", api.chunk, name="chunk"),
    path("api/recordings/<str:recording_id>/finish", api.finish, name="finish"),
    path("office/recordings/", pages.listing, name="list"),
    path("office/recordings/of/<str:student_id>/", pages.child, name="child"),
    path("office/recordings/<str:recording_id>/", pages.recording, name="recording"),
    path("office/recordings/<str:recording_id>/media", media.media, name="media"),
    path("office/recordings/<str:recording_id>/publish", pages.publish, name="publish"),
    path("office/recordings/<str:recording_id>/extend", pages.extend, name="extend"),
    path("office/recordings/<str:recording_id>/delete/", pages.delete, name="delete"),
]
