from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "schoolday.office.attendance"
    label = "attendance"
    default_auto_field = "django.db.models.BigAutoField"
