"""Cards to print: principals those of their school, operators of any."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from schoolday.office.http import page, person_of
from schoolday.office.pathways.cards.office.sheet import cards_of, count_cards
from schoolday.office.pathways.cards.page import STYLE
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.queries import schools_of_staff


@require_GET
@page
def schools(request: HttpRequest) -> HttpResponse:
    """Show each school's public pages and how many cards it has."""
    found = schools_of_staff(person_of(request))
    if not found:
        raise NotYours
    plan_dir = settings.SCHOOLDAY.plan_dir
    context = {
        "schools": [(school, count_cards(plan_dir, school.id)) for school in found],
        "base": settings.SCHOOLDAY.plan_hosts[0].rstrip("/"),
    }
    return render(request, "cards/schools.html", context)


@require_GET
@page
def sheet(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show every card of one school, each on its own sheet of paper."""
    school = access_school(person_of(request), school_id)
    cards = cards_of(settings.SCHOOLDAY.plan_dir, school.id)
    context = {
        "school": school,
        # Our own files, made from the signed plan with every text escaped; so they may stand here as they are.
        "cards": [mark_safe(html) for html in cards],  # noqa: S308 - see above
        "style": mark_safe(STYLE),  # noqa: S308 - a file of this package
    }
    return render(request, "cards/sheet.html", context)
