"""What people choose for themselves, and what a school keeps of guardians' rights."""

import hashlib
from http import HTTPStatus

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.office.notices.bad_addresses import try_again
from schoolday.office.notices.channels.push.hosts import is_known
from schoolday.office.notices.channels.push.vapid import raw
from schoolday.office.notices.choosing import Contacts, wanted
from schoolday.office.notices.models import NoticeBar, Preference, PushSubscription
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Guardianship, Person
from schoolday.office.signin.actions import set_language

SUBSCRIPTIONS_AT_MOST = 10  # of one person; the oldest makes place


class BadSubscription(SchooldayError):
    """A browser's subscription is of no form we can send to."""

    code = "bad_subscription"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop("This browser's push service is not known here. Mail and text messages still reach you.")


def preference_of(person: Person) -> Preference:
    """Return what holds for a person: what she chose, else what the defaults make of her contacts. Not saved."""
    kept = Preference.objects.filter(person=person).first()
    if kept is not None:
        return kept
    contacts = Contacts.of(person)
    chosen = wanted(contacts, None, "info")
    return Preference(person=person, mail="mail" in chosen, sms="sms" in chosen, voice=False, push=True)


@transaction.atomic
def set_preference(person: Person, *, mail: bool, sms: bool, voice: bool, push: bool, language: str) -> None:
    """Keep how a person wants to be told, and in which language."""
    values = {"mail": mail, "sms": sms, "voice": voice, "push": push, "changed_at": clock.now()}
    Preference.objects.update_or_create(person=person, defaults=values)
    if language != person.language:
        set_language(person, language)
    audit.record(person, "preference.set", "person", person.id, mail=mail, sms=sms, voice=voice, push=push)


@transaction.atomic
def end_mail(person_id: str) -> None:
    """Send a person no more mail but in emergencies; who is not there changes nothing. Asked twice, done once."""
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        return
    kept = preference_of(person)
    kept.mail, kept.changed_at = False, clock.now()
    kept.save()
    audit.record(None, "preference.set", "person", person.id, mail=False)


@transaction.atomic
def subscribe_push(person: Person, *, endpoint: str, p256dh: str, auth: str) -> None:
    """
    Let a browser get this person's notices; one that somebody else used before is hers from now on.

    :raises BadSubscription: if its push service is not on PUSH_HOSTS, or its keys are none
    """
    if len(endpoint) > 1000 or not is_known(endpoint, settings.SCHOOLDAY["PUSH_HOSTS"].split()):
        raise BadSubscription
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(p256dh))
        if len(raw(auth)) != 16 or len(p256dh) > 120 or len(auth) > 40:
            raise BadSubscription
    except ValueError as error:
        raise BadSubscription from error
    PushSubscription.objects.update_or_create(
        endpoint_sha256=_digest(endpoint),
        defaults={"person": person, "endpoint": endpoint, "p256dh": p256dh, "auth": auth, "made_at": clock.now()},
    )
    newest = PushSubscription.objects.filter(person=person).order_by("-made_at", "-id")
    kept = newest.values_list("id", flat=True)[:SUBSCRIPTIONS_AT_MOST]
    PushSubscription.objects.filter(person=person).exclude(id__in=list(kept)).delete()


@transaction.atomic
def unsubscribe_push(person: Person, *, endpoint: str) -> None:
    """End it for one browser of this person; of somebody else's it changes nothing, and says nothing."""
    PushSubscription.objects.filter(person=person, endpoint_sha256=_digest(endpoint)).delete()


@transaction.atomic
def bar_guardian(student: Person, guardian_id: str, *, actor: Person, is_barred: bool) -> None:
    """
    Tell a guardian nothing more about a student, or tell her again.

    :raises NotYours: if she is not the student's guardian
    """
    if not Guardianship.objects.filter(student=student, guardian=guardian_id).exists():
        raise NotYours
    bars = NoticeBar.objects.filter(student=student, guardian=guardian_id)
    if is_barred and not bars.exists():
        NoticeBar.objects.create(student=student, guardian_id=guardian_id, made_by=actor.id, made_at=clock.now())
    elif not is_barred:
        bars.delete()
    audit.record(actor, "notice.bar" if is_barred else "notice.unbar", "person", student.id, guardian=guardian_id)


@transaction.atomic
def try_mail_again(student: Person, guardian_id: str, *, actor: Person) -> None:
    """
    Send mail to a guardian again from whose address it came back.

    :raises NotYours: if she is not the student's guardian
    """
    pair = Guardianship.objects.filter(student=student, guardian=guardian_id).select_related("guardian").first()
    if pair is None:
        raise NotYours
    try_again(pair.guardian, actor=actor)


def _digest(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()
