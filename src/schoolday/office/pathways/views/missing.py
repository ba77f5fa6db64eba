"""What a school lets its teachers choose, and whose Plan B is missing: for principals and operators."""

import csv
import io
from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from schoolday.live.alternates import KINDS
from schoolday.office.http import page, person_of
from schoolday.office.pathways.ways import words
from schoolday.office.pathways.ways.allowed import Allowed, BadHost, allowed_at, read_hosts, set_allowed
from schoolday.office.pathways.ways.missing import MissingSection, Problem, count_missing, missing_in
from schoolday.office.people.access import NotYours, access_school
from schoolday.office.people.models import Org
from schoolday.office.people.queries import schools_of_staff

_BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets read a UTF-8 file as something else


@require_http_methods(["GET", "POST"])
@page
def allowed(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show and keep what the teachers of a school may choose as alternates."""
    person = person_of(request)
    school = access_school(person, school_id)
    error, kept = None, allowed_at([school.id])[school.id]
    kinds, hosts = kept.kinds, "\n".join(kept.hosts)
    if request.method == "POST":
        chosen = frozenset(request.POST.getlist("kind"))
        kinds, hosts = tuple(kind for kind in KINDS if kind in chosen), request.POST.get("hosts", "")[:20_000]
        try:
            set_allowed(school, Allowed(kinds, read_hosts(hosts)), actor=person)
            messages.success(request, _("Saved. What teachers have chosen before stays, and is marked."))
            return redirect("pathways:allowed", school_id=school.id)
        except BadHost as problem:
            error = problem
    context = {
        "school": school,
        "kinds": [(kind, words.KIND_NAMES[kind], kind in kinds) for kind in KINDS],
        "hosts": hosts,
        "error": error,
    }
    return render(request, "pathways/allowed.html", context, status=error.status if error else 200)


@require_GET
@page
def schools(request: HttpRequest) -> HttpResponse:
    """Show by school how many sections miss a Plan B that would help."""
    found = schools_of_staff(person_of(request))
    if not found:
        raise NotYours
    if len(found) == 1:
        return redirect("pathways:missing-school", school_id=found[0].id)
    return render(request, "pathways/missing_schools.html", {"lines": count_missing(found)})


@require_GET
@page
def school(request: HttpRequest, school_id: str) -> HttpResponse:
    """Show a school's sections with something missing, and who could mend it."""
    found = access_school(person_of(request), school_id)
    problems = _problem_words()
    rows = [(one, [problems[problem] for problem in one.problems]) for one in missing_in([found])]
    return render(request, "pathways/missing.html", {"school": found, "rows": rows, "line": count_missing([found])[0]})


@require_GET
@page
def export(request: HttpRequest) -> HttpResponse:
    """Give the whole list of this person's schools as a CSV file."""
    found = schools_of_staff(person_of(request))
    if not found:
        raise NotYours
    lines = _csv_lines(found, missing_in(found))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="alternates-missing.csv"'
    response["Cache-Control"] = "no-store"
    return response  # type: ignore[return-value]  # Django's two kinds of response have no common type but a base


def _csv_lines(found: Sequence[Org], rows: Sequence[MissingSection]) -> Iterator[str]:
    names = {one.id: one.name for one in found}
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(("school", "section", "title", "problems", "teachers"))
    yield _BYTE_ORDER_MARK + buffer.getvalue()
    for row in sorted(rows, key=lambda row: (names[row.school_id], row.title, row.id)):
        buffer.seek(0)
        buffer.truncate()
        cells = (names[row.school_id], row.id, row.title, " ".join(row.problems), "; ".join(row.teachers))
        writer.writerow([_harmless(cell) for cell in cells])
        yield buffer.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet would run what begins like a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _problem_words() -> dict[Problem, str]:
    return {
        "none": _("No Plan B at all."),
        "same_sign_on": _("Every Plan B needs the same sign-on as the live class."),
        "link_failed": _("A link does not work."),
    }
