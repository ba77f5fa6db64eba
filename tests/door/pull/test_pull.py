"""Pulling the plan: whole and newer or not at all, whatever a source does."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from schoolday.contracts import plan
from schoolday.contracts.plan import PlanIndex
from schoolday.door import plan_proof, plan_store
from schoolday.door.plan_store import Floor
from schoolday.door.pull import puller as puller_module
from schoolday.door.pull.folder import PulledFolder
from schoolday.door.pull.puller import Puller
from schoolday.door.pull.source import Source
from schoolday.door.pull.status import PullStatus
from schoolday.lib import clock
from schoolday.lib.errors import BadSettings
from tests.door import test_plan as damages
from tests.door.district import DISTRICT, District
from tests.door.pull.sources import PlanSource, serving


@pytest.fixture
def home(tmp_path: Path) -> District:
    """A district that publishes into a folder of its own."""
    district = District(tmp_path / "published")
    district.publish()
    return district


class Place:
    """The folder beside a door, and the state of its pulling."""

    def __init__(self, district: District, at: Path) -> None:
        self.district, self.folder, self.state = district, at / "plan", at / "state"
        self.state.mkdir(parents=True, exist_ok=True)

    def pull(self, *bases: str, rounds: int = 1) -> PullStatus:
        """Ask these sources once, as a new process would."""

        async def ask() -> PullStatus:
            folder = PulledFolder(
                self.folder,
                floor_path=self.state / "floor.json",
                root_public=self.district.root.public_bytes(),
                district=DISTRICT,
            )
            sources = [Source(base) for base in bases]
            puller = Puller(folder, sources, state=self.state, door="d2", cell_secret=self.district.secret)
            try:
                for _ in range(rounds):
                    await puller.once()
                return puller.status()
            finally:
                await puller.close()

        return asyncio.run(ask())

    def version(self) -> int:
        """Return the version a door would take from the folder now; 0 if none."""
        if not (self.folder / plan.INDEX_PATH).exists():
            return 0
        found = plan_store.read_plan(
            self.folder,
            root_public=self.district.root.public_bytes(),
            district=DISTRICT,
            now=clock.now_seconds(),
            floor=Floor(),
        )
        return found.index.version

    def files(self) -> set[str]:
        return {p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file()}


@pytest.fixture
def place(home: District, tmp_path: Path) -> Place:
    return Place(home, tmp_path / "beside")


def names_of(index: PlanIndex) -> set[str]:
    found = {plan.INDEX_PATH, plan.ROOT_PATH}
    for files in index.schools:
        found |= {plan.school_path(files.org), plan.school_path(files.org, files.plan_sha256)}
        found |= {plan.people_path(files.org, files.people_sha256)}
    return found


def test_a_plan_is_fetched_whole_and_a_door_takes_it(home: District, place: Place) -> None:
    with serving(home.folder) as source:
        status = place.pull(source.base)
    assert (status.version, place.version()) == (home.version, home.version)
    assert [one.ok for one in status.sources] == [True]
    listed, _ = home.files()
    assert place.files() == names_of(home.index(listed))
    for one in listed:
        newest = place.folder / plan.school_path(one.org)
        assert newest.samefile(place.folder / plan.school_path(one.org, one.plan_sha256))
    assert source.paths()[0] == "index.plan"


def test_only_people_are_asked_for_with_a_proof_and_it_opens_nothing_else(home: District, place: Place) -> None:
    with serving(home.folder) as source:
        place.pull(source.base)
    expected = plan_proof.authorization(home.secret, now=clock.now_seconds())
    for path, headers in source.asked:
        assert headers.get("authorization") == (expected if path.startswith("doors/") else None), path
        assert headers["accept-encoding"] == "identity"
        assert "if-none-match" not in headers
        assert "if-modified-since" not in headers


def test_calm_or_crisis_the_same_work(home: District, place: Place) -> None:
    """The index whole in each round, also when nothing is new; the files once."""
    with serving(home.folder) as source:
        place.pull(source.base)
        files = len(source.asked) - 1
        source.asked.clear()
        before = (place.folder / plan.INDEX_PATH).stat()
        place.pull(source.base, rounds=3)
        assert source.paths() == ["index.plan"] * 3
        assert (place.folder / plan.INDEX_PATH).stat().st_ino == before.st_ino, "what is in force is not written again"
        home.publish()
        source.asked.clear()
        place.pull(source.base)
        assert len(source.asked) - 1 == files
    assert place.version() == home.version


LIES = [
    "endless", "told too large", "trickle", "silence", "many headers", "redirect", "packed", "truncated", "hang up",
    "no http", "stranger's page", "empty", "fails", "lost", "altered",
]  # fmt: skip


@pytest.mark.parametrize("about", ["index.plan", "school/", "doors/people/"])
@pytest.mark.parametrize("lie", LIES)
def test_a_lying_source_is_refused_and_the_last_good_plan_stays(
    home: District, place: Place, lie: str, about: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(home.folder) as honest:
        place.pull(honest.base)
    good, before = place.version(), place.files()
    home.publish()
    monkeypatch.setattr(puller_module, "INDEX_SECONDS", 1.0)
    monkeypatch.setattr(puller_module, "FILE_SECONDS", 1.0)
    monkeypatch.setattr(puller_module, "INDEX_AT_MOST_BYTES", 300_000)
    monkeypatch.setattr(puller_module, "FILE_AT_MOST_BYTES", 300_000)
    with serving(home.folder, lie=lie, about=about) as source:
        status = place.pull(source.base)
        sent = source.sent_bytes
    assert place.version() == good
    assert not status.sources[0].ok
    assert status.sources[0].reason
    assert plan.INDEX_PATH in before
    assert sent < 8 * 2**20, "it stops reading at the limit; the rest is what the kernel's buffers held"
    assert not list((place.state / "parts").iterdir()), "nothing of it is left lying about"
    with serving(home.folder) as honest:
        place.pull(honest.base)
    assert place.version() == home.version, "and it goes on as soon as a source is honest"


@pytest.mark.parametrize(
    "damage",
    [
        damages.truncated, damages.empty, damages.garbage, damages.unsigned, damages.another_root, damages.own_key_set,
        damages.older_keys, damages.dead_key, damages.older, damages.same_version, damages.other_district,
        damages.other_districts_keys, damages.missing_school, damages.swapped_school, damages.way_out,
    ],
)  # fmt: skip
def test_what_a_door_would_refuse_is_not_taken(
    home: District, place: Place, damage: Callable[[District], None]
) -> None:
    root = home.root
    with serving(home.folder) as source:
        place.pull(source.base)
        good = place.version()
        damage(home)
        home.root, forged = root, home.root
        status = place.pull(source.base)
        assert (status.version, place.version()) == (good, good)
        assert status.sources[0].reason
        home.root = forged


def test_the_newest_of_all_sources_is_taken(home: District, place: Place, tmp_path: Path) -> None:
    old = copy_of(home.folder, tmp_path / "old")
    home.publish()
    with serving(old) as behind, serving(home.folder) as ahead, serving(home.folder, lie="fails") as dead:
        status = place.pull(behind.base, dead.base, ahead.base)
        assert place.version() == status.version == home.version
        again = place.pull(behind.base, dead.base, ahead.base)
    assert [one.ok for one in again.sources] == [False, False, True]
    assert "lower than" in again.sources[0].reason


def test_a_slow_source_holds_up_no_other(home: District, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(puller_module, "INDEX_SECONDS", 3.0)
    with serving(home.folder, lie="trickle") as slow, serving(home.folder) as quick:

        async def follow() -> float:
            folder = PulledFolder(
                place.folder,
                floor_path=place.state / "floor.json",
                root_public=home.root.public_bytes(),
                district=DISTRICT,
            )
            sources = [Source(slow.base), Source(quick.base)]
            puller = Puller(folder, sources, state=place.state, door="d2", cell_secret=home.secret)
            told: list[PullStatus] = []
            following = asyncio.ensure_future(puller.follow(every_seconds=1, told=told.append))
            loop = asyncio.get_running_loop()
            began = loop.time()
            while not told:
                await asyncio.sleep(0.02)
            home.publish()
            while told[-1].version != home.version:
                await asyncio.sleep(0.02)
            took = loop.time() - began
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            await puller.close()
            return took

        assert asyncio.run(follow()) < 2.8


def test_the_floor_outlives_the_folder(home: District, place: Place, tmp_path: Path) -> None:
    old = copy_of(home.folder, tmp_path / "old")
    home.publish()
    with serving(home.folder) as source:
        place.pull(source.base)
    (place.folder / plan.INDEX_PATH).unlink()
    with serving(old) as behind:
        status = place.pull(behind.base)
    assert status.version == 0
    assert "lower than" in status.sources[0].reason


@pytest.mark.parametrize("damage", ["lost", "altered", "index"])
def test_what_is_damaged_here_is_fetched_again(home: District, place: Place, damage: str) -> None:
    with serving(home.folder) as source:
        place.pull(source.base)
        listed, _ = home.files()
        index = home.index(listed)
        assert index.schools
        file = next((place.folder / "doors" / "people").glob("*.plan"))
        if damage == "lost":
            file.unlink()
        elif damage == "altered":
            file.write_text("x" + file.read_text()[1:])
        else:
            (place.folder / plan.INDEX_PATH).write_text("x")
        assert place.pull(source.base).version == home.version
    assert place.version() == home.version


def test_the_version_before_stays_and_older_ones_go(home: District, place: Place) -> None:
    indexes = []
    with serving(home.folder) as source:
        for _ in range(4):
            home.publish()
            place.pull(source.base)
            text = (place.folder / plan.INDEX_PATH).read_text()
            indexes.append(plan.open_index(text, home.key_set().verifier(at=clock.now_seconds())))
    assert place.files() == names_of(indexes[-1]) | names_of(indexes[-2])


def test_two_plans_of_one_version_are_not_mixed(home: District, place: Place, tmp_path: Path) -> None:
    with serving(home.folder) as source:
        place.pull(source.base)
        home.version -= 1
        home.publish(portal_name="Another")
        status = place.pull(source.base)
    assert "another plan has version" in status.sources[0].reason


def test_a_full_disk_is_an_alarm_and_the_last_good_plan_stays(
    home: District, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(home.folder) as source:
        place.pull(source.base)
        good = place.version()
        home.publish()

        def full(path: Path, data: bytes, *, mode: int = 0o644) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("schoolday.door.pull.folder.write_whole", full)
            status = place.pull(source.base)
        assert "No space left" in status.sources[0].reason
        assert place.version() == good
        place.pull(source.base)
        assert place.version() == home.version


def test_bad_addresses_are_told_and_passwords_are_not_shown() -> None:
    for base in ("ftp://x/plan", "/plan", "http://", "x"):
        with pytest.raises(BadSettings, match="PLAN_SOURCES"):
            Source(base)

    async def shown() -> str:
        source = Source("https://office:secret@plan.example.org:8443/plan/?key=secret")
        await source.close()
        return source.shown

    assert asyncio.run(shown()) == "https://plan.example.org:8443/plan"


def copy_of(folder: Path, to: Path) -> Path:
    import shutil

    shutil.copytree(folder, to)
    return to


def test_alarms_are_said_once_and_again_after_five_minutes(
    home: District, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    from datetime import timedelta

    from schoolday.lib import log

    log.configure(part="pull")
    source: PlanSource
    with serving(home.folder, lie="fails") as source:

        async def ask() -> None:
            folder = PulledFolder(
                place.folder,
                floor_path=place.state / "floor.json",
                root_public=home.root.public_bytes(),
                district=DISTRICT,
            )
            asked = Source(source.base)
            puller = Puller(folder, [asked], state=place.state, door="d2", cell_secret=home.secret)
            for _ in range(3):
                await puller.ask(asked)
            with clock.shifted(timedelta(seconds=301)):
                await puller.ask(asked)
                await puller.ask(asked)
            source.lie = ""
            await puller.ask(asked)
            await puller.close()

        try:
            asyncio.run(ask())
        finally:
            structlog.reset_defaults()  # it wrote to this test's own standard error
    said = capsys.readouterr().err
    assert said.count("plan source refused") == 2
    assert said.count("plan source is good again") == 1
