"""Mail: through the district's own server (SMTP), or a service that django-anymail knows."""

from schoolday.office.notices.channels.mail.channel import Mail

__all__ = ["Mail"]
