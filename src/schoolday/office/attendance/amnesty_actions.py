"""Declaring, ending, undoing and re-opening an amnesty. One verb, one transaction, one audit row with its reason."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_noop

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.attendance.amnesties import meetings_under, put_anew, take_off
from schoolday.office.attendance.closing import lock_closes
from schoolday.office.attendance.models import Amnesty, RegisterEntry
from schoolday.office.attendance.scope import Scope, check_scope
from schoolday.office.people import audit
from schoolday.office.people.models import Person
from schoolday.office.timetable.models import Meeting

LANGUAGES = ("en", "es", "ht")
REASON_AT_MOST_LETTERS = 300
LONGEST = timedelta(days=31)  # a window that is longer was mistyped; our judgement
FARTHEST = timedelta(days=366)
# The plan is made anew after every act but those of the register: an amnesty changes no plan.
_VERB = "register.amnesty"


class BadAmnesty(SchooldayError):
    """The window or the reason makes no sense."""

    code = "bad_amnesty"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop("The end must come after the beginning, by a month at most, and neither lies a year away.")


class ReasonMissing(BadAmnesty):
    """A language is missing."""

    text = gettext_noop("Say why in English, Spanish and Haitian Creole: families read it.")


@transaction.atomic
def declare_amnesty(
    actor: Person | None,
    *,
    scope: Scope,
    from_at: datetime,
    until_at: datetime | None,
    reason: Mapping[str, str],
    incident_id: str = "",
) -> Amnesty:
    """
    Charge no absence and no tardy of this window and scope. What comes later follows by itself.

    Set-based: 275,000 absences of a district's day take some seconds on SQLite (tests/claims/test_amnesty.py); the
    register waits meanwhile, doors do not.

    :raises BadScope, BadAmnesty: if nothing is meant
    """
    check_scope(scope)
    _check_window(from_at, until_at)
    amnesty = Amnesty.objects.create(
        incident_id=incident_id,
        scope=scope.as_dict(),
        from_at=from_at,
        until_at=until_at,
        reason=_checked(reason),
        made_by=actor.id if actor else "",
        made_at=clock.now(),
    )
    _follow(amnesty, Meeting.objects.none(), actor=actor, verb="declare")
    return amnesty


@transaction.atomic
def set_window(
    actor: Person | None,
    amnesty_id: str,
    *,
    from_at: datetime,
    until_at: datetime | None,
    scope: Scope | None = None,
) -> Amnesty:
    """
    Move the ends of a window; an empty `until_at` lets it go on until somebody ends it. `scope`: for whom from now on.

    :raises BadAmnesty, BadScope: if the end does not come after the beginning, or nobody is meant
    """
    if scope is not None:
        check_scope(scope)
    _check_window(from_at, until_at)
    amnesty = _locked(amnesty_id)
    before = meetings_under(amnesty)
    amnesty.from_at, amnesty.until_at = from_at, until_at
    if scope is not None:
        amnesty.scope = scope.as_dict()
    amnesty.save(update_fields=["from_at", "until_at", "scope"])
    _follow(amnesty, before, actor=actor, verb="window")
    return amnesty


def end_amnesty(actor: Person | None, amnesty_id: str) -> Amnesty:
    """End a window now. One that has ended stays as it is; one that would begin later is undone."""
    amnesty = Amnesty.objects.get(id=amnesty_id)
    now = clock.now()
    if amnesty.undone_at is not None or (amnesty.until_at is not None and amnesty.until_at <= now):
        return amnesty
    if amnesty.from_at >= now:
        return undo_amnesty(actor, amnesty_id)
    return set_window(actor, amnesty_id, from_at=amnesty.from_at, until_at=now)


@transaction.atomic
def undo_amnesty(actor: Person | None, amnesty_id: str) -> Amnesty:
    """Take an amnesty back: the register is again what it was without it. Undone twice is undone once."""
    amnesty = _locked(amnesty_id)
    if amnesty.undone_at is None:
        amnesty.undone_at = clock.now()
        amnesty.save(update_fields=["undone_at"])
        _follow(amnesty, meetings_under(amnesty), actor=actor, verb="undo")
    return amnesty


@transaction.atomic
def reopen_amnesty(actor: Person | None, amnesty_id: str) -> Amnesty:
    """Put an undone amnesty in force again, as it was."""
    amnesty = _locked(amnesty_id)
    if amnesty.undone_at is not None:
        amnesty.undone_at = None
        amnesty.save(update_fields=["undone_at"])
        _follow(amnesty, Meeting.objects.none(), actor=actor, verb="reopen")
    return amnesty


def counts_of(amnesties: Collection[Amnesty]) -> dict[str, int]:
    """Return how many entries each of these frees now, by id; one query."""
    rows = RegisterEntry.objects.filter(amnesty__in=amnesties).order_by().values_list("amnesty_id")
    return {amnesty_id: count for amnesty_id, count in rows.annotate(count=Count("id")) if amnesty_id}


def _follow(amnesty: Amnesty, before: QuerySet[Meeting], *, actor: Person | None, verb: str) -> None:
    """
    Bring the register up to a changed amnesty and write the audit. `before`: meetings it touched until now.

    Closes wait for this transaction, and so does whoever computes an entry of these meetings; who came first is done.
    """
    lock_closes(clock.now())
    touched = Meeting.objects.filter(
        Q(id__in=before.order_by().values("id")) | Q(id__in=meetings_under(amnesty).order_by().values("id"))
    )
    if connection.features.has_select_for_update:
        # By id, as recompute does, so that two who lock never wait for each other in a ring.
        for _ in touched.select_for_update(of=("self",), no_key=True).order_by("id").values_list("id").iterator():
            pass
    take_off(amnesty)
    put_anew(touched)
    audit.record(
        actor,
        f"{_VERB}_{verb}",
        "amnesty",
        amnesty.id,
        incident=amnesty.incident_id,
        scope=amnesty.scope,
        from_at=amnesty.from_at.isoformat(),
        until_at=amnesty.until_at.isoformat() if amnesty.until_at else "",
        reason=amnesty.reason["en"],
        entries=RegisterEntry.objects.filter(amnesty=amnesty).count(),
    )


def _locked(amnesty_id: str) -> Amnesty:
    # The close's row first, as everywhere: then no two acts wait for each other in a ring.
    lock_closes(clock.now())
    return Amnesty.objects.select_for_update().get(id=amnesty_id)


def _check_window(from_at: datetime, until_at: datetime | None) -> None:
    if until_at is not None and not timedelta(0) < until_at - from_at <= LONGEST:
        raise BadAmnesty
    if abs(from_at - clock.now()) > FARTHEST:
        raise BadAmnesty


def _checked(reason: Mapping[str, str]) -> dict[str, str]:
    texts = {language: " ".join(reason.get(language, "").split()) for language in LANGUAGES}
    if not all(texts.values()) or any(len(text) > REASON_AT_MOST_LETTERS for text in texts.values()):
        raise ReasonMissing
    return texts
