from django.urls import path

from schoolday.office.console.views import health, home

app_name = "console"
urlpatterns = [
    path("office/", home.home, name="home"),
    path("office/metrics", health.metrics, name="metrics"),
    path("api/health", health.health, name="health"),
]
