"""Writers that tell events to doors which are being killed: joins and uploads, tried again with the same ids."""

import asyncio
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from schoolday.lib import clock, ids
from tests.door.district import District
from tests.faults.fleet import Student
from tests.faults.wire import Address, Refused, Unanswered, ask
from tests.races.history import Operation

TRY_SECONDS = 2.0
TRIES_AT_MOST = 2  # then it stays unknown: a history needs some of these
REST_SECONDS = 0.15
_UPLOAD_AT_MOST = 5
_JOINS = 0.5  # share of joins among the operations


@dataclass
class Writer:
    """One device; `dice` alone decides what it does, so a seed gives the same wishes again."""

    number: int
    student: Student
    district: District
    addresses: Mapping[str, Address]
    dice: random.Random
    history: list[Operation] = field(default_factory=list)

    async def sign_on(self) -> None:
        """Get the day session while all is well."""
        address = self.addresses[self.student.doors[0]]
        nonce = await ask(address, "GET", "/nonce", needs=("nonce",), timeout_seconds=20)
        first = self.district.first_contact(self.student.one, nonce["nonce"], token=self.student.token)
        body = {
            "meeting": self.student.section.meetings["later"].id,
            "section": self.student.section.id,
            "event": ids.new_event_id(),
            "sent_at": clock.now_ms(),
            "first": first,
        }
        answer = await ask(address, "POST", "/join", body=body, needs=("session",), timeout_seconds=20)
        self.student.session = answer["session"]

    async def write(self, *, until: float) -> None:
        """Do one operation after another until `until` (monotonic)."""
        while time.monotonic() < until:
            if self.dice.random() < _JOINS:
                await self._join()
            else:
                await self._upload(self.dice.randint(1, _UPLOAD_AT_MOST))
            await asyncio.sleep(self.dice.uniform(0, REST_SECONDS))

    async def _join(self) -> None:
        one = self._operation("arrived")
        body = {"meeting": one.meeting, "section": self.student.section.id, "event": one.event, "sent_at": 0}
        await self._tell("/join", body, [one], needs=("ticket",))

    async def _upload(self, count: int) -> None:
        told = [self._operation("tried") for _ in range(count)]
        events = [
            {"id": one.event, "kind": one.kind, "sub": one.person, "meeting": one.meeting, "device_at": one.began_ms}
            for one in told
        ]
        await self._tell("/evidence", {"sent_at": clock.now_ms(), "events": events}, told, needs=("kept",))

    async def _tell(self, path: str, body: object, told: list[Operation], *, needs: tuple[str, ...]) -> None:
        doors = self.dice.sample(self.student.doors, len(self.student.doors))
        reached = False
        for number in range(TRIES_AT_MOST):
            door = doors[number % len(doors)]
            for one in told:
                one.tries += 1
            try:
                answer = await ask(
                    self.addresses[door],
                    "POST",
                    path,
                    body=body,
                    session=self.student.session,
                    needs=needs,
                    timeout_seconds=TRY_SECONDS,
                )
            except Refused as error:
                raise AssertionError(f"a door refused what it must take: {error}") from error
            except Unanswered as error:
                reached = reached or error.reached
                await asyncio.sleep(self.dice.uniform(0, REST_SECONDS * 2**number))
                continue
            self._end(told, kept=set(answer.get("kept", [one.event for one in told])))
            return
        if not reached:
            self._end(told, kept=set())

    def _operation(self, kind: str) -> Operation:
        one = Operation(
            writer=self.number,
            kind=kind,
            event=ids.new_event_id(),
            person=self.student.one.sub,
            meeting=self.student.meeting,
            began_ms=clock.now_ms(),
        )
        self.history.append(one)
        return one

    @staticmethod
    def _end(told: list[Operation], *, kept: set[str]) -> None:
        for one in told:
            one.ended_ms = clock.now_ms()
            one.outcome = "ok" if one.event in kept else "failed"
