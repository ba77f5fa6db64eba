"""
Moving a class away from those whom a plan denies: whoever is taken out finds an empty place behind a spare ticket.

Worked out for every plan from the deny list itself and from what each device was given, so a publisher that was
killed, or a plan that was lost, leaves nobody out. Acts of people (a device taken away, an epoch raised) have raised
the turn already, in their own transaction.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from schoolday.contracts.plan import Deny
from schoolday.lib import clock
from schoolday.office.rosters.models import Enrollment
from schoolday.office.signin import turns
from schoolday.office.signin.models import Device

_PEOPLE_AT_ONCE = 5_000
_LOOK_BACK = timedelta(hours=36)  # as long as a day session that a badge opened


def raise_turns(deny: Deny) -> int:
    """
    Raise the turn of every section that somebody denied could still enter by a spare ticket; return how many rose.

    On a calm day three small queries. Again, or by two at once, it changes nothing more.
    """
    removed = frozenset(deny.removed)
    risen = turns.leave_behind(_given(deny, removed))
    return risen + turns.leave_gone(_gone(removed))


def _given(deny: Deny, removed: frozenset[tuple[str, str]]) -> Iterator[dict[str, int]]:
    """Return what devices were given and must not use any more: section and turn."""
    people = {person_id for person_id, _ in removed} | set(deny.epochs)
    for part in _parts(sorted(people)):
        for device in Device.objects.filter(person__in=part, pass_until__gt=clock.now()).select_related("person"):
            given = turns.given_by(device)
            person = device.person
            if not person.is_active or person.epoch < deny.epochs.get(person.id, 0):
                yield given
            else:
                yield {section: turn for section, turn in given.items() if (person.id, section) in removed}


def _gone(removed: frozenset[tuple[str, str]]) -> dict[str, datetime]:
    """Return when the last of those who are denied left each section by the roster, of the last day and a half."""
    rows = Enrollment.objects.filter(gone_at__gt=clock.now() - _LOOK_BACK, is_active=False)
    latest: dict[str, datetime] = {}
    for person_id, section_id, gone_at in rows.values_list("person_id", "section_id", "gone_at").iterator():
        if gone_at is not None and (person_id, section_id) in removed:
            latest[section_id] = max(gone_at, latest.get(section_id, gone_at))
    return latest


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while part := list(islice(rest, _PEOPLE_AT_ONCE)):
        yield part
