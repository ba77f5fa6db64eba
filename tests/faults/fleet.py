"""
Synthetic students who climb the ladder as the app does (app/src/joining/ladder.ts), and remember what was acknowledged.

Open arrivals: a student comes when the bell says so, however the doors are. Each has her own pass, key and order of
doors, no nonce fetched ahead and no day session: the coldest start there is.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from schoolday.lib import clock, ids
from tests.door.district import District, Section, Someone
from tests.faults.wire import Address, Refused, Unanswered, ask

Outcome = Literal["ok", "failed", "unknown"]
TRY_SECONDS = 3.0  # DOOR_TIMEOUT_MS in app/src/door/door.ts
NEXT_DOOR_SECONDS = 0.3  # at most, full jitter; doubles with each round, as in ladder.ts
_LONGEST_WAIT_SECONDS = 8.0
IN_CLASS_SECONDS = 10.0  # shared/RELIABILITY.md, promise 5
_GIVE_UP_SECONDS = 40.0  # a test is bounded in time; a child is not


class History:
    """What became of each event: ok once it was acknowledged; failed if no try can have kept it; else unknown."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}

    def asked(self, event: str) -> None:
        """Note that an event is on its way: until its answer is here, nobody knows."""
        if self.outcomes.get(event) != "ok":
            self.outcomes[event] = "unknown"

    def answered(self, event: str, outcome: Outcome, *, before: Outcome | None) -> None:
        """Note the answer of one try; `before`: what was known of the event before that try."""
        if outcome == "ok" or self.outcomes.get(event) == "ok":
            self.outcomes[event] = "ok"
        elif outcome == "failed" and before in (None, "failed"):
            self.outcomes[event] = "failed"

    def those(self, outcome: Outcome) -> set[str]:
        return {event for event, found in self.outcomes.items() if found == outcome}

    def counts(self) -> Counter[str]:
        return Counter(self.outcomes.values())


@dataclass
class Student:
    """One student on her way into class. `clock_off_ms`: how wrong her device's clock is."""

    one: Someone
    section: Section
    token: str
    doors: tuple[str, ...]
    clock_off_ms: int = 0
    arrival: str = field(default_factory=ids.new_event_id)
    session: str | None = None
    in_class_after: float | None = None
    refused: str = ""
    tries: list[str] = field(default_factory=list)  # the layer of each failure
    waiting: list[dict[str, Any]] = field(default_factory=list)  # evidence no door has taken yet

    @property
    def meeting(self) -> str:
        return self.section.meetings["now"].id

    def now_ms(self) -> int:
        return clock.now_ms() + self.clock_off_ms


@dataclass
class Fleet:
    """All students of one test, the doors as they see them, and the history of their events."""

    district: District
    addresses: Mapping[str, Address]
    dice: random.Random
    history: History = field(default_factory=History)
    students: list[Student] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)

    def enroll(self, count: int, *, section: Section | None = None, clock_off_ms: int = 0) -> list[Student]:
        """Add students of a section, each with a pass for three doors in her own order."""
        where = section or self.district.section
        names = sorted(self.addresses)
        made = []
        for _ in range(count):
            one = Someone("student", (where.id,), self.district.school, grade="07")
            doors = tuple(self.dice.sample(names, min(3, len(names))))
            token = self.district.token(one, doors=doors)
            made.append(Student(one, where, token, doors, clock_off_ms))
        self.students += made
        return made

    async def bell(self, students: list[Student], *, over_seconds: float) -> None:
        """Let these students come within `over_seconds`; return when each is in class or has given up."""
        loop = asyncio.get_running_loop()
        began = loop.time()

        async def come(student: Student, at: float) -> None:
            await asyncio.sleep(max(0.0, began + at - loop.time()))
            await self.climb(student)

        await asyncio.gather(*(come(one, self.dice.uniform(0, over_seconds)) for one in students))

    async def climb(self, student: Student) -> None:
        """Ask door after door until one lets her in; then bring the evidence, as app/src/joining/ticket.ts does."""
        began = time.monotonic()
        attempt = 0
        while time.monotonic() - began < _GIVE_UP_SECONDS:
            door = student.doors[attempt % len(student.doors)]
            try:
                await self.join(student, door)
            except Refused as error:
                student.refused = str(error)
                return
            except Unanswered as error:
                self._failed(student, door, error)
                attempt += 1
                await asyncio.sleep(self._wait(attempt, len(student.doors), error))
                continue
            student.in_class_after = time.monotonic() - began
            student.waiting.append(self._event(student, "arrived", student.arrival))
            await self.upload(student)
            return

    async def join(self, student: Student, door: str) -> None:
        """Ask one door for a ticket, and note what is known of the arrival after it."""
        address, first = self.addresses[door], None
        if student.session is None:
            nonce = (await ask(address, "GET", "/nonce", needs=("nonce", "server_at"), timeout_seconds=TRY_SECONDS))[
                "nonce"
            ]
            try:
                first = self.district.first_contact(student.one, nonce, token=student.token)
            except Exception as error:  # a stranger's nonce may be anything
                raise Unanswered("stranger", reached=False) from error
        body = {
            "meeting": student.meeting,
            "section": student.section.id,
            "event": student.arrival,
            "sent_at": student.now_ms(),
            "first": first,
        }
        before = self.history.outcomes.get(student.arrival)
        self.history.asked(student.arrival)
        try:
            answer = await ask(
                address,
                "POST",
                "/join",
                body=body,
                session=student.session,
                needs=("ticket", "server_at"),
                timeout_seconds=TRY_SECONDS,
            )
        except (Refused, Unanswered) as error:
            sure = isinstance(error, Refused) or not error.reached
            self.history.answered(student.arrival, "failed" if sure else "unknown", before=before)
            if str(error) == "session_over":
                student.session = None
                raise Unanswered("server", reached=False) from error
            raise
        if answer["ticket"]["state"] not in ("live", "alternate"):
            raise Refused(answer["ticket"]["state"])
        student.session = answer.get("session") or student.session
        self.history.answered(student.arrival, "ok", before=before)

    async def upload(self, student: Student) -> bool:
        """Bring what waits on the device to the first door that takes it; say whether one did."""
        body = {"sent_at": student.now_ms(), "events": student.waiting}
        names = [event["id"] for event in student.waiting]
        for door in student.doors:
            before = {name: self.history.outcomes.get(name) for name in names}
            for name in names:
                self.history.asked(name)
            try:
                receipt = await ask(
                    self.addresses[door],
                    "POST",
                    "/evidence",
                    body=body,
                    session=student.session,
                    needs=("kept", "confirmed"),
                    timeout_seconds=TRY_SECONDS,
                )
            except (Refused, Unanswered) as error:
                sure = isinstance(error, Refused) or not error.reached
                for name in names:
                    self.history.answered(name, "failed" if sure else "unknown", before=before[name])
                continue
            for name in names:
                outcome: Outcome = "ok" if name in receipt["kept"] else "failed"
                self.history.answered(name, outcome, before=before[name])
            student.waiting.clear()
            return True
        return False

    def share_in_class(self, *, within_seconds: float = IN_CLASS_SECONDS) -> float:
        """Return which share of all students was in class so soon after she came."""
        soon = [s for s in self.students if s.in_class_after is not None and s.in_class_after <= within_seconds]
        return len(soon) / len(self.students)

    def slowest(self) -> float:
        return max((s.in_class_after or float("inf")) for s in self.students)

    def _failed(self, student: Student, door: str, error: Unanswered) -> None:
        if error.layer not in student.tries:  # one line for each layer, as app/src/joining/tried.ts keeps them
            student.waiting.append(self._event(student, "tried", ids.new_event_id(), layer=error.layer, step=door))
        student.tries.append(error.layer)
        self.tried[error.layer] += 1

    def _event(self, student: Student, kind: str, event: str, **detail: str) -> dict[str, Any]:
        return {
            "id": event,
            "kind": kind,
            "sub": student.one.sub,
            "meeting": student.meeting,
            "device_at": student.now_ms(),
            "detail": detail,
        }

    def _wait(self, attempt: int, doors: int, error: Unanswered) -> float:
        rounds, in_round = divmod(attempt, doors)
        if rounds == 0 or in_round:  # another door is next: at once, but not all in the same millisecond
            return self.dice.uniform(0, NEXT_DOOR_SECONDS)
        longest = min(_LONGEST_WAIT_SECONDS, NEXT_DOOR_SECONDS * 2**rounds)
        return max(self.dice.uniform(0, longest), error.retry_after_seconds * (1 + self.dice.random()))
