"""A new notice in three steps: whom, what, look and send. What is typed is kept as a draft from the first step on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from schoolday.lib.errors import SchooldayError
from schoolday.office.http import page, person_of
from schoolday.office.incidents.access import access_incident
from schoolday.office.incidents.models import Incident
from schoolday.office.notices import actions, queries
from schoolday.office.notices.access import access_audience, access_draft, access_sender
from schoolday.office.notices.audience import BANDS, WHO, Audience, schools_in
from schoolday.office.notices.choosing import CHANNELS, PERSONAL
from schoolday.office.notices.forms import fact_kind, read_audience, read_words, typed_fact
from schoolday.office.notices.models import Notice
from schoolday.office.notices.public import public_channels
from schoolday.office.notices.saying import LANGUAGES, PATHWAYS, Language, say_pathway
from schoolday.office.notices.segments import segments
from schoolday.office.notices.texts import BadText, situations, words_of
from schoolday.office.notices.views.shared import zone_for
from schoolday.office.notices.words import CHANNEL_WORDS, FACT_WORDS, LEVEL_WORDS, WHO_WORDS
from schoolday.office.pathways.detours.access import access_detour
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.words import BAND_WORDS
from schoolday.office.people.access import NotYours
from schoolday.office.people.queries import is_operator
from schoolday.office.rosters.queries import current_sections
from schoolday.office.timetable.zones import today


@require_http_methods(["GET", "POST"])
@page
def whom(request: HttpRequest) -> HttpResponse:
    """
    Step one. `?school=` also offers that school's sections; `?follows=` begins a correction of an earlier notice;
    `?incident=` fills in whom an incident touches, and the clock runs from its start; `?detour=` does the same for a
    detour, and fills in what there is to tell of it.
    """
    person = person_of(request)
    schools = access_sender(person)
    given = request.POST if request.method == "POST" else request.GET
    incident = access_incident(person, given["incident"]) if given.get("incident") else None
    detour = access_detour(person, given["detour"]) if given.get("detour") else None
    error: SchooldayError | None = None
    if request.method == "POST":
        try:
            audience = access_audience(person, read_audience(request.POST))
            draft = actions.draft_notice(
                audience=audience,
                actor=person,
                follows=_followed(request),
                incident_id=incident.id if incident else "",
                clock_from=incident.started_at if incident else None,
                detour=detour,
            )
            return redirect("notices:what", notice_id=draft.id)
        except NotYours:
            raise
        except SchooldayError as problem:
            error = problem
    one = next((school for school in schools if school.id == request.GET.get("school")), None)
    if one is None and len(schools) == 1:
        one = schools[0]
    typed = request.POST if request.method == "POST" else None
    context = {
        "schools": schools,
        "one": one,
        "sections": current_sections(one, today(one)) if one else [],
        "regions": sorted({school.region for school in schools if school.region}) if is_operator(person) else [],
        "bands": [(band, BAND_WORDS[band]) for band in BANDS],
        "who": [(who, WHO_WORDS[who]) for who in WHO],
        "chosen_who": typed.getlist("who") if typed else ["staff", "guardians"],
        "chosen": {value for _name, values in typed.lists() for value in values}
        if typed
        else _touched(incident, detour),
        "follows": request.GET.get("follows", ""),
        "incident": incident,
        "detour": detour,
        "error": error,
    }
    return render(request, "notices/whom.html", context, status=400 if error else 200)


def _touched(incident: Incident | None, detour: Detour | None) -> set[str]:
    if detour:
        return {*detour.regions, *detour.schools, *detour.bands, *detour.sections}
    return {value for values in incident.scope.values() for value in values} if incident else set()


@require_http_methods(["GET", "POST"])
@page
def what(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Step two: sentences with their blanks, own words, how urgent, which ways."""
    person = person_of(request)
    draft = access_draft(person, notice_id)
    error: SchooldayError | None = None
    zone = zone_for(draft)
    if request.method == "POST":
        try:
            written = read_words(request.POST, zone=zone)
            actions.write_draft(
                draft,
                sentences=written.sentences,
                facts=written.facts,
                free=written.free,
                level=written.level,
                channels=written.channels,
            )
            return redirect("notices:send", notice_id=draft.id)
        except (BadText, actions.CannotNow) as problem:
            error = problem
    language = _language(request)
    audience = Audience.from_dict(draft.audience)
    typed = request.POST if request.method == "POST" else None
    allowed = [one for one in CHANNELS if one in PERSONAL or one in public_channels(audience)]
    chosen_ways = typed.getlist("channel") if typed else draft.channels or [one for one in allowed if one != "voice"]
    context = {
        "draft": draft,
        "zone": zone,
        "sentences": [
            {
                "id": one.id,
                "title": one.title[language],
                "text": one.text[language],
                "chosen": one.id in (typed.getlist("sentence") if typed else draft.sentences),
            }
            for one in situations().values()
            if one.id != "withdrawn"
        ],
        "facts": [_field(draft, name, language, typed) for name in _fact_names()],
        "pathways": [(kind, say_pathway(kind, language)) for kind in PATHWAYS],
        "free": [
            {
                "language": code,
                "title": typed.get(f"free_title_{code}", "") if typed else draft.free.get(f"title_{code}", ""),
                "text": typed.get(f"free_{code}", "") if typed else draft.free.get(code, ""),
            }
            for code in LANGUAGES
        ],
        "levels": LEVEL_WORDS.items(),
        "level": typed.get("level", "info") if typed else draft.level,
        "channels": [(one, CHANNEL_WORDS[one], one in chosen_ways) for one in allowed],
        "error": error,
    }
    return render(request, "notices/what.html", context, status=400 if error else 200)


@require_http_methods(["GET", "POST"])
@page
def send(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Step three: all three languages, how many people by which way, and the button. Pressed twice, sent once."""
    person = person_of(request)
    if request.method == "POST":
        known = Notice.objects.filter(id=notice_id, made_by=person.id).exclude(state=Notice.State.DRAFT).first()
        if known is None:
            known = actions.send_draft(access_draft(person, notice_id), actor=person)
        return redirect("notices:notice", notice_id=known.id)
    draft = access_draft(person, notice_id)
    if not (draft.sentences or draft.free):
        return redirect("notices:what", notice_id=draft.id)
    zone = zone_for(draft)
    reach = queries.reach_of(draft)
    previews = []
    messages = 0
    for language in LANGUAGES:
        words = words_of(draft, language=language, zone=zone)
        parts = segments(words.sms)
        texted = reach.languages.get("sms", {}).get(language, 0)
        messages += parts * texted
        previews.append({"language": language, "words": words, "segments": parts, "texted": texted})
    context = {
        "draft": draft,
        "reach": reach,
        "by_who": [(WHO_WORDS[who], reach.by_who.get(who, 0)) for who in WHO if who in reach.by_who],
        "ways": [(CHANNEL_WORDS[one], reach.messages.get(one, 0)) for one in draft.channels if one in PERSONAL],
        "public": [CHANNEL_WORDS[one] for one in draft.channels if one not in PERSONAL],
        "previews": previews,
        "segments": messages,
        "schools": list(schools_in(Audience.from_dict(draft.audience)))[:6],
        "level": LEVEL_WORDS[draft.level],
    }
    return render(request, "notices/send.html", context)


def _followed(request: HttpRequest) -> Notice | None:
    """Return the notice that the new one corrects, when she may change it."""
    from schoolday.office.notices.access import access_to_change

    wanted = request.POST.get("follows", "")
    return access_to_change(person_of(request), wanted) if wanted else None


def _field(draft: Notice, name: str, language: Language, typed: Any) -> dict[str, object]:
    value = typed.get(f"fact_{name}", "") if typed else typed_fact(draft, name, zone_for(draft))
    used_by = [one.title[language] for one in situations().values() if name in one.facts]
    return {"name": name, "label": FACT_WORDS[name], "kind": fact_kind(name), "value": value, "used_by": used_by}


def _fact_names() -> list[str]:
    return list(dict.fromkeys(name for one in situations().values() for name in one.facts))


def _language(request: HttpRequest) -> Language:
    code = getattr(request, "LANGUAGE_CODE", "en")
    return "es" if code == "es" else "ht" if code == "ht" else "en"
