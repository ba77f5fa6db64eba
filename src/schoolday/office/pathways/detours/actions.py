"""Declaring, approving and undoing a detour: one transaction and an audit row each. Publish afterwards."""

from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.lib.ids import new_id
from schoolday.office.pathways.detours import signals
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import NewDetour, check_new
from schoolday.office.pathways.detours.reasons import reason_of
from schoolday.office.pathways.detours.resolve import is_district
from schoolday.office.people import audit
from schoolday.office.people.models import Person, RoleAssignment


class CannotNow(SchooldayError):
    """The detour is no longer in the state that this act asks for."""

    code = "cannot_now"
    status = HTTPStatus.CONFLICT
    text = gettext_noop("This detour has changed meanwhile. Look at it again.")


class SecondPersonNeeded(SchooldayError):
    """Four eyes: whoever proposed it cannot approve it."""

    code = "second_person_needed"
    status = HTTPStatus.CONFLICT
    text = gettext_noop("Another operator approves this detour: it is for the whole district.")


@transaction.atomic
def declare(new: NewDetour, *, actor: Person | None, replaces: Detour | None = None, id_: str | None = None) -> Detour:
    """
    Keep a detour: in force, or proposed where the district asks for four eyes (DETOUR_FOUR_EYES).

    An emergency needs one person; its audit row names all operators, who are told. `replaces`: a detour that ends in
    the same act, at the very moment at which the new one begins: one in force is never edited, and at no moment does
    neither hold. Publish afterwards (`publishing.publish_detours`).

    :raises BadDetour, BadReason: if it is not whole; CannotNow: if what it replaces was undone or is over meanwhile
    """
    now = clock.now()
    check_new(new, now=now)
    reason = reason_of(new.reason_key, new.own_words)
    waits = needs_two(new)
    from_at = _whole_second(max(new.from_at, now))
    replaced = _locked(replaces) if replaces is not None else None
    until_at_before = None
    if replaced is not None:
        if replaced.status(now) in ("undone", "over"):
            raise CannotNow
        if not waits:
            replaced, until_at_before = _make_room(replaced, at=from_at, actor=actor)
    detour = Detour.objects.create(
        id=id_ or new_id(),
        state=Detour.State.PROPOSED if waits else Detour.State.IN_FORCE,
        regions=sorted(new.scope.regions),
        schools=sorted(new.scope.schools),
        bands=sorted(new.scope.bands),
        sections=sorted(new.scope.sections),
        pathway=new.pathway,
        shift_minutes=new.shift_minutes,
        from_at=from_at,
        until_at=_whole_second(new.until_at) if new.until_at else None,
        review_on=new.review_on,
        reason_key=new.reason_key,
        reason_en=reason.en,
        reason_es=reason.es,
        reason_ht=reason.ht,
        is_emergency=new.is_emergency,
        made_at=now,
        made_by=actor,
        replaces=replaced,
        replaced_until_at=until_at_before,
        incident_id=new.incident_id,
    )
    told = {"told": _operators()} if new.is_emergency else {}
    audit.record(actor, "detour.propose" if waits else "detour.declare", "detour", detour.id, **_detail(detour), **told)
    _tell(detour, actor)
    return detour


@transaction.atomic
def approve(detour: Detour, *, actor: Person) -> Detour:
    """
    Put a proposed detour in force.

    :raises SecondPersonNeeded: if the actor proposed it; CannotNow: if it is not proposed, or over, by now
    """
    now = clock.now()
    found = _locked(detour)
    if found.status(now) != "proposed":
        raise CannotNow
    if found.made_by_id == actor.id:
        raise SecondPersonNeeded
    found.state = Detour.State.IN_FORCE
    found.approved_by, found.approved_at = actor, now
    found.from_at = _whole_second(max(found.from_at, now))
    replaced = _locked(found.replaces) if found.replaces is not None else None
    if replaced is not None and replaced.status(now) not in ("undone", "over"):
        found.replaces, found.replaced_until_at = _make_room(replaced, at=found.from_at, actor=actor)
    found.made_at = now  # among equals the newest wins: it is new from now on
    found.save()
    audit.record(actor, "detour.approve", "detour", found.id, **_detail(found))
    _tell(found, actor)
    return found


@transaction.atomic
def undo(detour: Detour, *, actor: Person | None) -> Detour:
    """
    End a detour, proposed, coming or in force, as if it had never been: the plan says again what it said before.

    One that was to replace another, and has not begun, gives the other its end back. Once it has begun the other is
    over, and stays so.

    :raises CannotNow: if it was undone already, or is over
    """
    found = _locked(detour)
    now = clock.now()
    if found.status(now) in ("undone", "over"):
        raise CannotNow
    _give_back(found, now=now, actor=actor)
    found.state = Detour.State.UNDONE
    found.undone_at, found.undone_by = now, actor
    found.save()
    audit.record(actor, "detour.undo", "detour", found.id, **_detail(found))
    _tell(found, actor)
    return found


def needs_two(new: NewDetour) -> bool:
    """Say whether another operator has to approve it: for the whole district, unless it is an emergency."""
    return bool(settings.SCHOOLDAY["DETOUR_FOUR_EYES"]) and is_district_wide(new) and not new.is_emergency


def is_district_wide(new: NewDetour) -> bool:
    """Say whether a detour is of district scope: it names neither schools nor sections, so no school answers for it."""
    return is_district(new.scope) or not (new.scope.schools or new.scope.sections)


def _make_room(replaced: Detour, *, at: datetime, actor: Person | None) -> tuple[Detour, datetime | None]:
    """
    End a detour when the one that replaces it begins: at once by undoing it, later by its end.

    Return what ends then, and when it would have: what the replaced one was itself to replace, if it had not begun.
    """
    now = clock.now()
    until_at = replaced.until_at
    if replaced.state == Detour.State.IN_FORCE and replaced.from_at < at and at > now:
        if until_at is None or until_at > at:
            _end(replaced, at=at, actor=actor)
        return replaced, until_at
    undo(replaced, actor=actor)
    under = _locked(replaced.replaces) if replaced.replaces is not None and replaced.from_at > now else None
    if under is not None and under.status(now) == "in_force":
        return _make_room(under, at=at, actor=actor)
    return replaced, until_at


def _give_back(detour: Detour, *, now: datetime, actor: Person | None) -> None:
    """Let what a detour was to replace go on, where it has not begun to."""
    if detour.state != Detour.State.IN_FORCE or detour.from_at <= now or detour.replaces is None:
        return
    replaced = _locked(detour.replaces)
    if replaced.state == Detour.State.IN_FORCE and replaced.until_at == detour.from_at:
        _end(replaced, at=detour.replaced_until_at, actor=actor)


def _end(detour: Detour, *, at: datetime | None, actor: Person | None) -> None:
    detour.until_at = at
    detour.save(update_fields=["until_at"])
    audit.record(actor, "detour.end", "detour", detour.id, until_at=at.isoformat() if at else "")


def _locked(detour: Detour) -> Detour:
    return Detour.objects.select_for_update(of=("self",)).select_related("replaces").get(id=detour.id)


def _detail(detour: Detour) -> dict[str, object]:
    return {
        "scope": detour.scope_dict,
        "pathway": detour.pathway,
        "shift_minutes": detour.shift_minutes,
        "from_at": detour.from_at.isoformat(),
        "until_at": detour.until_at.isoformat() if detour.until_at else "",
        "review_on": detour.review_on.isoformat(),
        "reason": detour.reason_key,
        "emergency": detour.is_emergency,
        "replaces": detour.replaces_id or "",
        "incident": detour.incident_id,
    }


def _operators() -> list[str]:
    rows = RoleAssignment.objects.filter(role=RoleAssignment.Role.OPERATOR, person__is_active=True)
    return sorted(set(rows.values_list("person_id", flat=True)))


def _tell(detour: Detour, actor: Person | None) -> None:
    of_state = {
        Detour.State.PROPOSED: signals.proposed,
        Detour.State.IN_FORCE: signals.in_force,
        Detour.State.UNDONE: signals.undone,
    }
    signal = of_state[Detour.State(detour.state)]
    transaction.on_commit(lambda: signal.send_robust(sender=Detour, detour=detour, actor=actor) and None)


def _whole_second(at: datetime) -> datetime:
    """Return the second in which a moment lies: the plan knows no smaller part."""
    return at.replace(microsecond=0)
