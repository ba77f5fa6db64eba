"""What granian loads in each process of the office: the WSGI application, with our log."""

from django.conf import settings

from schoolday.lib import log
from schoolday.office.wsgi import application

log.configure(part="office", level=settings.SCHOOLDAY["LOG_LEVEL"], pii=settings.SCHOOLDAY["LOG_PII"])

__all__ = ["application"]
