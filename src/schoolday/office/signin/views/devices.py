"""A lost or stolen device, somebody who must not come in any more: end its pass, or all of hers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolday.office.http import page, person_of
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person, RoleAssignment
from schoolday.office.signin import actions
from schoolday.office.signin.access_devices import FOUND_AT_MOST, access_person, people_of, search
from schoolday.office.signin.models import Device

_WORDS_AT_MOST_LETTERS = 100


@require_http_methods(["GET", "POST"])
@page
def find(request: HttpRequest) -> HttpResponse:
    """Find somebody by name. By POST: a child's name stands in no address and in no log."""
    asker = person_of(request)
    people_of(asker)
    words = request.POST.get("words", "").strip()[:_WORDS_AT_MOST_LETTERS]
    found = search(asker, words) if words else []
    if words:
        audit.record(asker, "look.people", "person", "", found=len(found))
    context = {"words": words, "found": found, "is_cut": len(found) == FOUND_AT_MOST}
    return _private(render(request, "signin/find_person.html", context))


@require_http_methods(["GET", "POST"])
@page
def devices(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show a person's devices; take one away, or end everything she could come in with."""
    asker = person_of(request)
    person = access_person(asker, person_id)
    if request.method == "POST":
        if request.POST.get("do") == "end":
            actions.end_passes(person, actor=asker)
            messages.success(request, _("Everything this person could come in with has ended."))
        else:
            actions.take_away(_device(person, request.POST.get("device", "")), actor=asker)
            messages.success(request, _("The device is taken away."))
        return redirect("signin:devices", person_id=person.id)
    rows = Device.objects.filter(person=person).order_by("-seen_at", "-id")
    audit.record(asker, "look.devices", "person", person.id)
    is_student = person.is_active and person.roles.filter(role=RoleAssignment.Role.STUDENT).exists()
    context = {"person": person, "devices": rows, "is_student": is_student}
    return _private(render(request, "signin/devices.html", context))


def _device(person: Person, device_id: str) -> Device:
    found = Device.objects.filter(person=person, id=device_id).first() if device_id.isdecimal() else None
    if found is None:
        raise NotYours
    return found


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
