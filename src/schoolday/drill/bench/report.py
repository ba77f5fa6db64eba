"""What the bench says: one table for people, one object for programs."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from schoolday.drill.bench.load import CONNECTIONS, Round
from schoolday.lib import clock

FIRST_CONTACT_AIM, DAY_SESSION_AIM, RSS_AIM_MB = 0.07, 0.25, 150


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """
    The figures of one run. p50 and p99 are of first contacts, at full load in a closed loop.

    Door and generator share one core, as they shared both cores when the prototype set the aims; so the
    generator's own cost is in all three. `apart_per_s`: plain, first contact and day session once more with the
    generator on another core.
    """

    ceiling_per_s: float
    first_contact_per_s: float
    day_session_per_s: float
    first_contact_ratio: float
    day_session_ratio: float
    apart_per_s: list[float]
    p50_ms: float
    p99_ms: float
    day_session_p50_ms: float
    day_session_p99_ms: float
    cpu_us: dict[str, float]  # processor time of the door for one request, by kind
    acknowledged: int
    lost: int
    refused: int
    broken: int
    rss_mb: float
    rss_peak_mb: float
    plan_students: int
    short: bool
    rounds: int
    loop: str
    made_at: str
    commit: str
    machine: dict[str, str]
    versions: dict[str, str]

    @property
    def good(self) -> bool:
        """Whether the aims are met. Memory counts in the full form only: the short one has a smaller plan."""
        return (
            self.first_contact_ratio >= FIRST_CONTACT_AIM
            and self.day_session_ratio >= DAY_SESSION_AIM
            and self.lost == self.refused == self.broken == 0
            and (self.short or self.rss_mb < RSS_AIM_MB)
        )


def figures(
    *,
    plain: list[Round],
    first: list[Round],
    day: list[Round],
    apart: tuple[Round, Round, Round],
    arrivals: int,
    memory_mb: tuple[float, float],
    plan_students: int,
    short: bool,
) -> Figures:
    """
    Return the figures: medians over the rounds but the first, which is the warm-up.

    `arrivals`: how many the spools hold, from all rounds.
    """
    joins = (*first, *day, *apart[1:])
    acknowledged, refused = sum(one.accepted for one in joins), sum(one.refused for one in joins)
    broken = sum(one.broken for one in (*plain, *joins, apart[0]))
    plain, first, day = plain[1:], first[1:], day[1:]
    ceiling, first_per_s, day_per_s = (median(one.per_second for one in rounds) for rounds in (plain, first, day))
    return Figures(
        ceiling_per_s=round(ceiling),
        first_contact_per_s=round(first_per_s),
        day_session_per_s=round(day_per_s),
        first_contact_ratio=round(first_per_s / ceiling, 3),
        day_session_ratio=round(day_per_s / ceiling, 3),
        apart_per_s=[round(one.per_second) for one in apart],
        p50_ms=round(median(one.p50_us for one in first) / 1000, 1),
        p99_ms=round(median(one.p99_us for one in first) / 1000, 1),
        day_session_p50_ms=round(median(one.p50_us for one in day) / 1000, 1),
        day_session_p99_ms=round(median(one.p99_us for one in day) / 1000, 1),
        cpu_us={
            name: round(median(one.cpu_us for one in rounds), 1)
            for name, rounds in (("plain", plain), ("first_contact", first), ("day_session", day))
        },
        acknowledged=acknowledged,
        lost=max(0, acknowledged - arrivals),
        refused=refused,
        broken=broken,
        rss_mb=round(memory_mb[0], 1),
        rss_peak_mb=round(memory_mb[1], 1),
        plan_students=plan_students,
        short=short,
        rounds=len(first),
        loop=f"closed, {CONNECTIONS} connections",
        made_at=clock.now().isoformat(timespec="seconds"),
        commit=_commit(),
        machine=_machine(),
        versions={name: version(name) for name in ("granian", "cryptography", "msgspec", "pyseto")}
        | {"python": platform.python_version(), "wrk": _first_line(["wrk", "-v"]).split(" Copyright")[0]},
    )


def table(value: Figures) -> str:
    """Return the table."""
    rows = [
        ("", "per second", "of ceiling", "aim", "p50 ms", "p99 ms", "cpu us"),
        ("plain 200", f"{value.ceiling_per_s:,.0f}", "1", "", "", "", f"{value.cpu_us['plain']}"),
        (
            "first contact", f"{value.first_contact_per_s:,.0f}", f"{value.first_contact_ratio:.3f}",
            f"{FIRST_CONTACT_AIM}", f"{value.p50_ms}", f"{value.p99_ms}", f"{value.cpu_us['first_contact']}",
        ),
        (
            "day session", f"{value.day_session_per_s:,.0f}", f"{value.day_session_ratio:.3f}",
            f"{DAY_SESSION_AIM}", f"{value.day_session_p50_ms}", f"{value.day_session_p99_ms}",
            f"{value.cpu_us['day_session']}",
        ),
    ]  # fmt: skip
    plain, first, day = value.apart_per_s
    lines = [f"{row[0]:<14}" + "".join(f"{cell:>12}" for cell in row[1:]) for row in rows]
    aim = "" if value.short else f" (aim: under {RSS_AIM_MB})"
    lines += [
        "",
        f"{value.acknowledged:,} joins acknowledged, {value.lost} lost, {value.refused} refused, {value.broken} broken",
        f"{value.rss_mb} MB resident with a plan for {value.plan_students:,} students{aim}",
        f"Generator on another core: plain {plain:,.0f}/s, first contact {first:,.0f}/s ({first / plain:.3f}), "
        f"day session {day:,.0f}/s ({day / plain:.3f})",
        f"{value.loop}; median of {value.rounds}; door and wrk on one core; {value.machine['cpu']}; {value.made_at}",
    ]
    return "\n".join(lines)


def as_dict(value: Figures) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(value)
    return made


def _machine() -> dict[str, str]:
    cpu = next((line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    return {"cpu": cpu or platform.processor(), "cores": str(_cores()), "system": platform.platform()}


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def _commit() -> str:
    return _first_line(["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"])


def _first_line(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return ""
    return next(iter((done.stdout or done.stderr).splitlines()), "")
