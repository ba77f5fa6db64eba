from django.urls import path

from schoolday.office.arrangements.views import arranging, consents

app_name = "arrangements"
urlpatterns = [
    path("office/arrangements/", arranging.start, name="start"),
    path("office/arrangements/school/<str:school_id>/", arranging.school, name="school"),
    path("office/arrangements/class/<str:section_id>/", arranging.section, name="section"),
    path("office/arrangements/class/<str:section_id>/families/", consents.section, name="families"),
    path("office/consents/", consents.family, name="family"),
    path("office/consents/school/<str:school_id>/", consents.school, name="calls"),
]
