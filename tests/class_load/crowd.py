"""Synthetic participants of one class in a process of their own, and what they are sent."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from schoolday.lib import ids
from schoolday.live import seats

PROGRAM = Path(__file__).parents[2] / "build" / "bin" / "class-generator"
Hears = Literal["adults", "everybody"]
_ROLES = {"adults": sorted(seats.ADULTS), "everybody": sorted(get_args(seats.Role))}


@dataclass(frozen=True, kw_only=True)
class Place:
    """One class on a live server, and what its seats are made with."""

    url: str
    meeting: str
    name: str
    starts_at: int
    api_key: str
    api_secret: bytes

    def token(self, *, role: seats.Role = "student", sub: str | None = None) -> str:
        return seats.seat_token(
            api_key=self.api_key,
            api_secret=self.api_secret,
            live_identity=f"{sub or ids.new_id()}.load0000",
            role=role,
            meeting=self.meeting,
            name=self.name,
            starts_at=self.starts_at,
        )


@dataclass(frozen=True)
class Received:
    """What each participant was sent in so many seconds, in their order; of pictures only whole ones."""

    seconds: float
    pictures: list[int]
    sounds: list[int]


class Crowd:
    """
    So many students in one class, and with `teacher` a synthetic one of hers, the last, who is sent everybody.

    `hears`: whose pictures and sounds a student is sent. `took`: how long each took to come, in seconds, after
    `wait`; None: not within 15 s.
    """

    def __init__(
        self, place: Place, count: int, folder: Path, *, footage: Path, hears: Hears, teacher: bool = False
    ) -> None:
        self.took: list[float | None] = []
        people = [{"token": place.token(), "hears": _ROLES[hears]} for _ in range(count)]
        if teacher:
            people.append({"token": place.token(role="teacher"), "hears": _ROLES["everybody"]})
        assert PROGRAM.exists(), f"{PROGRAM} is not there: run scripts/setup-tests"
        file = folder / f"{place.name}-{hears}.json"
        file.write_text(json.dumps(people))
        self._errors = file.with_suffix(".log")
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                # The generators give in first: what is measured is the class, and they share its machine.
                ["nice", PROGRAM, place.url, file, footage],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait(self) -> None:
        self.took = json.loads(self._line())

    def received(self) -> Received:
        """Return what they have been sent since this was asked last, or since they came."""
        assert self._process.stdin is not None
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        return Received(**json.loads(self._line()))

    def errors(self) -> str:
        return self._errors.read_text()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the generator ended: {self.errors()}"
        return line

    def close(self) -> None:
        try:
            self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
