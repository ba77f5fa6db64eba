"""
The deny list of a plan: computed anew for every plan, calm or crisis, from what the office knows.

Whatever a pass says, at the next plan it opens no more than the roster does. Whoever was removed or moved is found
by comparing what her passes open with what the roster says, so nobody has to remember to deny her.
"""

from datetime import date, timedelta
from itertools import islice

from schoolday.contracts.plan import Deny
from schoolday.lib import clock
from schoolday.office.pathways.models import Denial
from schoolday.office.rosters.models import Enrollment
from schoolday.office.signin.membership import enrollments_held, sections_between
from schoolday.office.signin.models import Device, EpochRise, RevokedPass

_PEOPLE_AT_ONCE = 5_000
_DAY_SESSION = timedelta(hours=36)  # what a badge opened this morning ends by then


def deny_list(first: date, last: date) -> Deny:
    """Return who is denied in a plan from `first` to `last`: one query per 5,000 people with a pass, and eight."""
    now = clock.now()
    roster = _Roster(first, last)
    epochs, removed = _from_passes(roster)
    for person_id, epoch in EpochRise.objects.filter(until__gt=now).values_list("person_id", "epoch"):
        epochs[person_id] = max(epoch, epochs.get(person_id, 0))
    out: set[tuple[str, str]] = set()
    for denial in Denial.objects.filter(until__gt=now):
        if denial.meeting:
            out.add((denial.person_id, denial.meeting))
        if denial.section_id is not None:
            removed.add((denial.person_id, denial.section_id))
        if denial.below_epoch is not None:
            epochs[denial.person_id] = max(denial.below_epoch, epochs.get(denial.person_id, 0))
    removed |= _gone_today(roster)
    jtis = RevokedPass.objects.filter(until__gt=now).values_list("jti", flat=True)
    return Deny(
        epochs=dict(sorted(epochs.items())),
        jtis=tuple(sorted(jtis)),
        removed=tuple(sorted(removed)),
        out=tuple(sorted(out)),
    )


def _from_passes(roster: "_Roster") -> tuple[dict[str, int], set[tuple[str, str]]]:
    """Compare what passes still open with what the roster says; in parts, so memory stays small."""
    now = clock.now()
    epochs: dict[str, int] = {}
    removed: set[tuple[str, str]] = set()
    rows = (
        Device.objects.filter(pass_until__gt=now)
        .order_by("person_id")
        .values_list("person_id", "person__is_active", "person__epoch", "pass_sections")
        .iterator(chunk_size=_PEOPLE_AT_ONCE)
    )
    while part := list(islice(rows, _PEOPLE_AT_ONCE)):
        opened: set[tuple[str, str]] = set()
        for person_id, is_active, epoch, sections in part:
            if not is_active:
                epochs[person_id] = epoch + 1
                continue
            if epoch:
                epochs[person_id] = epoch
            opened |= {(person_id, section) for section, until in sections.items() if until > now.timestamp()}
        removed |= opened - roster.pairs_of({person_id for person_id, _ in opened})
    return epochs, removed


def _gone_today(roster: "_Roster") -> set[tuple[str, str]]:
    """Find who left a section since yesterday: a day session that a badge opened this morning may still name it."""
    gone = Enrollment.objects.filter(gone_at__gt=clock.now() - _DAY_SESSION, is_active=False)
    rows = gone.values_list("person_id", "section_id").iterator(chunk_size=_PEOPLE_AT_ONCE)
    found: set[tuple[str, str]] = set()
    while part := set(islice(rows, _PEOPLE_AT_ONCE)):
        found |= part - roster.pairs_of({person_id for person_id, _ in part})
    return found


class _Roster:
    """
    Who is in which section from `first` to `last`, asked for some people at a time.

    The sections in force are read once (12 MB for a district of 900,000): joined in every query they made it take
    four times as long on SQLite (50,000 people with a pass: 3 s of CPU against 14).
    """

    def __init__(self, first: date, last: date) -> None:
        self._first, self._last = first, last
        self._sections = frozenset(sections_between(first, last).values_list("id", flat=True))

    def pairs_of(self, people: set[str]) -> set[tuple[str, str]]:
        rows = enrollments_held(self._first, self._last).filter(person__in=people)
        return {pair for pair in rows.values_list("person_id", "section_id") if pair[1] in self._sections}
