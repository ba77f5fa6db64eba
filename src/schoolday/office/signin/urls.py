from django.urls import path

from schoolday.office.signin.views import api

app_name = "signin"
urlpatterns = [
    path("api/me", api.me, name="me"),
    path("api/sign-on", api.sign_on, name="sign-on"),
    path("api/sign-off", api.sign_off, name="sign-off"),
    path("api/language", api.language, name="language"),
    path("api/bundle", api.bundle, name="bundle"),
]
