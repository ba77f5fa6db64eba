"""A device at the office: its bundle, and what its spare tickets open."""

import json
from dataclasses import dataclass, field

import msgspec
from django.conf import settings
from django.test import Client

from schoolday.contracts.bundle import Bundle, Spare
from schoolday.contracts.plan import MeetingPlan
from schoolday.contracts.proofs import DeviceKey, thumbprint
from schoolday.lib import signing
from schoolday.live import seats
from schoolday.office.people.models import Person
from schoolday.office.signin.models import Device
from tests.office.pathways.plans import Reader
from tests.office.signin.devices import key_json, new_key


@dataclass
class Tablet:
    """One device of one person. `fetch` is what the app does each evening."""

    person: Person
    key: DeviceKey = field(default_factory=new_key)

    @property
    def device(self) -> Device:
        return Device.objects.get(person=self.person, thumbprint=thumbprint(self.key))

    def fetch(self) -> Bundle:
        client = Client()
        client.force_login(Person.objects.get(id=self.person.id))
        answer = client.post("/api/bundle", key_json(self.key), content_type="application/json")
        assert answer.status_code == 200, answer.content
        return msgspec.json.decode(answer.content, type=Bundle)


def name_in(spare: Spare) -> str:
    """The live name that a spare ticket opens, as a live server reads it."""
    claims = json.loads(signing.unb64(spare.token.split(".")[1]))
    return str(claims["video"]["room"])


def place_of(meeting: MeetingPlan) -> str:
    """The live name where everybody meets who follows the plan."""
    return seats.live_name(
        meeting.id,
        cell_secret=settings.SCHOOLDAY["CELL_SECRET"],
        day=seats.live_day(meeting.starts_at),
        turn=meeting.turn,
    )


def places(reader: Reader) -> set[str]:
    """The live names of all meetings of the plan in force."""
    _, schools, _ = reader.whole()
    return {
        place_of(meeting) for school in schools.values() for section in school.sections for meeting in section.meetings
    }


def open_with(reader: Reader, bundle: Bundle) -> int:
    """How many of a bundle's spare tickets lead where somebody is."""
    known = places(reader)
    return sum(name_in(spare) in known for spare in bundle.spares)
