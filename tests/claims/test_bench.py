"""`schoolday bench`: durable joins next to the plain ceiling of the same server."""

from typing import Any

import pytest

from tests import figures
from tests.claims.commands import schoolday

pytestmark = [pytest.mark.timeout(3600), pytest.mark.alone]
# Two seconds on a machine that does other things prove little: the aims are the full form's to meet.
SHARE = 1.0 if figures.full_form() else 0.6


@pytest.fixture(scope="module")
def said() -> Any:
    ran = schoolday("bench", *([] if figures.full_form() else ["--short"]), environment={})
    assert ran.said, "the bench could not be run"
    return ran.said


def test_first_contact(said: Any) -> None:
    apart = said["apart_per_s"]
    figures.say(
        "first-contact",
        f"{said['first_contact_ratio']:.3f} of the ceiling ({said['first_contact_per_s']:,.0f}/s of "
        f"{said['ceiling_per_s']:,.0f}/s on one core; at full load p50 {said['p50_ms']:.0f} ms, "
        f"p99 {said['p99_ms']:.0f} ms; generator on another core: {apart[1] / apart[0]:.3f}); {_lost(said)}",
    )
    assert said["first_contact_ratio"] >= SHARE * 0.07
    assert said["lost"] == said["refused"] == said["broken"] == 0


def test_day_session(said: Any) -> None:
    apart = said["apart_per_s"]
    figures.say(
        "day-session",
        f"{said['day_session_ratio']:.3f} of the ceiling ({said['day_session_per_s']:,.0f}/s; "
        f"generator on another core: {apart[2] / apart[0]:.3f}); {_lost(said)}",
    )
    assert said["day_session_ratio"] >= SHARE * 0.25
    assert said["lost"] == said["refused"] == said["broken"] == 0


def test_memory(said: Any) -> None:
    figures.say(
        "door-memory", f"{said['rss_mb']:.0f} MB with {said['plan_students']:,} students, after the bench's joins"
    )
    assert said["rss_mb"] < 150


def _lost(said: Any) -> str:
    return f"{said['acknowledged']:,} acknowledged, {said['lost']} lost"
