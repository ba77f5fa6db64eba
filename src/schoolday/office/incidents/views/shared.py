"""What the pages of incidents share: the fields of a scope."""

from schoolday.office.attendance.scope import BANDS, Scope
from schoolday.office.pathways.detours.words import BAND_WORDS
from schoolday.office.people.models import Org
from schoolday.office.rosters.queries import current_sections
from schoolday.office.timetable.zones import today


def scope_fields(scope: Scope, *, one_school: str = "") -> dict[str, object]:
    """Return what the scope's fields need. `one_school`: whose single classes to list. 3 queries at most."""
    schools = list(Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True).select_related("parent").order_by("name"))
    one = next((school for school in schools if school.id == one_school), None)
    return {
        "scope": scope,
        "bands": [(band, BAND_WORDS[band]) for band in BANDS],
        "schools": schools,
        "regions": sorted({school.region for school in schools if school.region}),
        "one": one,
        "sections": list(current_sections(one, today(one))) if one else [],
    }
