"""When an import waits for a person: too much would leave at once, as when half an export is missing."""

from schoolday.office.rosters.oneroster import columns
from schoolday.office.rosters.reconcile.roster import RosterChanges

REMOVALS_AT_MOST = 0.10  # of those in force. A summer's leavers are 7 to 9 % of a district; our judgement.

_HELD_KINDS = {"people": columns.USERS, "sections": columns.CLASSES, "enrollments": columns.ENROLLMENTS}
KINDS = ("orgs", "sessions", "courses", "people", "roles", "guardianships", "sections", "enrollments")

Counts = dict[str, dict[str, int]]


def count(changes: RosterChanges, *, accepts_deletes: bool = False) -> Counts:
    """
    Return added, changed, removed and held of each kind; with `accepts_deletes` nothing is held.

    What is held is not counted as removed. Who is switched off in a bulk file (enabledUser) leaves like the removed.
    """
    counts: Counts = {}
    for kind in KINDS:
        of_kind = getattr(changes, kind)
        counts[kind] = {
            "added": len(of_kind.added),
            "changed": len(of_kind.changed),
            "removed": len(of_kind.removed),
            "held": 0,
        }
    for kind, table in _HELD_KINDS.items():
        of_kind = getattr(changes, kind)
        leaving = len(of_kind.removed) + len(of_kind.turned_off)
        too_many = table.file in changes.bulk_files and leaving > REMOVALS_AT_MOST * of_kind.in_force
        if too_many and not accepts_deletes:
            counts[kind].update(held=leaving, removed=0)
    return counts


def is_held(counts: Counts) -> bool:
    """Say whether a person has to accept removals first."""
    return any(of_kind["held"] for of_kind in counts.values())
