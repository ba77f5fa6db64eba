"""An evening before a school day: Monday, 18:00 in New York; the first bell rings on Tuesday at 8:00."""

import secrets
from datetime import UTC, date, datetime, time, timedelta

from django.test import Client

from schoolday.office.console.readiness.days import NextDay, next_days
from schoolday.office.people.models import Guardianship, Org, Person
from schoolday.office.signin.models import Device
from schoolday.office.timetable.models import BellSchedule, Period
from tests.cast import Cast, make_person

EVENING = datetime(2026, 9, 14, 22, tzinfo=UTC)
TUESDAY = date(2026, 9, 15)
BELL = datetime(2026, 9, 15, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 9, 15, 4, tzinfo=UTC)  # the beginning of that Tuesday, in New York


def ring(school: Org, first: time = time(8), day_type: str = "regular") -> None:
    schedule = BellSchedule.objects.create(school=school, day_type=day_type)
    for code, starts in (("1", first), ("2", time(first.hour + 2))):
        Period.objects.create(schedule=schedule, code=code, starts=starts, ends=time(starts.hour + 1))


def give_device(person: Person, *, ends: datetime | None, grace: timedelta = timedelta(0)) -> Device:
    return Device.objects.create(
        person=person,
        thumbprint=secrets.token_hex(16),
        key_x="x",
        key_y="y",
        made_at=EVENING,
        seen_at=EVENING - timedelta(hours=3),
        pass_jti=secrets.token_hex(16),
        pass_ends=ends,
        pass_until=(ends or EVENING) + grace,
    )


def give_pass(person: Person) -> Device:
    return give_device(person, ends=BELL + timedelta(days=3), grace=timedelta(days=4))


def give_phones(cast: Cast) -> None:
    for person, phone in ((cast.guardian, "305-555-0101"), (cast.other_guardian, "305-555-0102")):
        person.phone = phone
        person.save()


def another_student(cast: Cast, name: str, *, guardian: Person | None = None) -> Person:
    student = make_person(name, name.title(), "Jean", "student", cast.school, grade="06")
    if guardian:
        Guardianship.objects.create(guardian=guardian, student=student)
    return student


def day_of(school: Org) -> NextDay:
    return next_days([school])[school.id]


def as_person(person: Person, language: str = "en") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = language
    return client
