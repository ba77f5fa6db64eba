"""The first page of the school office and of operators."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schoolday.office.console.queries import state_of
from schoolday.office.http import page, person_of
from schoolday.office.people import queries


@dataclass(frozen=True)
class Card:
    """One thing to do here."""

    title: str
    text: str
    url: str


@require_GET
@page
def home(request: HttpRequest) -> HttpResponse:
    """Show what this person may do here; nobody else's page exists for her."""
    person = person_of(request)
    schools = queries.schools_of_staff(person)
    is_operator = queries.is_operator(person)
    if not (schools or is_operator):
        return HttpResponseRedirect("/")  # her pages are in the app; every page's head leads here
    context: dict[str, object] = {
        "schools": schools,
        "cards": _cards(is_operator=is_operator),
    }
    if is_operator:
        state = state_of(settings.SCHOOLDAY)
        words = _roles()
        context |= {"state": state, "people": [(words.get(role, role), count) for role, count in state.people.items()]}
    return render(request, "console/home.html", context)


def _cards(*, is_operator: bool) -> list[Card]:
    cards = [
        Card(_("Readiness"), _("Who is ready for the next school day, and whom to call."), "/office/readiness/"),
        Card(_("Detours"), _("Let classes meet another way: whom, until when, and why."), "/office/detours/"),
        Card(_("Notices"), _("Tell families and teachers, by every way."), "/office/notices/"),
        Card(_("Incidents"), _("What is broken, what was decided and told."), "/office/incidents/"),
        Card(_("Who asks for help"), _("By cause and school, with what to say and whom to call."), "/office/help/"),
        Card(
            _("Other ways to class"),
            _("Classes without one, and links that do not work."),
            "/office/alternates/missing/",
        ),
        Card(_("Cards to print"), _("Where do I go right now? One sheet for each class."), "/office/cards/"),
        Card(_("Register"), _("Who is in class now, who was late, who did not come."), "/office/register/"),
        Card(_("Class book"), _("What happened in each class, and who took part."), "/office/book/"),
        Card(_("Badges"), _("Print badges for small children, class by class."), "/office/badges/"),
        Card(_("Timetable"), _("Bells, holidays and special days."), "/office/timetable/"),
        Card(_("Who is called"), _("When a class has no adult: who comes first."), "/office/duty/"),
        Card(
            _("Substitutes and helpers"),
            _("Who comes to a class for a day or longer, and who may be recorded."),
            "/office/arrangements/",
        ),
        Card(_("Devices and passes"), _("End the pass of a lost tablet, or of a person."), "/office/devices/"),
    ]
    if settings.SCHOOLDAY["PHONE_NUMBERS"]:
        cards.append(Card(_("Calling into class"), _("A slip for each child without internet."), "/office/phone/"))
    if is_operator:
        cards.append(Card(_("Roster"), _("Bring in the roster files, and see what they change."), "/office/roster/"))
    return cards


def _roles() -> dict[str, str]:
    return {
        "student": _("students"),
        "teacher": _("teachers"),
        "aide": _("aides"),
        "guardian": _("guardians"),
        "administrator": _("administrators"),
        "operator": _("operators"),
    }
