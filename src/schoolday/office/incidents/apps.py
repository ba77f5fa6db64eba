from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "schoolday.office.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from schoolday.office.incidents.public import incidents_of
        from schoolday.office.pathways.public_words import tell_incidents

        tell_incidents(incidents_of)
