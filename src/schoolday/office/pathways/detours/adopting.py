"""Making detours of our own of those that were declared without the office, from the signed index of the plan."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import partial

from django.db import transaction

from schoolday.contracts import plan
from schoolday.office.pathways.detours import signals
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.people import audit


@transaction.atomic
def adopt_emergencies(declared: Iterable[plan.Detour]) -> list[Detour]:
    """
    Keep each emergency of the plan in force that the office does not know yet; return the new ones.

    Only what the office's own key has signed comes here. Again it changes nothing: what was undone since stays so.
    """
    wanted = {one.id: one for one in declared}
    if not wanted:
        return []
    known = set(Detour.objects.filter(id__in=list(wanted)).values_list("id", flat=True))
    made = [_row(one) for id_, one in sorted(wanted.items()) if id_ not in known]
    Detour.objects.bulk_create(made)
    for one in made:
        audit.record(None, "detour.adopt", "detour", one.id, pathway=one.pathway, scope=one.scope_dict)
        transaction.on_commit(partial(signals.in_force.send_robust, sender=Detour, detour=one, actor=None))
    return made


def _row(one: plan.Detour) -> Detour:
    made_at = datetime.fromtimestamp(one.made_at / 1000 if one.made_at else one.from_at, UTC)
    return Detour(
        id=one.id,
        state=Detour.State.IN_FORCE,
        regions=list(one.scope.regions),
        schools=list(one.scope.schools),
        bands=list(one.scope.bands),
        sections=list(one.scope.sections),
        pathway=one.pathway,
        shift_minutes=one.shift_minutes,
        from_at=datetime.fromtimestamp(one.from_at, UTC),
        until_at=datetime.fromtimestamp(one.until_at, UTC) if one.until_at else None,
        review_on=date.fromisoformat(one.review_on),
        reason_en=one.reason.en,
        reason_es=one.reason.es,
        reason_ht=one.reason.ht,
        is_emergency=True,
        made_at=made_at,
    )
