from django.urls import path

from schoolday.office.console.views import home

app_name = "console"
urlpatterns = [path("office/", home.home, name="home")]
