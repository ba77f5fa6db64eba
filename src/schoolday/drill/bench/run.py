"""One run of the bench, from an empty folder to its figures."""

import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from schoolday.drill.bench import requests
from schoolday.drill.bench.district import BenchDistrict
from schoolday.drill.bench.door_process import DoorProcess
from schoolday.drill.bench.load import Round, run_wrk
from schoolday.drill.bench.report import Figures, figures

Say = Callable[[str], None]


@dataclass(frozen=True)
class Form:
    """How long and how large. First contacts are made beforehand, so their number bounds their rounds."""

    short: bool
    plan_students: int
    first_contacts: int
    day_sessions: int
    rounds: int
    warm_up_seconds: int
    round_seconds: int


FULL = Form(
    short=False,
    plan_students=900_000,
    first_contacts=80_000,
    day_sessions=20_000,
    rounds=3,
    warm_up_seconds=10,
    round_seconds=5,
)
SHORT = Form(
    short=True,
    plan_students=20_000,
    first_contacts=20_000,
    day_sessions=5_000,
    rounds=2,
    warm_up_seconds=3,
    round_seconds=2,
)


def run(form: Form, *, say: Say) -> Figures:
    """
    Return the figures. Four minutes in the full form, half a minute in the short one.

    :raises BenchFailed: if a tool is missing, or the door did not do its part
    """
    with tempfile.TemporaryDirectory(prefix="schoolday-bench-") as folder:
        return _run(form, Path(folder), say=say)


def _run(form: Form, folder: Path, *, say: Say) -> Figures:
    door_core, load_core = _cores()
    secret = secrets.token_bytes(32)
    say(f"Writing and signing a plan for {form.plan_students:,} students")
    district = BenchDistrict(folder / "plan", students=form.plan_students)
    district.write()
    with DoorProcess(folder / "home", district=district, cell_secret=secret, core=door_core) as door:
        say(f"Making {form.first_contacts:,} first contacts, each with a pass, a key and a proof")
        first_file, day_file = folder / "first.jsonl", folder / "day.txt"
        requests.write_first_contacts(
            first_file,
            district=district,
            students=islice(district.everybody(), form.first_contacts),
            nonces=requests.fetch_nonces(door.port, form.first_contacts),
            cell_secret=secret,
        )
        students = islice(district.everybody(), form.day_sessions)
        requests.write_day_sessions(day_file, students=students, cell_secret=secret)
        plain, first, day = _rounds(form, door, first_file, day_file, core=door_core, say=say)
        say("Once more, with the generator on another core")
        apart = _turn(form, door, first_file, day_file, core=load_core, number=form.rounds + 1, offset=first[-1].offset)
        memory_mb = door.memory_mb()
        door.stop()
        return figures(
            plain=plain, first=first, day=day, apart=apart, arrivals=door.arrivals(), memory_mb=memory_mb,
            plan_students=form.plan_students, short=form.short,
        )  # fmt: skip


def _rounds(
    form: Form, door: DoorProcess, first_file: Path, day_file: Path, *, core: int | None, say: Say
) -> tuple[list[Round], list[Round], list[Round]]:
    """Warm up, then run the three kinds in turn, so that a busy moment of the machine touches all of them."""
    plain: list[Round] = []
    first: list[Round] = []
    day: list[Round] = []
    for number in range(form.rounds + 1):
        say(f"Round {number} of {form.rounds}" if number else "Warming up")
        offset = first[-1].offset if first else 0
        one, two, three = _turn(form, door, first_file, day_file, core=core, number=number, offset=offset)
        plain.append(one)
        first.append(two)
        day.append(three)
    return plain, first, day


def _turn(
    form: Form, door: DoorProcess, first_file: Path, day_file: Path, *, core: int | None, number: int, offset: int
) -> tuple[Round, Round, Round]:
    """Run each kind once. `number` 0 is the warm-up; `offset`: first contacts sent so far, each good for once."""
    seconds = form.round_seconds if number else max(1, form.warm_up_seconds // 3)
    plain = run_wrk("plain.lua", door=door, seconds=seconds, core=core)
    environ = {"BENCH_FILE": str(first_file), "BENCH_OFFSET": str(offset)}
    first = run_wrk("first_contact.lua", door=door, seconds=seconds if number else 1, core=core, environ=environ)
    environ = {"BENCH_FILE": str(day_file), "BENCH_RUN": str(number)}
    return plain, first, run_wrk("day_session.lua", door=door, seconds=seconds, core=core, environ=environ)


def _cores() -> tuple[int | None, int | None]:
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else (None, None)
