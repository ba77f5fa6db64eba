"""Where a section goes when live cannot serve: its teachers and the school's office keep the list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolday.office.http import page, person_of
from schoolday.office.pathways import actions
from schoolday.office.pathways.alternates import AT_MOST, KIND_NAMES, BadAlternate, NewAlternate, check_alternate
from schoolday.office.pathways.models import Alternate
from schoolday.office.signin.access_sections import access_section


@require_http_methods(["GET", "POST"])
@page
def alternates(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show and keep a section's alternates, in the order to try them."""
    person = person_of(request)
    section, _days = access_section(person, section_id, aides=False)
    error = None
    if request.method == "POST":
        rows = _typed(request)
        try:
            chosen = _checked(rows)
        except BadAlternate as problem:
            error = problem
        else:
            actions.set_alternates(section, chosen, actor=person)
            messages.success(request, _("Saved. Devices know it with the next plan, within minutes."))
            return redirect("pathways:alternates", section_id=section.id)
    else:
        kept = Alternate.objects.filter(section=section).order_by("rank")
        rows = [{"kind": one.kind, "url": _shown(one.url), "label": one.label} for one in kept]
    rows += [{"kind": "", "url": "", "label": ""} for _ in range(AT_MOST - len(rows))]
    context = {"section": section, "rows": rows, "kinds": KIND_NAMES, "error": error}
    return render(request, "pathways/alternates.html", context, status=400 if error else 200)


def _typed(request: HttpRequest) -> list[dict[str, str]]:
    """Return the rows of the form as they were typed, without the empty ones."""
    columns = [request.POST.getlist(name)[:AT_MOST] for name in ("kind", "url", "label")]
    rows = [dict(zip(("kind", "url", "label"), row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if row["url"].strip() or row["kind"]]


def _checked(rows: list[dict[str, str]]) -> list[NewAlternate]:
    return [check_alternate(**row, row=number) for number, row in enumerate(rows, start=1)]


def _shown(url: str) -> str:
    return url.removeprefix("tel:").replace("%23", "#")
