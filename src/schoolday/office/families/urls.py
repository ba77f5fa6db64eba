from django.urls import path

from schoolday.office.families.views import api

app_name = "families"
urlpatterns = [path("api/family", api.family, name="family")]
