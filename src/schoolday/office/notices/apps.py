from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "schoolday.office.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from schoolday.office.notices.promises import promised_at
        from schoolday.office.pathways.public_words import tell_promises

        tell_promises(promised_at)
