"""A person's calendar feed, and where it is."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from schoolday.office.http import answer, api, person_of
from schoolday.office.timetable.actions.feed import feed_of, renew_feed
from schoolday.office.timetable.feed import calendar_of
from schoolday.office.timetable.models import CalendarFeed

_FRESH_SECONDS = 900


@require_safe
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """Serve the feed to whoever holds its address: calendars cannot sign on. 5 queries."""
    feed = CalendarFeed.objects.filter(token=token, person__is_active=True).select_related("person").first()
    if feed is None:
        return HttpResponse("There is no such calendar.", status=404, content_type="text/plain; charset=utf-8")
    body = calendar_of(feed.person)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = f"private, max-age={_FRESH_SECONDS}"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Disposition"] = 'inline; filename="schoolday.ics"'
    conditional = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(conditional, HttpResponse)  # noqa: S101 - for the type checker; it gives ours or a 304
    return conditional


@api("GET")
def where(request: HttpRequest) -> HttpResponse:
    """Say the address of this person's feed."""
    return answer({"url": _url(feed_of(person_of(request)))})


@api("POST")
def renew(request: HttpRequest) -> HttpResponse:
    """Give the feed a new address, when the old one has come into the wrong hands."""
    return answer({"url": _url(renew_feed(person_of(request)))})


def _url(feed: CalendarFeed) -> str:
    return reverse("timetable:ics", args=[feed.token])
