"""All notices somebody may see, the newest first."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from schoolday.office.http import page, person_of
from schoolday.office.notices import queries
from schoolday.office.notices.access import access_sender
from schoolday.office.notices.models import Notice
from schoolday.office.notices.texts import words_of
from schoolday.office.notices.views.shared import own_zone
from schoolday.office.notices.words import LEVEL_WORDS, STATE_WORDS
from schoolday.office.people.queries import is_operator

_ON_A_PAGE = 25


@require_GET
@page
def notices(request: HttpRequest) -> HttpResponse:
    """Show the notices that touch this person's schools, and her own drafts."""
    person = person_of(request)
    schools = access_sender(person)
    found = Notice.objects.exclude(state=Notice.State.DRAFT)
    if not is_operator(person):
        found = found.filter(schools__in=schools).distinct()
    drafts = Notice.objects.filter(state=Notice.State.DRAFT, made_by=person.id).order_by("-made_at")[:5]
    at = Paginator(found.order_by("-sent_at", "-id"), _ON_A_PAGE).get_page(request.GET.get("page"))
    firsts = queries.first_seconds_of(at)
    zone, language = own_zone(), get_language() or "en"
    rows = [
        {
            "notice": notice,
            "title": words_of(notice, language=language, zone=zone).title,
            "first_seconds": firsts.get(notice.id, (None, 0, 0))[0],
            "out": firsts.get(notice.id, (None, 0, 0))[1],
            "waiting": firsts.get(notice.id, (None, 0, 0))[2],
            "state": STATE_WORDS[notice.state],
            "level": LEVEL_WORDS[notice.level],
        }
        for notice in at
    ]
    with timezone.override(zone):
        return render(request, "notices/list.html", {"rows": rows, "at": at, "drafts": list(drafts)})
