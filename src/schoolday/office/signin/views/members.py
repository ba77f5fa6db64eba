"""Who is in a class, for an adult who looks into it: docs/develop/api.md."""

from django.http import HttpRequest, HttpResponse

from schoolday.office.http import answer, api
from schoolday.office.people import audit
from schoolday.office.signin.access import access_asker, cookie_or_day
from schoolday.office.signin.access_sections import access_members
from schoolday.office.signin.bundle import members_of


@api("GET")
@cookie_or_day
def members(request: HttpRequest) -> HttpResponse:
    """Return everybody of one section; that an adult on duty asked is in the audit."""
    person = access_asker(request).person
    section, days, on_duty = access_members(person, request.GET.get("section", ""))
    if on_duty:
        audit.record(person, "look.members", "section", section.id)
    return answer({"members": members_of(section, days)})
