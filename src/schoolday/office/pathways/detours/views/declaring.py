"""Declaring a detour, new or in the place of another: one page to type, one that shows whom it touches, one button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolday.contracts.bands import BANDS
from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.lib.ids import is_id, new_id
from schoolday.office.http import page, person_of
from schoolday.office.pathways.detours import actions
from schoolday.office.pathways.detours.access import access_detour, access_detours, access_new, may_undo, own_classes
from schoolday.office.pathways.detours.changes import what_differs
from schoolday.office.pathways.detours.form import Asking, read_new, review_default, settled, typed_of
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import AT_MOST_NAMED, NewDetour, check_new
from schoolday.office.pathways.detours.preview import SHOWN_AT_MOST, preview
from schoolday.office.pathways.detours.reasons import REASONS
from schoolday.office.pathways.detours.views.showing import publish, zone
from schoolday.office.pathways.detours.words import BAND_WORDS, PATHWAY_WORDS, Names, lacking_words, way_of
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Org, Person
from schoolday.office.people.queries import is_operator
from schoolday.office.rosters.models import Section
from schoolday.office.rosters.queries import current_sections
from schoolday.office.timetable.zones import today

_ACTS = frozenset({"csrfmiddlewaretoken", "do", "id"})


@require_http_methods(["GET", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    """One page to type; sent, it shows whom the detour touches; the button there declares it. Pressed twice: one."""
    return _typing(request, replaces=None)


@require_http_methods(["GET", "POST"])
@page
def change(request: HttpRequest, detour_id: str) -> HttpResponse:
    """Declare another in the place of a detour, in one act: the same page, filled in; sent, it shows what differs."""
    person = person_of(request)
    found = access_detour(person, detour_id)
    if not may_undo(person, found):
        raise NotYours
    return _typing(request, replaces=found)


def _typing(request: HttpRequest, *, replaces: Detour | None) -> HttpResponse:
    person = person_of(request)
    asking = Asking(person, is_operator(person), access_detours(person))
    error: SchooldayError | None = None
    if request.method == "POST" and request.POST.get("do") != "back":
        known = Detour.objects.filter(id=request.POST.get("id", ""), made_by=person).first()
        if known is not None:
            return redirect("pathways:detour", detour_id=known.id)
        try:
            typed = read_new(request.POST, asking, zone=zone())
            access_new(person, typed)
            check_new(typed, now=clock.now())
            if request.POST.get("do") == "declare":
                return _declare(request, typed, person, replaces)
            return _preview(request, typed, replaces)
        except NotYours:
            raise
        except SchooldayError as problem:
            error = problem
    if replaces is not None and replaces.status(clock.now()) in ("undone", "over"):
        messages.warning(request, _("It is over already. Declare a new one."))
        return redirect("pathways:detour", detour_id=replaces.id)
    return render(request, "detours/new.html", _form(request, asking, error, replaces), status=400 if error else 200)


def _declare(request: HttpRequest, typed: NewDetour, person: Person, replaces: Detour | None) -> HttpResponse:
    given = request.POST.get("id", "")
    free = is_id(given) and not Detour.objects.filter(id=given).exists()
    made = actions.declare(typed, actor=person, replaces=replaces, id_=given if free else new_id())
    if made.state == Detour.State.PROPOSED:
        messages.info(request, _("Proposed. Another operator approves it: it is for the whole district."))
    elif made.from_at > clock.now():
        publish(request, person, _("Declared. It begins by itself; every card shows it then."))
    else:
        publish(request, person, _("It is in force. Every card shows it within a minute."))
    return redirect("pathways:detour", detour_id=made.id)


def _preview(request: HttpRequest, typed: NewDetour, replaces: Detour | None) -> HttpResponse:
    found = preview(typed, replaces=replaces)
    lacking = [(school, titles[:SHOWN_AT_MOST], len(titles)) for school, titles in found.without_alternate.items()]
    fields = settled(request.POST, typed, zone=zone())
    context = {
        "found": found,
        "replaces": replaces,
        "differs": what_differs(replaces, typed, zone=zone()) if replaces else [],
        "is_now": typed.from_at <= clock.now(),
        "lacking_words": lacking_words(typed.pathway),
        "new": typed,
        "scope": Names.of([typed.scope]).say(typed.scope),
        "way": way_of(typed.pathway, typed.shift_minutes),
        "groups": [(group, BAND_WORDS.get(group.band, group.band)) for group in found.groups[:SHOWN_AT_MOST]],
        "lacking": lacking[:SHOWN_AT_MOST],
        "unreached": list(found.families_without_contact.items())[:SHOWN_AT_MOST],
        "texts": [("en", found.reason.en), ("es", found.reason.es), ("ht", found.reason.ht)],
        "waits": actions.needs_two(typed),
        "typed": [(name, value) for name, values in fields.lists() for value in values if name not in _ACTS],
        "id": new_id(),
        "zone": zone(),
    }
    return render(request, "detours/preview.html", context)


def _form(
    request: HttpRequest, asking: Asking, error: SchooldayError | None, replaces: Detour | None
) -> dict[str, object]:
    typed: QueryDict | None = request.POST if request.method == "POST" else None
    if typed is None and replaces is not None:
        typed = typed_of(replaces, zone=zone())
    one = asking.schools[0] if len(asking.schools) == 1 else None
    wanted = request.GET.get("of", "")
    one = one or next((school for school in asking.schools if school.id == wanted), None)
    sections = _sections(asking, one, typed)
    org = one or (sections[0].school if asking.is_teacher and sections else None)
    org = org or Org.objects.filter(kind=Org.Kind.DISTRICT).first() or asking.schools[0]
    language = getattr(request, "LANGUAGE_CODE", "en")
    return {
        "asking": asking,
        "replaces": replaces,
        "begin": typed.get("begin", "") if typed else "",
        "end": typed.get("end", "") if typed else "",
        "error": error,
        "bands": [(name, BAND_WORDS[name]) for name, _grades in BANDS],
        "regions": sorted({school.region for school in asking.schools if school.region}) if asking.is_operator else [],
        "one": one,
        "sections": sections,
        "pathways": [(kind or "teacher", word) for kind, word in PATHWAY_WORDS.items()],
        "pathway": typed.get("pathway", "") if typed else "",
        "reasons": [(key, getattr(texts, language, texts.en)) for key, texts in REASONS.items()],
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
        "zone": zone(),
    }


def _sections(asking: Asking, one: Org | None, typed: QueryDict | None) -> list[Section]:
    """Return the classes to choose from: a teacher's own, one school's, or those that were chosen before."""
    if asking.is_teacher:
        return own_classes(asking.person)
    if one is not None:
        return list(current_sections(one, today(one)))
    chosen = typed.getlist("section")[:AT_MOST_NAMED] if typed else []
    return list(Section.objects.filter(id__in=chosen).order_by("title", "id")) if chosen else []
