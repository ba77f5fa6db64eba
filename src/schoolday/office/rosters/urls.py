from django.urls import path

from schoolday.office.rosters.views import operator

app_name = "rosters"
urlpatterns = [
    path("office/roster/", operator.index, name="index"),
    path("office/roster/<str:run_id>/", operator.run, name="run"),
    path("office/roster/<str:run_id>/import", operator.accept, name="accept"),
    path("office/roster/<str:run_id>/problems.csv", operator.problems_csv, name="problems"),
]
