"""The timetable's editor, for administrators of a school and for operators."""

import json
from datetime import date, timedelta
from typing import Any

import msgspec
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolday.office.http import page, person_of
from schoolday.office.people import queries as people
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.models import Org
from schoolday.office.timetable import queries
from schoolday.office.timetable.actions import editing
from schoolday.office.timetable.actions.meetings import compute_sittings
from schoolday.office.timetable.forms import AS_USUAL, NO_SCHOOL, DayForm, DayTypeForm, bell_rows
from schoolday.office.timetable.models import BellSchedule, CalendarDay
from schoolday.office.timetable.month import month_before, month_of, next_month
from schoolday.office.timetable.zones import today, zone_of

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


@require_safe
@page
def schools(request: HttpRequest) -> HttpResponse:
    """List the schools whose timetable this person keeps. 4 queries."""
    mine = people.schools_of_staff(person_of(request))
    if not mine:
        raise NotYours
    types = BellSchedule.objects.filter(school__in=mine).values_list("school_id").annotate(Count("id"))
    counts = dict(types)
    rows = [(school, counts.get(school.id, 0)) for school in mine]
    return render(request, "timetable/schools.html", {"rows": rows})


@require_safe
@page
def school(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show one school's bells, a month of its calendar, and how many classes meet today."""
    org = access_school(person_of(request), school_id)
    now = today(org)
    first = _month(request.GET.get("month", ""), default=now)
    schedules = BellSchedule.objects.filter(school=org).order_by("day_type").prefetch_related("periods")
    last = editing.last_change(org)
    context = {
        "school": org,
        "schedules": [(s, sorted(s.periods.all(), key=lambda period: period.starts)) for s in schedules],
        "today": now,
        "zone": zone_of(org).key,
        "day_type": queries.day_types(org, now, now)[now],
        "classes_today": _meet_today(org),
        "first": first,
        "before": month_before(first),
        "after": next_month(first),
        "types": {s.day_type for s in schedules},
        "days": month_of(org, first, today=now),
        "last_change": last and _said(last.verb, last.detail),
    }
    return render(request, "timetable/school.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def bells(request: HttpRequest, school_id: str, schedule_id: int | None = None) -> HttpResponse:
    """Change the bells of one type of day, or make a new type."""
    person = person_of(request)
    org = access_school(person, school_id)
    day_type, now = "", queries.bells_of(org, "")
    if schedule_id is not None:
        schedule = BellSchedule.objects.filter(school=org, pk=schedule_id).first()
        if schedule is None:
            raise NotYours
        day_type, now = schedule.day_type, queries.bells_of(org, schedule.day_type)
    initial = [{"code": bell.code, "starts": bell.starts, "ends": bell.ends} for bell in now]
    status = 200
    if request.method == "POST":
        rows = bell_rows(request.POST)
        kind = None if day_type else _day_type_form(org, request)
        right = rows.is_right() and (kind is None or kind.is_valid())
        if right and kind and not rows.bells():
            kind.add_error("day_type", _("Give it one period at least."))
        elif right:
            name = day_type or (kind.cleaned_data["day_type"] if kind else "")
            editing.save_bells(person, org, name, rows.bells(), seen=_seen(request.POST.get("seen", "")))
            messages.success(request, _("Saved. %(count)d classes meet today.") % {"count": _meet_today(org)})
            return redirect("timetable:school", org.id)
        status = 400
    else:
        rows = bell_rows(initial=initial)
        kind = None if day_type else _day_type_form(org, None)
    seen = request.POST.get("seen") or json.dumps(editing.written(now))
    context = {"school": org, "day_type": day_type, "rows": rows, "kind": kind, "seen": seen}
    return render(request, "timetable/bells.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def day(request: HttpRequest, school_id: str, on: date) -> HttpResponse:
    """Say what kind of day one date is."""
    person = person_of(request)
    org = access_school(person, school_id)
    if on < today(org):
        raise NotYours(_("This day is over. What happened on it stays as it is."))
    types = list(BellSchedule.objects.filter(school=org).order_by("day_type").values_list("day_type", flat=True))
    row = CalendarDay.objects.filter(school=org, on=on).first()
    kind = AS_USUAL if row is None else f"type:{row.day_type}" if row.day_type else NO_SCHOOL
    initial = {"kind": kind, "name": row.name if row else ""}
    form = DayForm(request.POST or None, day_types=types, initial=initial)
    if request.method == "POST" and form.is_valid():
        editing.mark_day(person, org, on, form.day())
        messages.success(request, _("Saved. %(count)d classes meet today.") % {"count": _meet_today(org)})
        return _to_month(org, on)
    context = {"school": org, "on": on, "form": form}
    return render(request, "timetable/day.html", context, status=400 if form.errors else 200)


@require_POST
@page
def undo(request: HttpRequest, school_id: str) -> HttpResponse:
    """Take back the last change made by hand."""
    person = person_of(request)
    org = access_school(person, school_id)
    editing.undo(person, org)
    messages.success(request, _("Undone. %(count)d classes meet today.") % {"count": _meet_today(org)})
    return redirect("timetable:school", org.id)


def _day_type_form(org: Org, request: HttpRequest | None) -> DayTypeForm:
    taken = frozenset(BellSchedule.objects.filter(school=org).values_list("day_type", flat=True))
    return DayTypeForm(request.POST if request else None, taken=taken)


def _meet_today(org: Org) -> int:
    return len({sitting.section_id for sitting in compute_sittings(org, today(org))})


def _seen(text: str) -> editing.Bells:
    try:
        return msgspec.json.decode(text, type=editing.Bells)
    except msgspec.MsgspecError as error:
        raise editing.ChangedMeanwhile from error


def _said(verb: str, detail: dict[str, Any]) -> str:
    """Name a change for the button that would undo it."""
    if verb == editing.BELLS:
        return _("bells of “%(day_type)s”") % {"day_type": detail["day_type"]}
    return _("calendar, %(on)s") % {"on": detail["on"]}


def _month(text: str, *, default: date) -> date:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return default.replace(day=1)
    return first if _EARLIEST + timedelta(days=31) <= first < _LATEST else default.replace(day=1)


def _to_month(org: Org, on: date) -> HttpResponse:
    response = redirect("timetable:school", org.id)
    response["Location"] += f"?month={on:%Y-%m}#calendar"
    return response
