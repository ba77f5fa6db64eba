"""The plan: refused when it is not whole, not ours or not newer; the last good one stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schoolday.contracts import keys, plan
from schoolday.door import plan_store
from schoolday.door.plan_keeper import PlanKeeper
from schoolday.lib import clock
from schoolday.lib.signing import Signer
from tests.door.district import DISTRICT, District


@pytest.fixture
def home(tmp_path: Path) -> District:
    """A district of this test's own, with a plan in force."""
    district = District(tmp_path / "plan")
    district.publish()
    return district


def keeper_of(district: District) -> PlanKeeper:
    return PlanKeeper(
        district.folder,
        state=district.folder.parent / "floor.json",
        root_public=district.root.public_bytes(),
        district=DISTRICT,
    )


def truncated(district: District) -> None:
    text = (district.folder / plan.INDEX_PATH).read_text()
    district.write_index(text[: len(text) // 2])


def empty(district: District) -> None:
    district.write_index("")


def garbage(district: District) -> None:
    (district.folder / plan.INDEX_PATH).write_bytes(b"\xff\x00" * 1000)


def unsigned(district: District) -> None:
    listed, _ = district.files()
    district.write_index(plan.sign_index(district.index(listed, version=99), Signer.generate("k1")))


def another_root(district: District) -> None:
    key_set = keys.sign_key_set(district.key_set(), Signer.generate("root"))
    district.publish(key_set=key_set)


def own_key_set(district: District) -> None:
    """A forger who puts in a key set with his own key, signed by himself."""
    district.signer = Signer.generate("k1")
    district.root = Signer.generate("root")
    district.publish()


def older_keys(district: District) -> None:
    key_set = keys.sign_key_set(district.key_set(issued_at=district.key_set_issued_at - 1), district.root)
    district.publish(key_set=key_set)


def dead_key(district: District) -> None:
    now = clock.now_seconds()
    dead = tuple(
        keys.PublicKey(kid=key.kid, public=key.public, not_before=now - 20, not_after=now - 10)
        for key in district.key_set().keys
    )
    district.publish(key_set=keys.sign_key_set(district.key_set(keys=dead), district.root))


def older(district: District) -> None:
    district.version -= 2
    district.publish()


def same_version(district: District) -> None:
    district.version -= 1
    district.publish(portal_name="Another")


def other_district(district: District) -> None:
    district.publish(district="harbor")


def other_districts_keys(district: District) -> None:
    district.publish(key_set=keys.sign_key_set(district.key_set(district="harbor"), district.root))


def oversized(district: District) -> None:
    district.write_index("x" * 20_000)


def missing_school(district: District) -> None:
    district.publish()
    next((district.folder / "school").glob(f"{district.school}.*.plan")).exists()
    listed, _ = district.files()
    district.version += 1
    lost = plan.SchoolFiles(org=district.school, name="", plan_sha256="0" * 64, people_sha256=listed[0].people_sha256)
    district.write_index(plan.sign_index(district.index([lost]), district.signer))


def swapped_school(district: District) -> None:
    """Another school's file at the place that the index names."""
    district.version += 1
    listed, texts = district.files()
    mine, other = listed
    for path, text in texts.items():
        (district.folder / path).write_text(text)
    theirs = (district.folder / plan.school_path(other.org, other.plan_sha256)).read_text()
    (district.folder / plan.school_path(mine.org, mine.plan_sha256)).write_text(theirs)
    district.write_index(plan.sign_index(district.index(listed), district.signer))


def way_out(district: District) -> None:
    listed, _ = district.files()
    district.version += 1
    bad = plan.SchoolFiles(org="../../etc/x", name="", plan_sha256="0" * 64, people_sha256="0" * 64)
    district.write_index(plan.sign_index(district.index([*listed, bad]), district.signer))


@pytest.mark.parametrize(
    "damage",
    [
        truncated, empty, garbage, unsigned, another_root, own_key_set, older_keys, dead_key, older, same_version,
        other_district, other_districts_keys, oversized, missing_school, swapped_school, way_out,
    ],
)  # fmt: skip
def test_a_bad_plan_is_refused_and_the_last_good_one_stays(
    home: District, damage: Callable[[District], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = keeper_of(home)
    keeper.look()
    good = keeper.plan
    assert good is not None, keeper.trouble
    monkeypatch.setattr(plan_store, "INDEX_AT_MOST_BYTES", 10_000)
    damage(home)
    keeper.look()
    assert keeper.plan is good
    assert keeper.trouble, "an operator sees why"
    assert keeper.refused == 1
    keeper.look()
    assert keeper.refused == 1, "the same bad file is not read each second"


def test_the_next_good_plan_takes_over_and_shares_what_did_not_change(home: District) -> None:
    keeper = keeper_of(home)
    keeper.look()
    first = keeper.plan
    truncated(home)
    keeper.look()
    version = home.publish()
    keeper.look()
    assert keeper.plan is not None
    assert first is not None
    assert keeper.plan.index.version == version
    assert keeper.trouble == ""
    assert keeper.plan.schools[0].people is first.schools[0].people
    keeper.look()
    assert keeper.plan.index.version == version


def test_a_restart_takes_no_older_plan_either(home: District) -> None:
    keeper_of(home).look()
    old = (home.folder / plan.INDEX_PATH).read_text()
    home.publish()
    keeper_of(home).look()
    home.write_index(old)
    restarted = keeper_of(home)
    restarted.look()
    assert restarted.plan is None
    assert "lower than" in restarted.trouble


def test_denied_people_and_passes(home: District) -> None:
    deny = plan.Deny(epochs={"a" * 12: 3}, jtis=("j1",), removed=(("b" * 12, home.section.id),))
    home.publish(deny=deny)
    keeper = keeper_of(home)
    keeper.look()
    assert keeper.plan is not None
    assert keeper.plan.jtis == {"j1"}
    assert ("b" * 12, home.section.id) in keeper.plan.removed


def test_the_day_ends_at_the_schools_midnight_also_when_clocks_change(home: District) -> None:
    keeper = keeper_of(home)
    keeper.look()
    value = keeper.plan
    assert value is not None
    # 1 November 2026, 00:30 in New York: that day has 25 hours.
    start = 1_793_507_400
    assert value.day_ends_at(home.school, now=start, time_zone="UTC") - start == 25 * 3600 - 1800
    assert value.day_ends_at("unknown", now=start, time_zone="UTC") == 1_793_577_600
