"""JSON for the family's page of the device app."""

from django.http import HttpRequest, HttpResponse

from schoolday.office.attendance.access import access_guardian
from schoolday.office.families import queries
from schoolday.office.http import answer, api, person_of


@api("GET")
def family(request: HttpRequest) -> HttpResponse:
    """Return today of each of the guardian's own children."""
    guardian = person_of(request)
    access_guardian(guardian)
    return answer({"children": queries.today_of(guardian)})
