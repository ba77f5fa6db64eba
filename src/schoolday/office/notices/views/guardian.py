"""How I want to be told, for whoever signed on; and for a school's office, which guardian is told about which child."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolday.office.http import page, person_of
from schoolday.office.notices import people_actions
from schoolday.office.notices.access import access_guardians_of
from schoolday.office.notices.addresses import mail_of, phone_of
from schoolday.office.notices.bad_addresses import bad_among, mail_key
from schoolday.office.notices.models import NoticeBar
from schoolday.office.notices.saying import LANGUAGES
from schoolday.office.notices.views.shared import private
from schoolday.office.people.models import Guardianship


@require_http_methods(["GET", "POST"])
@page
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and keep one's own choice; addresses are the school's to change."""
    person = person_of(request)
    if request.method == "POST":
        language = request.POST.get("language", "")
        people_actions.set_preference(
            person,
            language=language if language in LANGUAGES else person.language,
            **{way: way in request.POST.getlist("way") for way in ("mail", "sms", "voice", "push")},
        )
        messages.success(request, _("Saved."))
        return redirect("notices:preferences")
    mail, phone = mail_of(person.email), phone_of(person.phone)
    context = {
        "kept": people_actions.preference_of(person),
        "mail": mail,
        "phone": phone,
        "comes_back": bool(bad_among([person])),
        "language": person.language,
        "languages": LANGUAGES,
        "devices": person.push_subscriptions.count(),
    }
    return private(render(request, "notices/preferences.html", context))


@require_http_methods(["GET", "POST"])
@page
def rights(request: HttpRequest, student_id: str) -> HttpResponse:
    """Show a student's guardians; bar one from notices about her, allow it again, or try an address again."""
    person = person_of(request)
    student = access_guardians_of(person, student_id)
    if request.method == "POST":
        guardian, verb = request.POST.get("guardian", ""), request.POST.get("do")
        if verb == "mail":
            people_actions.try_mail_again(student, guardian, actor=person)
        else:
            people_actions.bar_guardian(student, guardian, actor=person, is_barred=verb == "bar")
        messages.success(request, _("Saved."))
        return redirect("notices:rights", student_id=student.id)
    barred = set(NoticeBar.objects.filter(student=student).values_list("guardian_id", flat=True))
    pairs = Guardianship.objects.filter(student=student, guardian__is_active=True).select_related("guardian")
    people = [pair.guardian for pair in pairs.order_by("guardian_id")]
    bad = bad_among(people)
    guardians = [(one, one.id in barred, mail_key(one.email) in bad) for one in people]
    return private(render(request, "notices/rights.html", {"student": student, "guardians": guardians}))
