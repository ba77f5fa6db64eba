"""The pages of detours: what is in force, a new one on one page, what it changes, and the button."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from schoolday.contracts.bands import BANDS
from schoolday.lib import clock, log
from schoolday.lib.errors import SchooldayError
from schoolday.lib.ids import is_id, new_id
from schoolday.office.http import page, person_of
from schoolday.office.pathways.detours import actions, queries
from schoolday.office.pathways.detours.access import (
    access_detour,
    access_detours,
    access_new,
    may_undo,
    own_classes,
    visible_to,
)
from schoolday.office.pathways.detours.form import Asking, read_new, review_default
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import NewDetour, check_new
from schoolday.office.pathways.detours.preview import SHOWN_AT_MOST, preview
from schoolday.office.pathways.detours.publishing import publish_detours
from schoolday.office.pathways.detours.reasons import REASONS
from schoolday.office.pathways.detours.words import (
    BAND_WORDS,
    PATHWAY_WORDS,
    STATUS_WORDS,
    Names,
    say_way,
    way_of,
)
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Org, Person
from schoolday.office.people.queries import is_operator
from schoolday.office.rosters.queries import current_sections
from schoolday.office.timetable.zones import today, zone_of

_log = log.get(__name__)
_PAST = timedelta(days=60)
_PAST_AT_MOST = 50


@require_GET
@page
def detours(request: HttpRequest) -> HttpResponse:
    """List what is in force, waits, comes, and was."""
    person = person_of(request)
    access_detours(person)
    now = clock.now()
    past = Detour.objects.exclude(pk__in=queries.not_over(now).order_by().values("pk")).filter(made_at__gt=now - _PAST)
    shown = visible_to(
        person, [*queries.not_over(now), *past.select_related("made_by").order_by("-made_at")[:_PAST_AT_MOST]]
    )
    names = Names.of(one.scope for one in shown)
    rows = [_row(one, names, request) for one in shown]
    groups = [
        (STATUS_WORDS[status], [row for row in rows if row["status"] == status])
        for status in ("in_force", "proposed", "coming", "over", "undone")
    ]
    return render(request, "detours/list.html", {"groups": [group for group in groups if group[1]], "zone": _zone()})


@require_http_methods(["GET", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    """One page to type; sent, it shows whom the detour touches; the button there declares it. Pressed twice: one."""
    person = person_of(request)
    asking = Asking(person, is_operator(person), access_detours(person))
    error: SchooldayError | None = None
    if request.method == "POST" and request.POST.get("do") != "back":
        known = Detour.objects.filter(id=request.POST.get("id", ""), made_by=person).first()
        if known is not None:
            return redirect("pathways:detour", detour_id=known.id)
        try:
            typed = read_new(request.POST, asking, zone=_zone())
            access_new(person, typed)
            check_new(typed, now=clock.now())
            if request.POST.get("do") == "declare":
                return _declare(request, typed, person)
            return _preview(request, typed)
        except NotYours:
            raise
        except SchooldayError as problem:
            error = problem
    return render(request, "detours/new.html", _form(request, asking, error), status=400 if error else 200)


@require_http_methods(["GET", "POST"])
@page
def detour(request: HttpRequest, detour_id: str) -> HttpResponse:
    """Show one detour; approve it, or undo it in one act."""
    person = person_of(request)
    found = access_detour(person, detour_id)
    may_approve = is_operator(person) and found.made_by_id != person.id
    if request.method == "POST":
        if request.POST.get("do") == "undo" and may_undo(person, found):
            actions.undo(found, actor=person)
            _publish(request, person, _("Undone. Classes meet again as before."))
        elif request.POST.get("do") == "approve" and may_approve:
            actions.approve(found, actor=person)
            _publish(request, person, _("Approved. It is in force."))
        else:
            raise NotYours
        return redirect("pathways:detour", detour_id=found.id)
    status = found.status(clock.now())
    context = {
        "row": _row(found, Names.of([found.scope]), request),
        "detour": found,
        "may_undo": status in ("proposed", "coming", "in_force") and may_undo(person, found),
        "may_approve": status == "proposed" and may_approve,
        "zone": _zone(),
    }
    return render(request, "detours/detour.html", context)


def _declare(request: HttpRequest, typed: NewDetour, person: Person) -> HttpResponse:
    given = request.POST.get("id", "")
    free = is_id(given) and not Detour.objects.filter(id=given).exists()
    made = actions.declare(typed, actor=person, id_=given if free else new_id())
    if made.state == Detour.State.PROPOSED:
        messages.info(request, _("Proposed. Another operator approves it: it is for the whole district."))
    else:
        _publish(request, person, _("It is in force. Every card shows it within a minute."))
    return redirect("pathways:detour", detour_id=made.id)


def _publish(request: HttpRequest, person: Person, said: str) -> None:
    """Put it into the plan now; where that does not work, the worker does it within seconds, and it is said."""
    try:
        release = publish_detours(actor=person)
    except (SchooldayError, OSError) as error:
        _log.error("detours not published by a page", error=type(error).__name__)
        release = None
    if release is None:
        messages.warning(request, _("Saved. It goes out with the next plan, in about a minute."))
    else:
        messages.success(request, said)


def _preview(request: HttpRequest, typed: NewDetour) -> HttpResponse:
    found = preview(typed)
    lacking = [(school, titles[:SHOWN_AT_MOST], len(titles)) for school, titles in found.without_alternate.items()]
    context = {
        "found": found,
        "new": typed,
        "scope": Names.of([typed.scope]).say(typed.scope),
        "way": way_of(typed.pathway, typed.shift_minutes),
        "groups": [(group, BAND_WORDS.get(group.band, group.band)) for group in found.groups[:SHOWN_AT_MOST]],
        "lacking": lacking[:SHOWN_AT_MOST],
        "unreached": list(found.families_without_contact.items())[:SHOWN_AT_MOST],
        "texts": [("en", found.reason.en), ("es", found.reason.es), ("ht", found.reason.ht)],
        "waits": actions.needs_two(typed),
        "typed": [(name, value) for name, values in request.POST.lists() for value in values if name not in _ACTS],
        "id": new_id(),
        "zone": _zone(),
    }
    return render(request, "detours/preview.html", context)


_ACTS = frozenset({"csrfmiddlewaretoken", "do", "id"})


def _form(request: HttpRequest, asking: Asking, error: SchooldayError | None) -> dict[str, object]:
    typed = request.POST if request.method == "POST" else None
    one = asking.schools[0] if len(asking.schools) == 1 else None
    wanted = request.GET.get("of", "")
    one = one or next((school for school in asking.schools if school.id == wanted), None)
    sections = own_classes(asking.person) if asking.is_teacher else current_sections(one, today(one)) if one else []
    org = one or (sections[0].school if asking.is_teacher and sections else None)
    org = org or Org.objects.filter(kind=Org.Kind.DISTRICT).first() or asking.schools[0]
    language = getattr(request, "LANGUAGE_CODE", "en")
    return {
        "asking": asking,
        "error": error,
        "bands": [(name, BAND_WORDS[name]) for name, _grades in BANDS],
        "regions": sorted({school.region for school in asking.schools if school.region}) if asking.is_operator else [],
        "one": one,
        "sections": sections,
        "pathways": [(kind or "teacher", word) for kind, word in PATHWAY_WORDS.items()],
        "pathway": typed.get("pathway", "") if typed else "",
        "reasons": [
            (
                key,
                getattr(texts, language, texts.en),
                [(code, getattr(texts, code)) for code in ("en", "es", "ht") if code != language],
            )
            for key, texts in REASONS.items()
        ],
        "reason": typed.get("reason", "") if typed else "",
        "review_on": typed.get("review_on", "")
        if typed
        else review_default(org, timezone.localdate(clock.now())).isoformat(),
        "typed": typed,
        "chosen": {value for _name, values in typed.lists() for value in values} if typed else {wanted},
        "own": [(code, typed.get(f"own_{code}", "") if typed else "") for code in ("en", "es", "ht")],
        "shifts": [
            (name, BAND_WORDS[name], typed.get(f"shift_{name}", "") if typed else "") for name, _grades in BANDS
        ],
        "incident": (typed or request.GET).get("incident", ""),
        "zone": _zone(),
    }


def _row(one: Detour, names: Names, request: HttpRequest) -> dict[str, object]:
    status = one.status(clock.now())
    language = getattr(request, "LANGUAGE_CODE", "en")
    return {
        "detour": one,
        "status": status,
        "status_word": STATUS_WORDS[status],
        "scope": names.say(one.scope),
        "way": say_way(one),
        "reason": getattr(one.reason, language, one.reason_en),
        "by": one.made_by.name if one.made_by else "",
        "is_due": status == "in_force" and one.review_on <= timezone.localdate(clock.now()),
    }


def _zone() -> ZoneInfo:
    """Return the district's zone, in which these pages tell and take times."""
    district = Org.objects.filter(kind=Org.Kind.DISTRICT).first()
    return zone_of(district) if district else ZoneInfo(timezone.get_default_timezone_name())
