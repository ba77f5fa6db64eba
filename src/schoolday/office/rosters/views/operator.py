"""The roster's pages, for operators: send a file, look at what it would do, import it, see what was done."""

import csv
from typing import Any

import msgspec
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schoolday.office.http import page, person_of
from schoolday.office.people.access import access_operator
from schoolday.office.rosters import uploads
from schoolday.office.rosters.access import access_run
from schoolday.office.rosters.models import ImportRun
from schoolday.office.rosters.oneroster.problems import SENTENCES, Problem

RUNS_PER_PAGE = 20
PROBLEMS_SHOWN_AT_MOST = 200
REFRESH_SECONDS = 2

State = ImportRun.State
STATES = {
    State.WAITING: gettext_lazy("Waiting"),
    State.RUNNING: gettext_lazy("Running"),
    State.PREVIEWED: gettext_lazy("Ready to import"),
    State.REFUSED: gettext_lazy("Refused"),
    State.HELD: gettext_lazy("Held"),
    State.IMPORTED: gettext_lazy("Imported"),
    State.FAILED: gettext_lazy("Broken off"),
}
KINDS = {
    "orgs": gettext_lazy("Schools and district"),
    "sessions": gettext_lazy("Terms"),
    "courses": gettext_lazy("Courses"),
    "people": gettext_lazy("People"),
    "roles": gettext_lazy("Roles"),
    "guardianships": gettext_lazy("Guardians of students"),
    "sections": gettext_lazy("Classes"),
    "enrollments": gettext_lazy("Enrollments"),
}


@require_http_methods(["GET", "POST"])
@page
def index(request: HttpRequest) -> HttpResponse:
    """Show the upload form and the imports so far; take an upload."""
    person = person_of(request)
    access_operator(person)
    error = None
    if request.method == "POST":
        try:
            file = request.FILES.get("file")
            if file is None:
                raise uploads.BadUpload(_("Choose a zip file first."))
            return redirect("rosters:run", uploads.take_upload(person, file).id)
        except uploads.BadUpload as bad:
            error = _(bad.text)
    runs = Paginator(ImportRun.objects.order_by("-started_at", "id"), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"runs": [(run, STATES[State(run.state)]) for run in runs], "page": runs, "error": error}
    return render(request, "rosters/index.html", context, status=400 if error else 200)


@require_GET
@page
def run(request: HttpRequest, run_id: str) -> HttpResponse:
    """Show one import: what it would do or did, or what is wrong. While it runs the page comes again by itself."""
    access_run(person_of(request), run_id)
    uploads.settle_dead_runs()
    one = access_run(person_of(request), run_id)
    problems = [_translated(problem) for problem in one.problems[:PROBLEMS_SHOWN_AT_MOST]]
    response = render(
        request,
        "rosters/run.html",
        {
            "run": one,
            "state": STATES[State(one.state)],
            "counts": [(KINDS[kind], of_kind) for kind, of_kind in one.counts.items()],
            "problems": problems,
            "more_problems": one.problem_count - len(problems),
        },
    )
    if one.state in (State.WAITING, State.RUNNING):
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_POST
@page
def accept(request: HttpRequest, run_id: str) -> HttpResponse:
    """Import what was previewed; what was held only with `accept_deletes`."""
    person = person_of(request)
    one = access_run(person, run_id)
    uploads.start_import(person, one, accept_deletes=request.POST.get("accept_deletes") == "1")
    return redirect("rosters:run", one.id)


@require_GET
@page
def problems_csv(request: HttpRequest, run_id: str) -> HttpResponse:
    """Send the problems of one import as a CSV file, for whoever mends the export."""
    one = access_run(person_of(request), run_id)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # the mark: Excel reads it as UTF-8
    response["Content-Disposition"] = f'attachment; filename="roster-problems-{one.id}.csv"'
    writer = csv.writer(response)
    writer.writerow(["file", "line", "code", "text"])
    for problem in map(_translated, one.problems):
        writer.writerow([_harmless(str(problem[name])) for name in ("file", "line", "code", "text")])
    return response


def _translated(kept: dict[str, Any]) -> dict[str, Any]:
    problem = msgspec.convert(kept, Problem)
    return {**problem.as_dict(), "text": _(SENTENCES[problem.code]) % problem.values}


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
