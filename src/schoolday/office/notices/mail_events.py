"""
What a mail service tells of mails later (bounced, complained, rejected, delivered), read by django-anymail.

Only of the service in MAIL_SERVICE, and only with MAIL_WEBHOOK_SECRET: without it nobody can have sent it.
"""

from collections.abc import Callable
from typing import Any, cast

from anymail import urls as anymail_urls
from anymail.signals import AnymailTrackingEvent, tracking
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from schoolday.office.notices.receipts import MailEvent, take_mail_event

_ENDING = "_tracking_webhook"
# Of each service its view for events of mails sent; never that for mails that come in.
_VIEWS: dict[str, Callable[..., HttpResponse]] = {
    name.removesuffix(_ENDING): pattern.callback
    for pattern in anymail_urls.urlpatterns
    if (name := str(pattern.name)).endswith(_ENDING)
}
_TAKEN = ("delivered", "bounced", "rejected", "failed", "complained")


@csrf_exempt  # no cookie is looked at: the secret (HTTP basic), and the service's own signature where it has one
def mail_events(request: HttpRequest, service: str) -> HttpResponse:
    """Take events of the mail service that is set; 404 for another one, 403 as long as no secret is set."""
    view = _VIEWS.get(service)
    if view is None or service != settings.SCHOOLDAY["MAIL_SERVICE"]:
        return HttpResponse(status=404)
    if not settings.SCHOOLDAY["MAIL_WEBHOOK_SECRET"]:
        return HttpResponse(status=403)
    return view(request)


@receiver(tracking)
def _on_event(event: AnymailTrackingEvent, **_more: Any) -> None:
    """Take one event. What it raises is answered with 500, and the service tells it again."""
    if event.event_type in _TAKEN and event.recipient:
        take_mail_event(
            str(event.recipient),
            cast(MailEvent, event.event_type),
            message_id=str(event.message_id or ""),
            reason=str(event.reject_reason or ""),
        )
