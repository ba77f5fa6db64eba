"""Sending notices and what can be done to them after. One verb, one transaction, one audit row."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.notices.audience import Audience, check_audience, schools_in
from schoolday.office.notices.channels import banner
from schoolday.office.notices.choosing import CHANNELS
from schoolday.office.notices.models import Delivery, Level, Notice
from schoolday.office.notices.of_detour import words_of_detour
from schoolday.office.notices.public import public_channels, shown_until
from schoolday.office.notices.texts import check_words, situations
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.people import audit
from schoolday.office.people.models import Person

State = Notice.State
_LEVELS: tuple[Level, ...] = ("info", "warning", "emergency")
_PUBLIC_RANK = -1  # before people of the same urgency: these are single rows


class CannotNow(SchooldayError):
    """The notice is not in a state in which this can be done."""

    code = "cannot_now"
    status = HTTPStatus.CONFLICT
    text = gettext_noop("This cannot be done any more: the notice has gone on meanwhile. Look at its page.")


@transaction.atomic
def send_notice(
    *,
    audience: Audience,
    actor: Person | None,
    sentences: Iterable[str] = (),
    facts: Mapping[str, str] | None = None,
    free: Mapping[str, str] | None = None,
    level: Level | None = None,
    channels: Iterable[str] = CHANNELS,
    incident_id: str = "",
    clock_from: datetime | None = None,
    until_at: datetime | None = None,
    follows: Notice | None = None,
) -> Notice:
    """
    Send a notice, and return it; a few queries, however many people: the worker makes the rows, teachers' first.

    `sentences`: ids of situations.json, in order; `facts` and `free` as `texts.check_words` says. `level`: default the
    most urgent of the sentences. `clock_from`: since when people wait to hear (an incident's start). `follows`: the
    notice that this one corrects: its banner comes down, and feeds name it. Call it in the transaction of what caused
    it (an incident, a detour): both stand or fall together.

    :raises BadAudience: if nobody is meant
    :raises BadText: or one of its kinds, if words, facts or a language are missing
    """
    notice = Notice(
        incident_id=incident_id,
        sentences=list(sentences),
        facts=dict(facts or {}),
        free={name: text.strip() for name, text in (free or {}).items() if text.strip()},
        audience=audience.as_dict(),
        channels=[channel for channel in CHANNELS if channel in set(channels)],
        made_by=actor.id if actor else "",
        made_at=clock.now(),
        clock_from=clock_from,
        until_at=until_at,
        follows=follows,
        meaning=Notice.Meaning.UPDATE if follows else Notice.Meaning.ALERT,
    )
    notice.level = level or level_of(notice.sentences)
    _check(notice)
    notice.save()
    _send(notice, actor)
    return notice


@transaction.atomic
def draft_notice(
    *,
    audience: Audience,
    actor: Person,
    follows: Notice | None = None,
    incident_id: str = "",
    clock_from: datetime | None = None,
    detour: Detour | None = None,
) -> Notice:
    """
    Begin a notice that its maker goes on writing; `incident_id` and `clock_from` as `send_notice`.

    `detour`: what the notice is about: its sentences are there already, and the clock runs from its declaration.
    """
    check_audience(audience)
    sentences, facts = words_of_detour(detour) if detour else ([], {})
    return Notice.objects.create(
        incident_id=incident_id or (detour.incident_id if detour else ""),
        clock_from=clock_from or (detour.made_at if detour else None),
        sentences=sentences,
        facts=facts,
        level="warning" if detour else "info",
        audience=audience.as_dict(),
        made_by=actor.id,
        made_at=clock.now(),
        follows=follows,
        meaning=Notice.Meaning.UPDATE if follows else Notice.Meaning.ALERT,
    )


@transaction.atomic
def write_draft(
    notice: Notice,
    *,
    sentences: Iterable[str],
    facts: Mapping[str, str],
    free: Mapping[str, str],
    level: Level,
    channels: Iterable[str],
) -> None:
    """Keep a draft's words and channels; errors as `send_notice`, then nothing is kept."""
    notice.sentences, notice.facts = list(sentences), dict(facts)
    notice.free = {name: text.strip() for name, text in free.items() if text.strip()}
    notice.level = level
    notice.channels = [channel for channel in CHANNELS if channel in set(channels)]
    _check(notice)
    notice.save()


@transaction.atomic
def send_draft(notice: Notice, *, actor: Person) -> Notice:
    """
    Send a draft. Asked twice, sent once: who comes second gets the notice as it is.

    :raises BadText: or BadAudience, if it is not complete
    """
    found = Notice.objects.select_for_update().get(id=notice.id)
    if found.state != State.DRAFT:
        return found
    _check(found)
    _send(found, actor)
    return found


@transaction.atomic
def stop_notice(notice: Notice, *, actor: Person) -> int:
    """
    Let nothing more of a notice go out; return how many rows are held. What is in a hand now, a second's worth, goes.

    :raises CannotNow: if nothing of it waits
    """
    found = Notice.objects.select_for_update().get(id=notice.id)
    if found.state not in (State.PREPARING, State.GOING):
        raise CannotNow
    found.state = State.STOPPED
    found.save(update_fields=["state"])
    held = found.deliveries.filter(state=Delivery.State.QUEUED).update(state=Delivery.State.HELD)
    audit.record(actor, "notice.stop", "notice", found.id, held=held)
    return held


@transaction.atomic
def resume_notice(notice: Notice, *, actor: Person) -> int:
    """
    Let a stopped notice go on; return how many rows wait again.

    :raises CannotNow: if it is not stopped
    """
    found = Notice.objects.select_for_update().get(id=notice.id)
    if found.state != State.STOPPED:
        raise CannotNow
    found.state = State.GOING if found.prepared_at else State.PREPARING
    found.save(update_fields=["state"])
    freed = found.deliveries.filter(state=Delivery.State.HELD).update(
        state=Delivery.State.QUEUED, not_before=clock.now()
    )
    audit.record(actor, "notice.resume", "notice", found.id, rows=freed)
    return freed


@transaction.atomic
def resend_failed(notice: Notice, *, actor: Person, also_unknown: bool = False) -> int:
    """
    Send again what failed, with fresh attempts; return how many. What is undeliverable stays so.

    `also_unknown`: what may have gone out too. A person decides that; somebody may then get it twice.

    :raises CannotNow: if the notice is stopped, or not prepared yet
    """
    found = Notice.objects.select_for_update().get(id=notice.id)
    if found.state not in (State.GOING, State.DONE):
        raise CannotNow
    states = [Delivery.State.FAILED, *([Delivery.State.UNKNOWN] if also_unknown else [])]
    again = found.deliveries.filter(state__in=states).update(
        state=Delivery.State.QUEUED, attempts=0, reason="", not_before=clock.now()
    )
    if again:
        found.state, found.done_at = State.GOING, None
        found.save(update_fields=["state", "done_at"])
    audit.record(actor, "notice.resend", "notice", found.id, rows=again, also_unknown=also_unknown)
    return again


@transaction.atomic
def withdraw_notice(notice: Notice, *, actor: Person) -> Notice:
    """
    Take a notice back: nothing more of it goes out, its banner comes down, feeds and hooks say Cancel. Nobody is
    written to again. Returns the notice that cancels it; asked twice the first one.

    :raises CannotNow: if it is a draft, or cancels one itself
    """
    found = Notice.objects.select_for_update().get(id=notice.id)
    if found.state == State.DRAFT or found.meaning == Notice.Meaning.CANCEL:
        raise CannotNow
    known = found.followed_by.filter(meaning=Notice.Meaning.CANCEL).first()
    if known is not None:
        return known
    found.deliveries.filter(state__in=(Delivery.State.QUEUED, Delivery.State.HELD)).update(
        state=Delivery.State.SKIPPED, reason="withdrawn"
    )
    if found.state != State.DONE:
        found.state, found.done_at = State.DONE, clock.now()
        found.save(update_fields=["state", "done_at"])
    cancel = Notice.objects.create(
        incident_id=found.incident_id,
        meaning=Notice.Meaning.CANCEL,
        follows=found,
        level="info",
        sentences=["withdrawn"],
        audience=found.audience,
        channels=[channel for channel in found.channels if channel in ("feeds", "webhooks")],
        made_by=actor.id,
        made_at=clock.now(),
    )
    banner.hide(found)
    _send(cancel, actor, to_people=False)
    audit.record(actor, "notice.withdraw", "notice", found.id, by=cancel.id)
    return cancel


def level_of(sentences: Iterable[str]) -> Level:
    """Return the most urgent level of these sentences."""
    found = [situations()[one].level for one in sentences if one in situations()]
    return max(found, key=_LEVELS.index, default="info")


def _check(notice: Notice) -> None:
    check_audience(Audience.from_dict(notice.audience))
    check_words(sentences=notice.sentences, facts=notice.facts, free=notice.free)
    if notice.level not in _LEVELS or not notice.channels:
        raise CannotNow(gettext_noop("Choose at least one way to tell people."))


def _send(notice: Notice, actor: Person | None, *, to_people: bool = True) -> None:
    """Make a notice sent: its state, the schools it touches, its banner, and the rows of public channels."""
    now = clock.now()
    audience = Audience.from_dict(notice.audience)
    allowed = public_channels(audience)
    notice.channels = [one for one in notice.channels if one in allowed or one not in ("banner", "feeds", "webhooks")]
    notice.sent_at, notice.clock_from = now, notice.clock_from or now
    notice.state = State.PREPARING if to_people else State.GOING
    notice.save()
    schools = list(schools_in(audience))
    notice.schools.set(schools)
    rows = [_public_row(notice, channel, target) for channel, target in _public_targets(notice)]
    if "banner" in notice.channels:
        banner.show(notice, schools, at=now, until_at=shown_until(notice))
        shown = _public_row(notice, "banner", "")
        shown.state, shown.sent_at = Delivery.State.SENT, now
        rows.append(shown)
    elif notice.follows:
        banner.hide(notice.follows)
    Delivery.objects.bulk_create(rows)
    audit.record(
        actor, "notice.send", "notice", notice.id, level=notice.level, schools=len(schools), channels=notice.channels,
        incident=notice.incident_id, sentences=notice.sentences, own_words=bool(notice.free),
    )  # fmt: skip


def _public_targets(notice: Notice) -> list[tuple[str, str]]:
    targets = [("feeds", "")] if "feeds" in notice.channels else []
    if "webhooks" in notice.channels:
        targets += [("webhooks", hook) for hook in settings.SCHOOLDAY["WEBHOOKS"]]
    return targets


def _public_row(notice: Notice, channel: str, target: str) -> Delivery:
    return Delivery(
        notice=notice,
        channel=channel,
        target=target,
        address_key=f"public:{target}"[:40],
        rank=_PUBLIC_RANK - (10 if notice.level == "emergency" else 0),
        language="en",
        not_before=notice.sent_at or clock.now(),
    )
