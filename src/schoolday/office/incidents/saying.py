"""A scope, and a change of an incident, in words of the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from schoolday.office.attendance.scope import Scope
from schoolday.office.incidents.words import FIELD_WORDS, LAYER_WORDS, SEVERITY_WORDS
from schoolday.office.pathways.detours.words import BAND_WORDS
from schoolday.office.people.models import Org
from schoolday.office.rosters.models import Section

_NAMED_AT_MOST = 3


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


def change_words(changes: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> list[list[tuple[str, str, str]]]:
    """
    Return what changed, of several changes: what, before, after. A change is `{field: [before, after]}`, as the audit
    keeps it. 2 queries at most.
    """
    scopes = [Scope.from_dict(one) for change in changes for one in change.get("scope", ())]
    said = iter(all_scope_words(scopes))
    found = []
    for change in changes:
        rows = []
        for field in (field for field in FIELD_WORDS if field in change):
            both = [next(said) if field == "scope" else _value(field, one, zone) for one in change[field]]
            rows.append((str(FIELD_WORDS[field]), both[0], both[1]))
        found.append(rows)
    return found


def _value(field: str, value: str, zone: ZoneInfo) -> str:
    if field == "started_at":
        return datetime.fromisoformat(value).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    words: Mapping[str, object] = {str(key): word for key, word in (*LAYER_WORDS.items(), *SEVERITY_WORDS.items())}
    return str(words.get(value, value)) if field in ("layer", "severity") else value
