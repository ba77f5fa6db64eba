"""The duty list of a school: its office keeps who is called when a class has no adult."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from schoolday.office.http import page, person_of
from schoolday.office.pathways.duty import call_earlier, put_on_duty, take_off_duty
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.names import names_in
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.signin.duty import adults_of, duty_of
from schoolday.office.signin.models import DutyPlace

_VERBS = {"add": put_on_duty, "remove": take_off_duty, "earlier": call_earlier}


@require_GET
@page
def schools(request: HttpRequest) -> HttpResponse:
    """Let somebody of several schools choose one; lead everybody else straight to hers."""
    found = schools_of_staff(person_of(request))
    if not found:
        raise NotYours
    if len(found) == 1:
        return redirect("pathways:duty", school_id=found[0].id)
    return render(request, "pathways/duty_schools.html", {"schools": found})


@require_http_methods(["GET", "POST"])
@page
def duty(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show the list in the order to call, and change it by one person at a time."""
    person = person_of(request)
    school = access_school(person, school_id)
    if request.method == "POST":
        verb = _VERBS.get(request.POST.get("do", ""))
        if verb is None:
            raise NotYours
        verb(school, request.POST.get("person", ""), actor=person)
        messages.success(request, _("Saved. Devices know it with the next plan, within minutes."))
        return redirect("pathways:duty", school_id=school.id)
    adults = {adult.id: adult for adult in adults_of(school)}
    names = names_in(adults.values())
    on_duty = [(one, names[one]) for one in duty_of([school.id])[school.id]]
    chosen = {place.person_id for place in DutyPlace.objects.filter(school=school)}
    context = {
        "school": school,
        "on_duty": on_duty,
        "is_default": not any(one in chosen for one, _name in on_duty),
        "others": [(one, names[one]) for one in adults if one not in chosen],
    }
    return render(request, "pathways/duty.html", context)
