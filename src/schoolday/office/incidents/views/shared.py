"""What the pages of incidents share: the fields of a scope, and a scope in words."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from schoolday.office.attendance.scope import Scope
from schoolday.office.incidents.words import BAND_WORDS
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import Section
from schoolday.office.rosters.queries import current_sections
from schoolday.office.timetable.zones import today

_NAMED_AT_MOST = 3


def scope_fields(scope: Scope, *, one_school: str = "") -> dict[str, object]:
    """Return what the scope's fields need. `one_school`: whose single classes to list. 3 queries at most."""
    schools = list(Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True).select_related("parent").order_by("name"))
    one = next((school for school in schools if school.id == one_school), None)
    return {
        "scope": scope,
        "bands": BAND_WORDS.items(),
        "schools": schools,
        "regions": sorted({school.region for school in schools if school.region}),
        "one": one,
        "sections": list(current_sections(one, today(one))) if one else [],
    }


def scope_words(scope: Scope) -> str:
    """Return a scope as people say it: "Grades 6 to 8 · Olinda Middle". 2 queries at most."""
    return all_scope_words([scope])[0]


def all_scope_words(scopes: Sequence[Scope]) -> list[str]:
    """Return several scopes as people say them, in their order. 2 queries at most."""
    school_ids = {one for scope in scopes for one in scope.schools}
    section_ids = {one for scope in scopes for one in scope.sections}
    schools = dict(Org.objects.filter(id__in=school_ids).values_list("id", "name")) if school_ids else {}
    sections = dict(Section.objects.filter(id__in=section_ids).values_list("id", "title")) if section_ids else {}
    return [_words(scope, schools, sections) for scope in scopes]


def _words(scope: Scope, schools: Mapping[str, str], sections: Mapping[str, str]) -> str:
    if scope.is_district:
        return _("The whole district")
    parts = [str(BAND_WORDS[band]) for band in scope.bands if band in BAND_WORDS] + list(scope.regions)
    parts += _names(schools[one] for one in scope.schools if one in schools)
    parts += _names(sections[one] for one in scope.sections if one in sections)
    return " · ".join(parts)


def _names(found: Iterable[str]) -> list[str]:
    names = sorted(found)
    more = len(names) - _NAMED_AT_MOST
    return names if more <= 0 else [*names[:_NAMED_AT_MOST], _("%(number)s more") % {"number": more}]
