"""Tells Django of the class book."""

from django.apps import AppConfig


class ClassbookConfig(AppConfig):
    name = "schoolday.office.classbook"
    label = "classbook"
    default_auto_field = "django.db.models.BigAutoField"
