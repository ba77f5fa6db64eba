"""
A process of synthetic participants: `python -m tests.class_load.people URL TOKENS.json`.

Each comes (all in the same second), shows 160x90 at 5 frames a second and speaks now and then. Prints one JSON line of
how long each took to come, in seconds (null: she did not), and stays until its standard input ends.
"""

import asyncio
import functools
import json
import random
import sys
import time
from pathlib import Path

from schoolday.agents.practice.cast import cast
from schoolday.agents.practice.scenario import Event
from schoolday.agents.practice.student import Student

_SPEAKS_EVERY_SECONDS = 20


async def run(url: str, tokens: list[str]) -> None:
    who = cast(min(29, len(tokens)), seed=1)
    students = [
        Student(
            who[number % len(who)],
            number=number,
            url=url,
            token=functools.partial(str, token),
            language="en",
            hears=True,
        )
        for number, token in enumerate(tokens)
    ]
    took = await asyncio.gather(*(_come(one) for one in students))
    sys.stdout.write(json.dumps(took) + "\n")
    sys.stdout.flush()
    speaking = [asyncio.create_task(_speak(one)) for one in students]
    await asyncio.to_thread(sys.stdin.read)
    for task in speaking:
        task.cancel()
    await asyncio.gather(*(one.go() for one in students), return_exceptions=True)


async def _come(student: Student) -> float | None:
    began = time.monotonic()
    try:
        await student.come()
    except Exception:
        return None
    return round(time.monotonic() - began, 3)


async def _speak(student: Student) -> None:
    while True:
        await asyncio.sleep(random.uniform(0.5, 1.5) * _SPEAKS_EVERY_SECONDS)
        await student.do(Event(0, student.number, "speak"))


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], json.loads(Path(sys.argv[2]).read_text())))
