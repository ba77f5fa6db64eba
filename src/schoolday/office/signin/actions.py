"""Signing on and off, passwords, devices and badges. One verb, one transaction, an audit row."""

import secrets
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http import HTTPStatus

from django.contrib.auth import login, logout
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import F, Max
from django.http import HttpRequest

from schoolday.contracts.badges import NUMBER_BITS
from schoolday.contracts.proofs import DeviceKey
from schoolday.lib import clock, ids
from schoolday.lib.errors import Busy, SchooldayError
from schoolday.office.people import audit
from schoolday.office.people.models import Person
from schoolday.office.signin import throttle, turns
from schoolday.office.signin.hashers import using_turn_of
from schoolday.office.signin.models import Device, EpochRise, RevokedPass

DEVICES_PER_PERSON = 10  # a family's tablets and a few wiped browsers; the one not seen the longest goes
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_ROWS_AT_ONCE = 500
_PATIENT_WHEN_BUSY_SECONDS = 120
_PATIENT_WHEN_DOWN_SECONDS = 20
_LONGEST_DAY_SESSION = timedelta(hours=36)  # until midnight, wherever the school is, and some


class WrongPassword(SchooldayError):
    """User name and password do not fit together; which of them is wrong is not said, nor whether she may come in."""

    code = "wrong_password"
    status = HTTPStatus.UNAUTHORIZED
    text = "User name and password do not fit together. Look at your card and try again."


def sign_on(request: HttpRequest, *, user_name: str, password: str, address: str, account: bytes) -> Person:
    """
    Sign a person on with a password; one hash, also when nobody has that user name. `account`: whose turn in the
    waiting line it is.

    :raises WrongPassword: if name and password do not fit, or the person is not active
    :raises throttle.Wait: after too many wrong ones
    :raises Busy: if the hasher's line is full or it is not there; the try does not count
    """
    user_name = user_name.strip()
    with using_turn_of(account):
        attempt = throttle.begin(user_name, address)
        names = (user_name, user_name.lower())
        found = {person.user_name: person for person in Person.objects.filter(user_name__in=names)}
        person = found.get(names[0]) or found.get(names[1])
        try:
            fits = (person or _nobody()).check_password(password)
        except Busy:
            throttle.not_tried(attempt)
            raise
    if person is None or not fits or not person.is_active:
        raise WrongPassword
    throttle.succeeded(attempt)
    login(request, person, backend=_BACKEND)  # a new session key: one that was planted before is worth nothing
    return person


def sign_off(request: HttpRequest) -> None:
    """End the office's session in this browser; the device's pass is the device's to forget."""
    logout(request)


@transaction.atomic
def set_language(person: Person, language: str) -> None:
    """Keep the language in which the person reads."""
    person.language = language
    person.save(update_fields=["language"])


def set_passwords(passwords: Iterable[tuple[Person, str]], *, at_a_time: int = 8) -> int:
    """
    Give many people their passwords, each with its own salt, and return how many; 30 ms each on one core.

    Existing sessions of these people end. A full line at the hasher is waited for, and 20 s for one that just starts.

    :raises schoolday.office.signin.hasher_protocol.HasherDown: if the hasher is not there; what was done stays done
    """
    done = 0
    batch: list[tuple[Person, str]] = []

    def write() -> None:
        nonlocal done
        with ThreadPoolExecutor(at_a_time) as pool:
            hashed = list(pool.map(lambda pair: _hash_patiently(pair[1]), batch))
        with transaction.atomic():
            for (person, _), encoded in zip(batch, hashed, strict=True):
                person.password = encoded
            Person.objects.bulk_update([person for person, _ in batch], ["password"])
            audit.record(None, "password.set_many", "person", "", people=[person.id for person, _ in batch])
        done += len(batch)
        batch.clear()

    for pair in passwords:
        batch.append(pair)
        if len(batch) == _ROWS_AT_ONCE:
            write()
    if batch:
        write()
    return done


def set_password(person: Person, password: str, *, actor: Person | None = None) -> None:
    """
    Give one person a password; her sessions at the office end, her passes stay.

    :raises Busy: if the hasher's line is full or it is not there
    """
    encoded = make_password(password)
    with transaction.atomic():
        person.password = encoded
        person.save(update_fields=["password"])
        audit.record(actor, "password.set", "person", person.id)


class ChangedMeanwhile(SchooldayError):
    """While a pass was made somebody ended this person's passes or took her out of a class. Nothing was given."""

    code = "changed_meanwhile"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    text = "Something changed just now. Please try once more."
    retryable = True
    retry_after_seconds = 1


@transaction.atomic
def give_pass(
    person: Person,
    key: DeviceKey,
    thumbprint: str,
    *,
    sections: Iterable[str],
    turns_given: Mapping[str, int],
    ends: tuple[datetime, datetime],
    session_key: str = "",
    section_ends: Mapping[str, int] | None = None,
) -> Device:
    """
    Write down what a device's pass will open, and which spare tickets come with it, before anything is handed out.

    `ends`: of the pass proper, and of its grace; `section_ends`: of those it opens for a shorter time, in seconds.
    Holds the person's row, as whoever ends her passes does: either they see what we write, or we see that they did.

    :raises ChangedMeanwhile: if her epoch is no longer the one the pass would be made with, or she left
    """
    now = Person.objects.select_for_update().get(id=person.id)
    if now.epoch != person.epoch or not now.is_active:
        raise ChangedMeanwhile
    device = keep_device(person, key, thumbprint)
    if session_key:
        Device.objects.filter(id=device.id).update(session_key=session_key)
    note_pass(
        device, sections=sections, until=ends[1], ends=ends[0], turns_given=turns_given, section_ends=section_ends
    )
    return device


@transaction.atomic
def keep_device(person: Person, key: DeviceKey, thumbprint: str) -> Device:
    """
    Return the person's device with this key, new or known. Beyond DEVICES_PER_PERSON the oldest goes, and its pass
    with it at the next plan. Up to six queries.
    """
    now = clock.now()
    device, made = Device.objects.get_or_create(
        person=person,
        thumbprint=thumbprint,
        defaults={"key_x": key.x, "key_y": key.y, "made_at": now, "seen_at": now, "pass_jti": secrets.token_hex(16)},
    )
    if made:
        others = Device.objects.filter(person=person).exclude(id=device.id).order_by("-seen_at", "-id")
        for old in others[DEVICES_PER_PERSON - 1 :]:
            remove_device(old)
    return device


@transaction.atomic
def remove_device(device: Device, *, actor: Person | None = None) -> None:
    """
    Take a device from its person; its passes are denied from the next plan on.

    Her classes stay where they are: this also happens to her oldest device when she signs on from an eleventh, and no
    student may move a class by wiping her browser. `take_away` moves them.
    """
    Person.objects.select_for_update().get(id=device.person_id)
    device.refresh_from_db()
    if device.pass_until is not None and device.pass_until > clock.now():
        RevokedPass.objects.get_or_create(
            jti=device.pass_jti, defaults={"until": device.pass_until, "revoked_at": clock.now()}
        )
    audit.record(actor, "device.remove", "person", device.person_id, device=device.thumbprint)
    device.delete()


@transaction.atomic
def take_away(device: Device, *, actor: Person) -> None:
    """
    Take a lost or stolen device from its person, sign its browser off, and take whatever else that sign-on has made a
    pass for: who holds the browser can make new keys in it. Its spare tickets lead into empty places from then on.
    """
    Person.objects.select_for_update().get(id=device.person_id)
    same_browser = Device.objects.filter(person=device.person_id, session_key=device.session_key).exclude(id=device.id)
    taken = [device, *(same_browser if device.session_key else ())]
    turns.move_away_from(device.person_id, taken)
    for one in taken:
        remove_device(one, actor=actor)
    if device.session_key:
        SessionStore(device.session_key).delete()


def note_pass(
    device: Device,
    *,
    sections: Iterable[str],
    until: datetime,
    ends: datetime | None = None,
    turns_given: Mapping[str, int] | None = None,
    section_ends: Mapping[str, int] | None = None,
) -> None:
    """
    Write down what the device's pass opens and until when, before it is handed out. One query.

    `ends`: of the pass proper; `until`: of its grace; `turns_given`: of sections, with the spare tickets.
    """
    now, end = clock.now(), int(until.timestamp())
    still_opened = {section: at for section, at in device.pass_sections.items() if at > now.timestamp()}
    device.pass_sections = still_opened | {
        section: max(min(end, (section_ends or {}).get(section, end)), still_opened.get(section, 0))
        for section in sections
    }
    device.pass_ends = ends  # the newest pass is the one the device holds
    highest = {section: max(turn, device.pass_turns.get(section, 0)) for section, turn in (turns_given or {}).items()}
    device.pass_turns = {
        section: turn
        for section, turn in (device.pass_turns | highest).items()
        if turn and section in device.pass_sections
    }
    device.pass_until = max(filter(None, (until, device.pass_until)))
    device.seen_at = now
    device.save(update_fields=["seen_at", "pass_ends", "pass_until", "pass_sections", "pass_turns"])


@transaction.atomic
def new_badge(student: Person, *, actor: Person | None) -> None:
    """
    Give a student a new badge number. At the next plan the old badge is dead, and so is everything that was opened
    with it: passes and day sessions of the student too, for whoever found the badge may hold one.
    """
    student.badge_number = free_badge_number()
    student.save(update_fields=["badge_number"])
    raise_epoch(student)
    audit.record(actor, "badge.new", "person", student.id, epoch=student.epoch)


@transaction.atomic
def end_passes(person: Person, *, actor: Person | None) -> None:
    """End everything a person could come in with: passes, day sessions, spare tickets, and her sign-ons here."""
    raise_epoch(person)
    audit.record(actor, "passes.end", "person", person.id, epoch=person.epoch)


@transaction.atomic
def raise_epoch(person: Person) -> None:
    """
    Kill every pass, day session and sign-on of a person: at the office at once, at the doors from the next plan on.

    Her spare tickets lead into empty places from then on: the turn of all her classes rises.
    """
    Person.objects.filter(id=person.id).update(epoch=F("epoch") + 1)
    person.refresh_from_db(fields=["epoch"])
    turns.move_away_from(person.id, person.devices.all())
    last_pass = person.devices.aggregate(last=Max("pass_until"))["last"]
    day_is_over = clock.now() + _LONGEST_DAY_SESSION
    until = max(last_pass, day_is_over) if last_pass else day_is_over
    person.devices.update(pass_ends=None)  # until the device asks for a new one
    EpochRise.objects.update_or_create(person=person, defaults={"epoch": person.epoch, "until": until})


def free_badge_number() -> int:
    """Return a random badge number that nobody has."""
    while True:
        number = secrets.randbits(NUMBER_BITS)
        if number and not Person.objects.filter(badge_number=number).exists():
            return number


def _nobody() -> Person:
    """Return a person with no password: checking it costs one hash, as a real one does."""
    person = Person(id=ids.new_id())
    person.set_unusable_password()
    return person


def _hash_patiently(password: str) -> str:
    """Hash, and wait for a full line and for a hasher that is only just starting or slow."""
    from schoolday.office.signin.hashers import HasherBusy

    began = time.monotonic()
    while True:
        try:
            return make_password(password)
        except Busy as error:
            patience = _PATIENT_WHEN_BUSY_SECONDS if isinstance(error, HasherBusy) else _PATIENT_WHEN_DOWN_SECONDS
            if time.monotonic() - began > patience:
                raise
            time.sleep(0.1)
