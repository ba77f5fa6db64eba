"""The register as the school's office sees it: the day, one section, marks, and the file."""

from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from schoolday.lib.errors import BadRequest
from schoolday.office.attendance import actions, queries
from schoolday.office.attendance import export as register_file
from schoolday.office.attendance.access import access_section
from schoolday.office.attendance.bands import bands_of
from schoolday.office.attendance.forms import STATUS_WORDS, MarkForm
from schoolday.office.attendance.views.alone import alone_context
from schoolday.office.attendance.views.api import read_date
from schoolday.office.http import page, person_of
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.models import Org
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.timetable.models import Meeting
from schoolday.office.timetable.queries import is_school_day
from schoolday.office.timetable.zones import today, zone_of

_BAR = ("present", "tardy", "absent", "excused", "not_yet")


@require_GET
@page
def schools(request: HttpRequest) -> HttpResponse:
    """Let somebody of several schools choose one; lead everybody else straight to hers."""
    found = schools_of_staff(person_of(request))
    if not found:
        raise NotYours
    if len(found) == 1:
        return HttpResponseRedirect(reverse("attendance:day", args=[found[0].id]))
    return render(request, "attendance/schools.html", {"schools": found})


@require_GET
@page
def day(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show how the classes of a school's day fill."""
    person = person_of(request)
    school = access_school(person, school_id)
    on = _date_of(request, school)
    bars = queries.day_of(school, on)
    words: dict[str, object] = {**STATUS_WORDS, "not_yet": _("not yet")}
    context: dict[str, object] = {
        "school": school,
        "zone": zone_of(school),
        "bars": [(bar, [(kind, words[kind], _count(bar, kind), bar.share(kind)) for kind in _BAR]) for bar in bars],
        "alone": [bar for bar in bars if bar.is_alone],
        "bands": bands_of(school, [bar.meeting for bar in bars]),
        "is_school_day": bool(bars) or is_school_day(school, on),
        "has_several_schools": len(schools_of_staff(person)) > 1,
        **_days(on, school),
    }
    if context["is_today"]:
        context |= alone_context(school)
    return render(request, "attendance/day.html", context)


@require_GET
@page
def section(request: HttpRequest, school_id: str, section_id: str) -> HttpResponse:
    """Show one section's students and what the register says of each; with a form to correct it."""
    person = person_of(request)
    on = read_date(request.GET.get("on"))
    found = access_section(person, section_id, on=on or _today_of(section_id))
    if found.school_id != school_id:
        raise NotYours
    on = on or today(found.school)
    context = {
        "school": found.school,
        "section": found,
        "zone": zone_of(found.school),
        "sittings": queries.sittings_of(found, on),
        "statuses": STATUS_WORDS.items(),
        "words": STATUS_WORDS,
        "is_staff": any(school.id == school_id for school in schools_of_staff(person)),
        **_days(on, found.school),
    }
    return render(request, "attendance/section.html", context)


@require_POST
@page
def mark(request: HttpRequest, school_id: str, section_id: str) -> HttpResponse:
    """Take one mark and go back to the list."""
    person = person_of(request)
    form = MarkForm(request.POST)
    if not form.is_valid():
        raise BadRequest(gettext_noop("This mark is not complete. Go back and choose again."))
    meeting = Meeting.objects.filter(id=form.cleaned_data["meeting"], section=section_id).first()
    if meeting is None or access_section(person, section_id, on=meeting.on).school_id != school_id:
        raise NotYours
    status = form.cleaned_data["status"]
    actions.mark(
        person,
        meeting,
        form.cleaned_data["student"],
        status=status,
        minutes=form.cleaned_data["minutes"] if status == "tardy" else None,
    )
    messages.success(request, _("Saved.") if status else _("The mark is withdrawn."))
    back = reverse("attendance:section", args=[school_id, section_id])
    return HttpResponseRedirect(f"{back}?{urlencode({'on': meeting.on.isoformat()})}#{form.cleaned_data['student']}")


@require_GET
@page
def export(request: HttpRequest, school_id: str) -> HttpResponse:
    """Give out the register of the day as a file; that it was given out is in the audit."""
    person = person_of(request)
    school = access_school(person, school_id)
    on = _date_of(request, school)
    audit.record(person, "register.export", "org", school.id, on=on.isoformat())
    return as_file(register_file.csv_lines(school, on), name=f"register-{on.isoformat()}.csv")


def as_file(lines: Iterator[str], *, name: str) -> HttpResponse:
    """Return a streamed file; nothing of it is kept anywhere on the way."""
    response: HttpResponseBase = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]  # Django's two kinds of answer have only their base in common


def _date_of(request: HttpRequest, school: Org) -> date:
    return read_date(request.GET.get("on")) or today(school)


def _today_of(section_id: str) -> date:
    school = Org.objects.select_related("parent").filter(sections=section_id).first()
    if school is None:
        raise NotYours
    return today(school)


def _days(on: date, school: Org) -> dict[str, object]:
    one = timedelta(days=1)
    # The calendar ends somewhere; nobody asks for these days, but somebody types them.
    return {
        "on": on,
        "before": on - one if on > date.min else None,
        "after": on + one if on < date.max else None,
        "is_today": on == today(school),
    }


def _count(bar: queries.Bar, kind: str) -> int:
    return bar.not_yet if kind == "not_yet" else bar.counts.get(kind, 0)
