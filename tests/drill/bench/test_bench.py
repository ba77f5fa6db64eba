"""The bench: its plan is one that a door takes, and its figures say what they should."""

from pathlib import Path

import pytest

from schoolday.door.plan_store import Floor, read_plan
from schoolday.drill.bench import load, report
from schoolday.drill.bench.district import DISTRICT, BenchDistrict
from schoolday.drill.bench.door_process import BenchFailed
from schoolday.drill.bench.load import Round
from schoolday.lib import clock

pytestmark = pytest.mark.alone


def test_its_plan_is_a_real_one_with_everybody_in_it(tmp_path: Path) -> None:
    district = BenchDistrict(tmp_path, students=600)
    district.write()
    plan = read_plan(
        tmp_path,
        root_public=district.root.public_bytes(),
        district=DISTRICT,
        now=clock.now_seconds(),
        floor=Floor(),
    )
    everybody = list(district.everybody())
    assert (plan.people, len(plan.schools)) == (600, 2)
    assert len({student.sub for student in everybody}) == 600
    assert everybody == list(district.everybody())
    for student in everybody[::97]:
        assert plan.find(student.section, student.meeting) is not None
        assert all(plan.student_in(section, student.sub) for section in student.sections)


def one(requests: int, **more: int) -> Round:
    values = {
        "requests": requests,
        "microseconds": 1_000_000,
        "p50_us": 1000,
        "p99_us": 2000,
        "refused": 0,
        "broken": 0,
    }
    return Round(**{**values, **more}, cpu_seconds=0.5)


def figures(**more: object) -> report.Figures:
    values: dict[str, object] = {
        "plain": [one(1), one(10_000), one(12_000), one(11_000)],
        "first": [one(100), one(900), one(1_100), one(1_000)],
        "day": [one(100), one(3_000), one(3_000), one(3_000)],
        "apart": (one(30_000), one(1_000), one(6_000)),
        "arrivals": 19_200,
        "memory_mb": (140.0, 150.0),
        "plan_students": 900_000,
        "short": False,
    }
    return report.figures(**{**values, **more})  # type: ignore[arg-type]  # one value of each changes in a test


def test_figures_are_medians_without_the_warm_up_and_count_all_joins() -> None:
    good = figures()
    assert (good.ceiling_per_s, good.first_contact_per_s, good.day_session_per_s) == (11_000, 1_000, 3_000)
    assert (good.first_contact_ratio, good.day_session_ratio) == (0.091, 0.273)
    assert (good.acknowledged, good.lost, good.p50_ms, good.p99_ms) == (19_200, 0, 1.0, 2.0)
    assert good.good
    assert "19,200 joins acknowledged, 0 lost" in report.table(good)


@pytest.mark.parametrize(
    "worse",
    [
        {"arrivals": 12_199},
        {"memory_mb": (151.0, 151.0)},
        {"day": [one(100), one(2_000), one(2_000), one(2_000)]},
        {"first": [one(100), one(100), one(100), one(100)]},
        {"first": [one(100), one(1_000, refused=1), one(1_000), one(1_000)]},
        {"plain": [one(1), one(10_000, broken=1), one(10_000), one(10_000)]},
    ],
)
def test_one_aim_missed_is_not_good(worse: dict[str, object]) -> None:
    assert not figures(**worse).good


def test_a_missing_tool_is_said_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BenchFailed, match="apt install wrk"):
        load.need_tools()
