from django.urls import URLPattern

app_name = "classbook"
urlpatterns: list[URLPattern] = []
