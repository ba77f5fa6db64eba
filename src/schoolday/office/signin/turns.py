"""
Turns: how a section's live place moves away from somebody who must not come back.

A spare ticket opens its live name without asking anybody, so it cannot be taken back; the class moves instead. Every
meeting of a section has the section's turn in the plan, and the live name is made from it. The rule that holds
whatever is killed: once somebody is taken out, the turn is above every turn she was given a ticket for. It is
worked out from what each device was given, not from what a publisher remembers.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from schoolday.lib import clock
from schoolday.office.rosters.models import Enrollment
from schoolday.office.signin.models import Device, SectionTurn

_ROWS_AT_ONCE = 1_000


def turns_for(person_id: str) -> dict[str, int]:
    """
    Return the turns of all sections a person was ever in. One query.

    For her spare tickets, ask before her enrollments are read: who sees a turn that rose because she was taken out
    then sees that she was.
    """
    rows = SectionTurn.objects.filter(section__enrollments__person=person_id).distinct()
    return dict(rows.values_list("section_id", "turn"))


def given_by(device: Device) -> dict[str, int]:
    """Return the turns of the sections that a device's passes still open."""
    now = clock.now().timestamp()
    opened = (section for section, until in device.pass_sections.items() if until > now)
    return {section: device.pass_turns.get(section, 0) for section in opened}


def leave_behind(given: Iterable[Mapping[str, int]]) -> int:
    """Raise turns until each is above all that were given, and return how many rose. Again it changes nothing."""
    wanted: dict[str, int] = {}
    for one in given:
        for section_id, turn in one.items():
            wanted[section_id] = max(turn + 1, wanted.get(section_id, 0))
    return sum(_at_least(section_id, turn) for section_id, turn in sorted(wanted.items()))


def leave_gone(gone: Mapping[str, datetime]) -> int:
    """
    Raise the turn of sections that somebody left by the roster, once for each `gone_at`; return how many rose.

    For whoever came in by badge, of whom no device is known.
    """
    risen = 0
    for section_id, gone_at in sorted(gone.items()):
        with transaction.atomic():
            SectionTurn.objects.get_or_create(section_id=section_id)
            row = SectionTurn.objects.select_for_update().get(section_id=section_id)
            if row.gone_at is None or row.gone_at < gone_at:
                row.turn, row.gone_at = row.turn + 1, gone_at
                row.save()
                risen += 1
    return risen


@transaction.atomic
def move_away_from(person_id: str, devices: Iterable[Device]) -> None:
    """
    Raise the turn of every section that these devices open, and that the person is in, by one.

    In the transaction of the act that kills her passes. What she is in counts too: a badge opens it without a device.
    """
    sections = {section for device in devices for section in given_by(device)}
    enrolled = Enrollment.objects.filter(person=person_id, is_active=True, section__is_active=True)
    sections |= set(enrolled.values_list("section_id", flat=True))
    SectionTurn.objects.bulk_create([SectionTurn(section_id=one) for one in sorted(sections)], ignore_conflicts=True)
    SectionTurn.objects.filter(section__in=sections).update(turn=F("turn") + 1)


def lock_section(section_id: str) -> None:
    """Hold a section's turn until the transaction ends."""
    SectionTurn.objects.get_or_create(section_id=section_id)
    SectionTurn.objects.select_for_update().get(section_id=section_id)


def move_section(section_id: str) -> None:
    """Raise a section's turn by one: somebody was taken out of its meeting who holds a token for it."""
    SectionTurn.objects.filter(section_id=section_id).update(turn=F("turn") + 1)


@transaction.atomic
def _at_least(section_id: str, turn: int) -> bool:
    SectionTurn.objects.get_or_create(section_id=section_id)
    return bool(SectionTurn.objects.filter(section_id=section_id, turn__lt=turn).update(turn=turn))
