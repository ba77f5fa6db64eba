from django.urls import path

from schoolday.office.pathways.views import alternates

app_name = "pathways"
urlpatterns = [path("office/sections/<str:section_id>/alternates/", alternates.alternates, name="alternates")]
