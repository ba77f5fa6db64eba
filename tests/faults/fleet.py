"""
Synthetic students who climb the ladder as the app does (app/src/joining/{ladder,round}.ts), and remember what was
acknowledged.

Open arrivals: a student comes when the bell says so, however the doors are. Each has her own pass, key and order of
doors, no nonce fetched ahead and no day session: the coldest start there is.
"""

import asyncio
import itertools
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
TRY_SECONDS = 3.0  # one request: DOOR_TIMEOUT_MS in app/src/door/door.ts
HEDGE_SECONDS = 1.5  # then the next door is asked beside: HEDGE_AFTER_MS in app/src/joining/round.ts
DOOR_SECONDS = 4.0  # one door, with everything it takes: TRY_MS there
_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 8.0  # between rounds, full jitter: app/src/joining/ladder.ts
IN_CLASS_SECONDS = 10.0  # shared/RELIABILITY.md, promise 5
_GIVE_UP_SECONDS = 40.0  # a test is bounded in time; a child is not


class History:
    """What became of each event: ok once it was acknowledged; failed if no try can have kept it; else unknown."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()  # tries whose end is not known yet; two doors may be asked at once
        self._ok: set[str] = set()
        self._unsure: set[str] = set()

    def asked(self, event: str) -> None:
        """Note that a try with this event is on its way."""
        self._open[event] += 1

    def answered(self, event: str, outcome: Outcome) -> None:
        """Note how one try ended."""
        self._open[event] -= 1
        if outcome == "ok":
            self._ok.add(event)
        elif outcome == "unknown":
            self._unsure.add(event)

    def those(self, outcome: Outcome) -> set[str]:
        return {event for event in self._open if self._outcome(event) == outcome}

    def add(self, other: "History") -> None:
        """Take in the events of another fleet."""
        self._open.update(other._open)
        self._ok |= other._ok
        self._unsure |= other._unsure

    def _outcome(self, event: str) -> Outcome:
        if event in self._ok:
            return "ok"
        return "unknown" if event in self._unsure or self._open[event] else "failed"


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
        """Ask round after round until a door lets her in; then bring the evidence, as the app does."""
        began = time.monotonic()
        for number in itertools.count():
            try:
                invited = await self._round(student)
            except Refused as error:
                student.refused = str(error)
                return
            if invited is None:
                break
            if time.monotonic() - began > _GIVE_UP_SECONDS:
                return
            longest = min(_LONGEST_WAIT_SECONDS, _WAIT_SECONDS * 2**number)
            await asyncio.sleep(invited * (1 + self.dice.random()) or self.dice.uniform(0, longest))
        student.in_class_after = time.monotonic() - began
        student.waiting.append(self._event(student, "arrived", student.arrival))
        await self.upload(student)

    async def _round(self, student: Student) -> float | None:
        """
        Ask her doors, each once: the next one when one fails, or beside it when it is slow. Return None when she is in,
        else after how many seconds a busy door wants to see her again (0: none said).
        """
        tries: dict[asyncio.Task[None], str] = {}
        left = list(student.doors)
        invited: list[float] = []
        try:
            while tries or left:
                if left:
                    door = left.pop(0)
                    tries[asyncio.create_task(self._one_door(student, door))] = door
                done, _ = await asyncio.wait(
                    tries, timeout=HEDGE_SECONDS if left else None, return_when=asyncio.FIRST_COMPLETED
                )
                if not done:
                    self._failed(student, door, Unanswered("slow", reached=True))
                for task in done:
                    failed_door = tries.pop(task)
                    error = task.exception()
                    if error is None:
                        return None
                    if not isinstance(error, Unanswered):
                        raise error
                    self._failed(student, failed_door, error)
                    if error.retry_after_seconds:
                        invited.append(error.retry_after_seconds)
        finally:
            for task in tries:
                task.cancel()
            await asyncio.gather(*tries, return_exceptions=True)
        return min(invited, default=0.0)

    async def _one_door(self, student: Student, door: str) -> None:
        try:
            async with asyncio.timeout(DOOR_SECONDS):
                await self.join(student, door)
        except TimeoutError:
            raise Unanswered("slow", reached=True) from None

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
        except asyncio.CancelledError:  # another door was quicker, or this one too slow
            self.history.answered(student.arrival, "unknown")
            raise
        except (Refused, Unanswered) as error:
            sure = isinstance(error, Refused) or not error.reached
            self.history.answered(student.arrival, "failed" if sure else "unknown")
            if str(error) == "session_over":
                student.session = None
                raise Unanswered("server", reached=False) from error
            raise
        in_class = answer["ticket"]["state"] in ("live", "alternate")
        self.history.answered(student.arrival, "ok" if in_class else "failed")
        if not in_class:
            raise Refused(answer["ticket"]["state"])
        student.session = answer.get("session") or student.session

    async def upload(self, student: Student) -> bool:
        """Bring what waits on the device to the first door that takes it; say whether one did."""
        body = {"sent_at": student.now_ms(), "events": student.waiting}
        names = [event["id"] for event in student.waiting]
        for door in student.doors:
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
                    self.history.answered(name, "failed" if sure else "unknown")
                continue
            for name in names:
                outcome: Outcome = "ok" if name in receipt["kept"] else "failed"
                self.history.answered(name, outcome)
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
