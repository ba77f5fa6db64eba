"""The office's side of a fault: the same students in a roster, all spools drained into it, and the two compared."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from unittest.mock import patch

import msgspec

from schoolday.lib import clock, signing
from schoolday.office.attendance.drain import Drained, drain_door
from schoolday.office.attendance.models import EvidenceEvent, RegisterEntry
from schoolday.office.attendance.spools import DoorClient
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Enrollment
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast
from tests.door.district import District
from tests.faults.fleet import Fleet, Student
from tests.faults.wire import Address


class Rows(msgspec.Struct):
    """The office's evidence and register: event ids, and (meeting, person) of arrivals and of entries."""

    events: list[str]
    arrivals: list[tuple[str, str]]
    entries: list[tuple[str, str]]


@dataclass
class Found:
    """What the comparison found; all three lists are empty when the promise holds."""

    lost: list[str] = field(default_factory=list)  # acknowledged, and not in the register
    twice: list[str] = field(default_factory=list)  # people whose one arrival is several
    phantoms: list[str] = field(default_factory=list)  # in the register, though every try had failed, or nobody asked
    acknowledged: int = 0
    unknown: int = 0

    def figure(self) -> str:
        return (
            f"{self.acknowledged} acknowledged events, {len(self.lost)} lost, {len(self.twice)} twice in the register"
            f" ({self.unknown} unknown)"
        )

    def check(self) -> None:
        assert (self.lost, self.twice, self.phantoms) == ([], [], [])


def put_in_roster(cast: Cast, district: District, students: Iterable[Student]) -> Meeting:
    """Make the district's section and its students those of the office: the same ids on both sides."""
    sitting = district.section.meetings["now"]
    subs = [student.one.sub for student in students]
    return put_rows(cast, meeting=(sitting.id, sitting.starts_at, sitting.ends_at), subs=subs)


def put_rows(cast: Cast, *, meeting: tuple[str, int, int], subs: Sequence[str]) -> Meeting:
    """Put a meeting (id, begin, end in seconds) of the cast's section and its students into the database."""
    id_, *seconds = meeting
    starts_at, ends_at = (datetime.fromtimestamp(at, UTC) for at in seconds)
    times = {"on": starts_at.date(), "period": "1", "starts_at": starts_at, "ends_at": ends_at}
    row, _ = Meeting.objects.get_or_create(id=id_, defaults={"section": cast.section, **times})
    Person.objects.bulk_create(
        Person(id=sub, sourced_id=sub, user_name=sub, given_name="A", family_name="B", password="!") for sub in subs
    )
    Enrollment.objects.bulk_create(
        Enrollment(sourced_id=f"e-{sub}", section=cast.section, person_id=sub, role="student") for sub in subs
    )
    return row


def drain_all(district: District, addresses: dict[str, Address]) -> Drained:
    """Drain every door into the office of this test."""
    total = Drained()
    for name, address in addresses.items():
        drained = drain_one(district, name, address)
        total.new, total.known = total.new + drained.new, total.known + drained.known
        total.refused += drained.refused
    return total


def drain_one(district: District, name: str, address: Address) -> Drained:
    with as_the_office_of(district):
        client = DoorClient(name, f"http://{address.host}:{address.port}")
        try:
            return drain_door(client)
        finally:
            client.close()


@contextmanager
def as_the_office_of(district: District) -> Iterator[None]:
    """Hold the district's cell secret, as its office does."""

    def mac() -> str:
        key = signing.derive(district.secret, "drain", clock.now().strftime("%Y%m%d"))
        return signing.b64(signing.mac(key, b"GET /drain"))

    with patch("schoolday.office.attendance.spools.drain_mac", mac):
        yield


def rows() -> Rows:
    """Return what the office of this process has."""
    return Rows(
        events=[str(id_) for id_ in EvidenceEvent.objects.values_list("id", flat=True)],
        arrivals=list(EvidenceEvent.objects.filter(kind="arrived").values_list("meeting_id", "person_id")),
        entries=list(RegisterEntry.objects.values_list("meeting_id", "person_id")),
    )


def compare(fleet: Fleet, there: Rows | None = None) -> Found:
    """Compare what devices were told with what the office has; `there`: of an office in another process."""
    there = there or rows()
    events = set(there.events)
    ok, unknown = fleet.history.those("ok"), fleet.history.those("unknown")
    counts = [Counter(map(tuple, pairs)) for pairs in (there.arrivals, there.entries)]
    return Found(
        lost=sorted(ok - events),
        twice=[person for found in counts for (_, person), count in found.items() if count > 1],
        phantoms=sorted(events - ok - unknown),
        acknowledged=len(ok),
        unknown=len(unknown),
    )


def statuses() -> Counter[str]:
    return Counter(RegisterEntry.objects.values_list("status", flat=True))
