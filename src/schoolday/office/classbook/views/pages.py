"""The book as people read it: a meeting, a section over its days, and a family's own lines."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schoolday.lib.errors import BadRequest
from schoolday.office.attendance.views.api import read_date
from schoolday.office.classbook import export as book_file
from schoolday.office.classbook import queries
from schoolday.office.classbook.access import access_book_of, access_child, access_reading
from schoolday.office.http import answer, page, person_of
from schoolday.office.people import audit
from schoolday.office.people.queries import schools_of_staff
from schoolday.office.rosters.queries import current_sections
from schoolday.office.signin.access_sections import own_sections
from schoolday.office.timetable.zones import today, zone_of

_DAYS_SHOWN = 30
_DAYS_AT_MOST = 400


@require_GET
@page
def sections(request: HttpRequest) -> HttpResponse:
    """List the sections whose book this person may read."""
    person = person_of(request)
    schools = schools_of_staff(person)
    found = list(own_sections(person))
    chosen = next((school for school in schools if school.id == request.GET.get("school")), None)
    if chosen is None and len(schools) == 1:
        chosen = schools[0]
    of_school = list(current_sections(chosen, today(chosen))) if chosen else []
    return render(
        request,
        "classbook/sections.html",
        {"own": found, "schools": schools if len(schools) > 1 else [], "chosen": chosen, "of_school": of_school},
    )


@require_GET
@page
def section(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show a section's meetings, and how its children took part in the last ten."""
    person = person_of(request)
    reading = access_book_of(person, section_id)
    found = reading.section
    first, last = _days(request, today(found.school))
    rows = queries.rows_of(reading, first=first, last=last)
    begun = [row.meeting for row in rows][: queries.MEETINGS_SHOWN]
    context = {
        "section": found,
        "zone": zone_of(found.school),
        "rows": rows,
        "first": first,
        "last": last,
        "children": [_plot(child) for child in queries.children_of_section(found, begun, last)] if begun else [],
        "most": len(begun),
    }
    return render(request, "classbook/section.html", context)


@require_GET
@page
def meeting(request: HttpRequest, meeting_id: str) -> HttpResponse:
    """Show what happened in one meeting: by child, and as it came."""
    found = access_reading(person_of(request), meeting_id)
    book = queries.book_of(found)
    context = {"book": book, "meeting": found, "zone": zone_of(found.section.school), "story": _story(book.moments)}
    return render(request, "classbook/meeting.html", context)


def _story(moments: list[queries.Moment]) -> str:
    """Return the lines of the story, escaped: two thousand of them, which a template takes long for."""
    deleted = _("deleted")
    return format_html_join(
        "\n",
        "<li><time>{}</time><span>{}</span><span{}>{}{}</span></li>",
        (
            (
                one.clock,
                one.word,
                format_html(' class="{}"', "book-gone") if one.is_gone else "",
                format_html("<strong>{}</strong> ", one.who) if one.who else "",
                f"{one.text} ({deleted})" if one.is_gone else one.text,
            )
            for one in moments
        ),
    )


@require_GET
@page
def export(request: HttpRequest, meeting_id: str, form: str) -> HttpResponse:
    """Return one meeting's book as a file."""
    person = person_of(request)
    found = access_reading(person, meeting_id)
    book = queries.book_of(found)
    audit.record(person, "classbook.export", "meeting", found.id, form=form)
    if form == "json":
        response = answer(book_file.as_dict(book))
    else:
        response = HttpResponse(book_file.as_csv(book), content_type="text/csv; charset=utf-8")
        response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="class-{found.on.isoformat()}-{found.id}.{form}"'
    return response


@require_GET
@page
def child(request: HttpRequest, child_id: str) -> HttpResponse:
    """Show a family its own child's lines, and nothing of anybody else."""
    found = access_child(person_of(request), child_id)
    last = request_today(found.id)
    first, last = _days(request, last)
    lines = queries.lines_of_child(found, first=first, last=last)
    return render(request, "classbook/child.html", {"child": found, "lines": lines, "first": first, "last": last})


def request_today(child_id: str) -> date:
    """Return the date on the wall of this child's school."""
    from schoolday.office.people.models import Org

    school = Org.objects.select_related("parent").filter(roles__person=child_id, kind=Org.Kind.SCHOOL).first()
    if school is None:
        raise BadRequest
    return today(school)


def _days(request: HttpRequest, now: date) -> tuple[date, date]:
    last = min(read_date(request.GET.get("until")) or now, now)
    first = read_date(request.GET.get("from")) or last - timedelta(days=_DAYS_SHOWN)
    if first > last:
        raise BadRequest
    return max(first, last - timedelta(days=_DAYS_AT_MOST)), last


def _plot(child: queries.Child) -> dict[str, Any]:
    """Return one small picture: a bar a meeting, as high as she took part in ways; 40 high at three."""
    bars = [
        {"x": 12 * n, "height": min(3, did) * 13 + 1, "y": 40 - min(3, did) * 13 - 1} for n, did in enumerate(child.did)
    ]
    return {
        "student": child.student,
        "name": child.name,
        "bars": bars,
        "width": 12 * len(bars),
        "took_part": sum(map(bool, child.did)),
    }
