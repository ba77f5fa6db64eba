"""The first page of the school office and of operators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from schoolday.office.http import page, person_of
from schoolday.office.people import queries
from schoolday.office.people.access import NotYours


@page
def home(request: HttpRequest) -> HttpResponse:
    """Show what this person may do here; nobody else's page exists for her."""
    person = person_of(request)
    schools = queries.schools_of_staff(person)
    if not schools:
        raise NotYours
    return render(request, "console/home.html", {"schools": schools, "is_operator": queries.is_operator(person)})
