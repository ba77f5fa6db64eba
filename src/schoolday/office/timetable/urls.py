from django.urls import path

from schoolday.office.timetable.views import feed

app_name = "timetable"
urlpatterns = [
    path("calendar/<str:token>.ics", feed.ics, name="ics"),
    path("api/calendar", feed.where, name="feed"),
    path("api/calendar/new", feed.renew, name="renew_feed"),
]
