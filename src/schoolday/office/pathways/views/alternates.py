"""Where a section goes when live cannot serve: its teachers and the school's office keep the list."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from schoolday.contracts.plan import Alternate
from schoolday.live.alternates import OWN_BBB, BadAlternate, check_allowed, read_alternate
from schoolday.office.http import page, person_of
from schoolday.office.pathways.ways import lists, words
from schoolday.office.pathways.ways.allowed import Allowed, allowed_at
from schoolday.office.pathways.ways.checks import check_all
from schoolday.office.pathways.ways.links import looks_at
from schoolday.office.pathways.ways.lists import BadList
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section
from schoolday.office.signin.access_sections import access_section, own_sections


@require_http_methods(["GET", "POST"])
@page
def alternates(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show a section's alternates with what was found of each, and change the list by one act at a time."""
    person = person_of(request)
    section, _days = access_section(person, section_id, aides=False)
    allowed = allowed_at([section.school_id])[section.school_id]
    error, status = "", 200
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise NotYours
        try:
            messages.success(request, act(request, section, person, allowed))
            return redirect("pathways:alternates", section_id=section.id)
        except BadAlternate as problem:
            error, status = words.reason(problem), problem.status
        except BadList as problem:
            error, status = problem.text, problem.status
    return _show(request, section, person, allowed, error=error, status=status)


def _show(
    request: HttpRequest, section: Section, person: Person, allowed: Allowed, *, error: str, status: int
) -> HttpResponse:
    ways = lists.alternates_of(section)
    context = {
        "section": section,
        "rows": check_all(ways, allowed=allowed, looks=looks_at(one.url for one in ways)),
        "seen": lists.fingerprint(ways),
        "can_undo": lists.can_undo(section),
        "is_full": len(ways) >= lists.AT_MOST,
        "others": [one for one in _taught(person) if one.id != section.id],
        "kinds": _kinds(allowed),
        "typed": {name: request.POST.get(name, "") for name in ("kind", "url", "label", "place")},
        "error": error,
    }
    return render(request, "pathways/alternates.html", context, status=status)


def _kinds(allowed: Allowed) -> list[tuple[str, str]]:
    own = [("own_bbb", _("Our own BigBlueButton"))] if settings.SCHOOLDAY["BBB_URL"] and "bbb" in allowed.kinds else []
    return [*own, *((kind, str(words.KIND_NAMES[kind])) for kind in allowed.kinds)]


def _taught(person: Person) -> QuerySet[Section]:
    """Return the sections whose list this teacher keeps; an aide's are not among them. Two queries."""
    mine = {"enrollments__person": person, "enrollments__role": "teacher", "enrollments__is_active": True}
    return own_sections(person).filter(**mine).distinct()


def _way(request: HttpRequest, allowed: Allowed) -> Alternate:
    """
    :raises BadAlternate: if what was typed will not do, or the school does not allow it
    """
    typed = {name: request.POST.get(name, "") for name in ("kind", "url", "label")}
    if typed["kind"] == "own_bbb":
        typed |= {"kind": "bbb", "url": OWN_BBB}
    way = read_alternate(typed["url"], kind=typed["kind"], label=typed["label"])
    check_allowed(way, kinds=allowed.kinds, hosts=allowed.hosts)
    return way


def _place(request: HttpRequest) -> int:
    """
    :raises BadList: if the form does not say which line it means
    """
    text = request.POST.get("place", "")
    if not (text.isdecimal() and len(text) < 3):
        raise BadList(_("Choose a line of the list."))
    return int(text)


def _seen(request: HttpRequest) -> str:
    return request.POST.get("seen", "")


def _add(request: HttpRequest, section: Section, person: Person, allowed: Allowed) -> str:
    lists.add(section, _way(request, allowed), seen=_seen(request), actor=person)
    return _saved()


def _replace(request: HttpRequest, section: Section, person: Person, allowed: Allowed) -> str:
    lists.replace(section, _place(request), _way(request, allowed), seen=_seen(request), actor=person)
    return _saved()


def _earlier(request: HttpRequest, section: Section, person: Person, _allowed: Allowed) -> str:
    lists.move(section, _place(request), by=-1, seen=_seen(request), actor=person)
    return _saved()


def _later(request: HttpRequest, section: Section, person: Person, _allowed: Allowed) -> str:
    lists.move(section, _place(request), by=1, seen=_seen(request), actor=person)
    return _saved()


def _remove(request: HttpRequest, section: Section, person: Person, _allowed: Allowed) -> str:
    lists.remove(section, _place(request), seen=_seen(request), actor=person)
    return _("Removed. You can undo it.")


def _undo(_request: HttpRequest, section: Section, person: Person, _allowed: Allowed) -> str:
    lists.undo(section, actor=person)
    return _("The list is as it was before.")


def _copy(request: HttpRequest, section: Section, person: Person, _allowed: Allowed) -> str:
    """Give the list to other sections of this person; one that is not hers stops all of it."""
    chosen = dict.fromkeys(request.POST.getlist("to")[:_COPIES_AT_MOST])
    sections = [access_section(person, one, aides=False)[0] for one in chosen]
    if not sections:
        raise BadList(_("Choose at least one class."))
    ways = lists.alternates_of(section)
    rules = allowed_at({one.school_id for one in sections})
    for school_id in rules:
        for way in ways:
            check_allowed(way, kinds=rules[school_id].kinds, hosts=rules[school_id].hosts)
    count = lists.copy_to(sections, ways, actor=person)
    return ngettext("Copied to %(count)s class.", "Copied to %(count)s classes.", count) % {"count": count}


def _saved() -> str:
    return _("Saved. Devices know it with the next plan, within minutes.")


_COPIES_AT_MOST = 40
_ACTS: dict[str, Callable[[HttpRequest, Section, Person, Allowed], str]] = {
    "add": _add,
    "replace": _replace,
    "earlier": _earlier,
    "later": _later,
    "remove": _remove,
    "undo": _undo,
    "copy": _copy,
}
