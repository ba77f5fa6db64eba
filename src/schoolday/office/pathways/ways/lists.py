"""Changing a section's alternates: add, change, move, remove, undo, copy. Each is one act, and can be undone."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from schoolday.contracts import plan
from schoolday.lib.errors import SchooldayError
from schoolday.office.pathways.models import Alternate, AlternatesBefore
from schoolday.office.people import audit
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section

AT_MOST = 8  # one of each kind; a child reads no longer list; our judgement
Ways = list[plan.Alternate]


class BadList(SchooldayError):
    """The list cannot be changed like this; the sentence says why."""

    code = "bad_list"
    status = HTTPStatus.CONFLICT


def alternates_of(section: Section) -> Ways:
    """Return a section's alternates, in the order to try. One query."""
    rows = Alternate.objects.filter(section=section).order_by("rank").values_list("kind", "url", "label")
    return [plan.Alternate(kind=kind, url=url, label=label) for kind, url, label in rows]


def fingerprint(ways: Sequence[plan.Alternate]) -> str:
    """Return what a page keeps of the list it shows, so that nobody changes a list that she has not seen."""
    return hashlib.sha256(msgspec.json.encode(ways)).hexdigest()[:16]


def can_undo(section: Section) -> bool:
    return AlternatesBefore.objects.filter(section=section).exists()


@transaction.atomic
def set_alternates(section: Section, ways: Sequence[plan.Alternate], *, actor: Person | None) -> None:
    """Keep where a section goes when live cannot serve, in the order to try; they are in the next plan."""
    _change(section, lambda _ways: list(ways), actor=actor)


def add(section: Section, way: plan.Alternate, *, seen: str, actor: Person) -> None:
    """
    Put an alternate at the end of the list.

    :raises BadList: if the list is full, has it already, or is not the one that was seen
    """

    def changed(ways: Ways) -> Ways:
        if len(ways) >= AT_MOST:
            raise BadList(_("The list is full. Remove a line first."))
        _check_new(way, ways)
        return [*ways, way]

    _change(section, changed, seen=seen, actor=actor)


def replace(section: Section, place: int, way: plan.Alternate, *, seen: str, actor: Person) -> None:
    """Put an alternate in the place (from 0) of another; errors as `add`."""

    def changed(ways: Ways) -> Ways:
        _check_new(way, [one for number, one in enumerate(ways) if number != place])
        return [way if number == place else one for number, one in enumerate(ways)]

    _change(section, changed, seen=seen, actor=actor)


def move(section: Section, place: int, *, by: int, seen: str, actor: Person) -> None:
    """Let an alternate be tried earlier (`by` -1) or later (1). At the ends nothing changes."""

    def changed(ways: Ways) -> Ways:
        other = place + by
        if not (0 <= place < len(ways) and 0 <= other < len(ways)):
            return ways
        ways[place], ways[other] = ways[other], ways[place]
        return ways

    _change(section, changed, seen=seen, actor=actor)


def remove(section: Section, place: int, *, seen: str, actor: Person) -> None:
    """Take the alternate of this place (from 0) out of the list."""
    _change(section, lambda ways: ways[:place] + ways[place + 1 :], seen=seen, actor=actor)


@transaction.atomic
def undo(section: Section, *, actor: Person) -> None:
    """Bring back the list as it was before the last change; undone once more it is as it is now."""
    before = AlternatesBefore.objects.filter(section=section).first()
    if before is not None:
        ways = msgspec.convert(before.rows, list[plan.Alternate])
        _change(section, lambda _ways: ways, actor=actor, verb="alternates.undo")


@transaction.atomic
def copy_to(sections: Iterable[Section], ways: Sequence[plan.Alternate], *, actor: Person) -> int:
    """Give these sections the same list; return how many changed. Each can be undone by itself."""
    return sum(
        _change(section, lambda _ways: list(ways), actor=actor, verb="alternates.copy")
        for section in sorted(sections, key=lambda one: one.id)
    )


def _check_new(way: plan.Alternate, others: Ways) -> None:
    if way.url in {one.url for one in others}:
        raise BadList(_("This is in the list already."))


@transaction.atomic
def _change(
    section: Section,
    change: Callable[[Ways], Ways],
    *,
    actor: Person | None,
    seen: str | None = None,
    verb: str = "alternates.set",
) -> bool:
    """Write the list anew and keep the one before; of two at once the second is told. Returns whether it changed."""
    Section.objects.select_for_update().get(id=section.id)
    before = alternates_of(section)
    if seen is not None and seen != fingerprint(before):
        raise BadList(_("Somebody has changed this list in the meantime. Look again, then change it."))
    after = change(list(before))
    if after == before:
        return False
    Alternate.objects.filter(section=section).delete()
    Alternate.objects.bulk_create(
        Alternate(section=section, rank=rank, kind=one.kind, url=one.url, label=one.label)
        for rank, one in enumerate(after)
    )
    AlternatesBefore.objects.update_or_create(section=section, defaults={"rows": msgspec.to_builtins(before)})
    audit.record(actor, verb, "section", section.id, kinds=[one.kind for one in after])
    return True
