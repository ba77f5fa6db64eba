"""What happens in a practice class and when: a script, made from a seed, the same for the same seed."""

import random
from collections.abc import Callable
from typing import Literal

import msgspec

Kind = Literal["calm", "first_day", "busy"]
Does = Literal["come", "hand", "hand_down", "chat", "lost", "back", "help", "camera_off", "camera_on", "speak"]
LASTS_SECONDS = 1_800
_LOST_SECONDS = (12, 40)
_OFTEN: dict[Kind, float] = {"calm": 25.0, "first_day": 14.0, "busy": 7.0}  # seconds between two things; our judgement


class Event(msgspec.Struct, frozen=True):
    """At `at` seconds from the start student number `who` does something; `words` of a message: a key of cast.CHAT."""

    at: float
    who: int
    does: Does
    words: str = ""


def script(kind: Kind, *, students: int, seed: int, seconds: int = LASTS_SECONDS) -> tuple[Event, ...]:
    """
    Return everything that happens, by time. Who is away does nothing until she is back.

    calm: all are there soon, a hand now and then. first_day: some come late, several lose their line, many hands and
    questions. busy: something all the time.
    """
    chance = random.Random(f"{kind}.{students}.{seed}")  # noqa: S311, it chooses no secret
    found = _arrivals(kind, students, chance)
    away_until = {event.who: event.at for event in found}
    at = 15.0
    while at < seconds:
        at += chance.expovariate(1 / _OFTEN[kind])
        here = [who for who in range(students) if away_until[who] + 2 < at]
        if not here:
            continue
        who = chance.choice(here)
        made = _one(kind, who, at, chance)
        found += made
        away_until[who] = max(event.at for event in made)
    found.sort(key=lambda event: event.at)
    return tuple(event for event in found if event.at < seconds)


def _arrivals(kind: Kind, students: int, chance: random.Random) -> list[Event]:
    late = {"calm": 1, "first_day": max(2, students // 4), "busy": 2}[kind] if students > 2 else 0
    found = []
    for who in range(students):
        comes = chance.uniform(20, 90) if who >= students - late else chance.uniform(0, 6)
        found.append(Event(comes, who, "come"))
        if who >= students - late:
            found.append(Event(comes + 6, who, "chat", "late"))
        elif chance.random() < 0.3:
            found.append(Event(comes + chance.uniform(3, 9), who, "chat", "hello"))
    return found


def _one(kind: Kind, who: int, at: float, chance: random.Random) -> list[Event]:
    lost = {"calm": 1, "first_day": 5, "busy": 3}[kind]
    choices: dict[Callable[[int, float, random.Random], list[Event]], int] = {
        _hand: 8, _chat: 5, _help: 2, _camera: 3, _speak: 4, _lost: lost,
    }  # fmt: skip
    return chance.choices(list(choices), list(choices.values()))[0](who, at, chance)


def _hand(who: int, at: float, chance: random.Random) -> list[Event]:
    return [Event(at, who, "hand"), Event(at + chance.uniform(20, 60), who, "hand_down")]


def _chat(who: int, at: float, chance: random.Random) -> list[Event]:
    return [Event(at, who, "chat", chance.choice(("page", "done", "joke", "sound")))]


def _help(who: int, at: float, chance: random.Random) -> list[Event]:
    return [Event(at, who, "help", "help"), Event(at + 30, who, "hand_down")]


def _camera(who: int, at: float, chance: random.Random) -> list[Event]:
    return [Event(at, who, "camera_off"), Event(at + chance.uniform(10, 40), who, "camera_on")]


def _speak(who: int, at: float, chance: random.Random) -> list[Event]:
    return [Event(at, who, "speak")]


def _lost(who: int, at: float, chance: random.Random) -> list[Event]:
    back = at + chance.uniform(*_LOST_SECONDS)
    return [Event(at, who, "lost"), Event(back, who, "back"), Event(back + 4, who, "chat", "back")]
