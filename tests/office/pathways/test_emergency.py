"""The signing keys have leaked and the office is gone: the plan folder and the root key are enough, within seconds."""

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from schoolday.contracts import badges, plan
from schoolday.contracts import keys as key_contract
from schoolday.contracts.bundle import Bundle
from schoolday.door.plan import Plan
from schoolday.door.plan_store import Floor, PlanRefused, read_plan
from schoolday.lib import clock, ids, signing
from schoolday.lib.errors import BadSettings
from schoolday.lib.files import write_whole
from schoolday.lib.signing import read_footer
from schoolday.office.pathways import plan_folder
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.emergency import replace_keys
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section
from schoolday.office.signin import keys as keys_module
from schoolday.office.signin.keys import KeyFolder, office_signer
from schoolday.office.timetable.models import BellSchedule, CalendarDay, Meeting, Period
from schoolday.office.timetable.zones import zone_of
from tests.cast import Cast
from tests.door.district import Device, District
from tests.door.process import Door, day
from tests.figures import say
from tests.forging import altered
from tests.office.pathways.plans import Reader

pytestmark = pytest.mark.django_db
WITHIN_SECONDS = 10


class OfTheOffice(District):
    """The district that the office of this test run publishes, for a door of its cell."""

    def __init__(self) -> None:
        super().__init__(settings.SCHOOLDAY.plan_dir)
        self.secret = settings.SCHOOLDAY["CELL_SECRET"]

    def environ(self, home: Path, *, port: int, door: str = "d1") -> dict[str, str]:
        mine = {"DISTRICT": settings.SCHOOLDAY["DISTRICT"], "ROOT_PUBLIC_KEY": settings.SCHOOLDAY.root_public_key}
        return {**super().environ(home, port=port, door=door), **mine}


@pytest.fixture(autouse=True)
def _today(_on_a_monday_morning: None) -> Iterator[None]:
    """A door is another process: here it is now."""
    with clock.at(datetime.now(UTC)):
        yield


@pytest.fixture
def root_file(keys: KeyFolder, tmp_path: Path) -> Path:
    """The root key, on the stick that lay in a safe."""
    stick = tmp_path / "stick"
    shutil.copy(keys.root_private, stick)
    return stick


@pytest.fixture
def kept_keys(keys: KeyFolder) -> Iterator[KeyFolder]:
    """The office's keys, put back after the test."""
    files = {path: path.read_bytes() for path in (keys.office_keys, keys.key_set)}
    yield keys
    for path, data in files.items():
        path.write_bytes(data)


@pytest.fixture
def in_class_now(cast: Cast) -> Meeting:
    """A class that has begun five minutes ago, whatever day and hour it is."""
    now = clock.now().astimezone(zone_of(cast.school))
    begins = max(now - timedelta(minutes=5), now.replace(hour=0, minute=0))
    ends = min(now + timedelta(minutes=50), now.replace(hour=23, minute=59))
    for school in (cast.school, cast.other_school):
        schedule = BellSchedule.objects.create(school=school, day_type="today")
        Period.objects.create(schedule=schedule, code="1", starts=begins.time(), ends=ends.time())
        CalendarDay.objects.create(school=school, on=now.date(), day_type="today")
    publish_plan()
    return Meeting.objects.get(section=cast.section)


def bundle_of(person: Person, device: Device) -> Bundle:
    client = Client()
    client.force_login(person)
    key = {"x": device.key.x, "y": device.key.y}
    answer = client.post("/api/bundle", {"key": key}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return msgspec.json.decode(answer.content, type=Bundle)


def join(door: Door, meeting: Meeting, device: Device, bundle: Bundle) -> tuple[str, str]:
    """Make the first contact; return the code of the refusal, or the day session."""
    assert bundle.pass_
    nonce = door.nonce()
    first = {
        "token": bundle.pass_.token,
        "tag": bundle.pass_.tag,
        "nonce": nonce,
        "key": {"x": device.key.x, "y": device.key.y},
        "proof": device.proof(nonce=nonce, token=bundle.pass_.token),
    }
    body = {
        "meeting": meeting.id,
        "section": meeting.section_id,
        "event": ids.new_event_id(),
        "sent_at": clock.now_ms(),
        "first": first,
    }
    answer = door.http.post("/join", json=body).json()
    return str(answer.get("code", "")), str(answer.get("session", ""))


def show_badge(door: Door, badge: str, *, path: str = "/badge") -> str:
    device, nonce = Device(), door.nonce()
    body = {
        "badge": badge,
        "key": {"x": device.key.x, "y": device.key.y},
        "nonce": nonce,
        "proof": device.proof(nonce=nonce, token=badge),
    }
    return str(door.http.post(path, json=body).json().get("code", ""))


def command(root_file: Path, out: Path, home: Path) -> "subprocess.CompletedProcess[str]":
    """Say it on a machine that has nothing: no settings, no database, no keys."""
    words = ["keys", "emergency", "--root", str(root_file), "--plan", str(settings.SCHOOLDAY.plan_dir)]
    program = [sys.executable, "-c", "from schoolday.cli import main; main()"]
    environ = {"SCHOOLDAY_HOME": str(home), "PATH": "/usr/bin:/bin", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/no"}
    return subprocess.run(
        [*program, *words, "--out-keys", str(out), "--json"], env=environ, capture_output=True, text=True, check=False
    )


def test_old_passes_are_dead_at_a_real_door_within_seconds_and_the_office_goes_on(
    cast: Cast, in_class_now: Meeting, kept_keys: KeyFolder, root_file: Path, tmp_path: Path
) -> None:
    child, teacher = Device(), Device()
    hers, of_teacher = bundle_of(cast.student, child), bundle_of(cast.teacher, teacher)
    number = cast.student.badge_number
    assert number is not None
    serial = badges.BadgeSerial(district=settings.SCHOOLDAY["DISTRICT"], number=number)
    secret = settings.SCHOOLDAY["CELL_SECRET"]
    qr, typed = badges.sign_badge(serial, office_signer()), badges.typed_code(number, cell_secret=secret)
    door = Door(OfTheOffice(), tmp_path / "door")
    try:
        door.wait()
        assert join(door, in_class_now, child, hers)[0] == ""
        assert show_badge(door, qr) == show_badge(door, typed) == ""
        _, session = join(door, in_class_now, teacher, of_teacher)

        began = time.monotonic()
        done = command(root_file, tmp_path / "out", tmp_path / "bare")
        took = time.monotonic() - began
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        while join(door, in_class_now, child, hers)[0] != "bad_pass":
            assert time.monotonic() - began < WITHIN_SECONDS
            time.sleep(0.05)
        dead_after = time.monotonic() - began

        assert door.wait_for_plan(said["version"])["plan_trouble"] == ""
        assert show_badge(door, qr) == "bad_badge"
        assert show_badge(door, typed) == "", "the typed code hangs on the cell's secret, not on this key"
        request = {"sub": cast.student.id, "section": cast.section.id}
        code = door.http.post("/let-in", json=request, headers=day(session)).json()["code"]
        assert show_badge(door, code, path="/let-in/use") == ""

        with pytest.raises(BadSettings, match="newer keys"):
            publish_plan()
        assert door.wait()["plan_version"] == said["version"], "an office that comes back with leaked keys is no office"
        for path in (kept_keys.office_keys, kept_keys.key_set):
            shutil.copy(tmp_path / "out" / path.name, path)
        assert office_signer().kid == said["kid"]
        Section.objects.filter(id=cast.section.id).update(title="Math 7, again")
        release = publish_plan()
        assert release.version > said["version"]
        door.wait_for_plan(release.version)
        assert join(door, in_class_now, child, bundle_of(cast.student, child))[0] == ""
        assert join(door, in_class_now, teacher, of_teacher)[0] == "bad_pass"
    finally:
        assert door.stop() == 0
    say(
        "key-leaked",
        f"every old pass refused {dead_after:.1f} s after the command was given ({took:.1f} s of it the command), "
        "without the office",
    )


# What is in it, and what is refused


def as_a_door(floor: Floor | None = None) -> Plan:
    return read_plan(
        settings.SCHOOLDAY.plan_dir,
        root_public=signing.unb64(settings.SCHOOLDAY.root_public_key),
        district=settings.SCHOOLDAY["DISTRICT"],
        now=clock.now_seconds(),
        floor=floor or Floor(),
    )


def test_the_plan_says_what_it_said_by_other_keys(
    in_class_now: Meeting, reader: Reader, keys: KeyFolder, root_file: Path, tmp_path: Path
) -> None:
    before, schools, people = reader.whole()
    floor = Floor(before.version, as_a_door().key_set.issued_at)
    done = replace_keys(root_file=root_file, plan_dir=reader.folder, out_keys=tmp_path / "out")
    after = as_a_door(floor)
    old = {key.kid for key in keys.load().in_force()}
    assert {key.kid for key in after.key_set.keys}.isdisjoint(old)
    assert set(done.dead) == old
    assert after.index.version == done.version > before.version
    fresh = KeyFolder(tmp_path / "out", district=done.district)
    root = signing.unb64(fresh.root_public.read_text().strip())
    verifier = key_contract.open_key_set(fresh.key_set_token(), root_public=root).verifier(at=clock.now_seconds())
    for files in after.index.schools:
        token = (reader.folder / plan.school_path(files.org)).read_text()
        assert read_footer(token).kid == done.kid
        school = plan.open_school(token, verifier)
        assert msgspec.structs.replace(school, version=schools[files.org].version) == schools[files.org]
        token = (reader.folder / plan.people_path(files.org, files.people_sha256)).read_text()
        hers = plan.open_people(token, verifier)
        assert msgspec.structs.replace(hers, version=people[files.org].version) == people[files.org]
    assert fresh.office_keys.stat().st_mode & 0o777 == 0o600
    assert not fresh.root_private.exists(), "the root key is not copied"
    again = replace_keys(root_file=root_file, plan_dir=reader.folder, out_keys=tmp_path / "out")
    assert again.version > done.version
    assert as_a_door(Floor(done.version, done.issued_at)).index.version == again.version


def test_the_old_plan_put_back_is_refused(
    in_class_now: Meeting, reader: Reader, root_file: Path, tmp_path: Path
) -> None:
    shutil.copytree(reader.folder, tmp_path / "before")
    done = replace_keys(root_file=root_file, plan_dir=reader.folder, out_keys=tmp_path / "out")
    shutil.copytree(tmp_path / "before", reader.folder, dirs_exist_ok=True)
    with pytest.raises(PlanRefused, match="older"):
        as_a_door(Floor(done.version, done.issued_at))


def test_nothing_changes_when_it_is_refused(
    in_class_now: Meeting, reader: Reader, root_file: Path, tmp_path: Path
) -> None:
    def refused(match: str, *, root: Path = root_file, folder: Path = reader.folder, out: str = "out") -> None:
        before = {path: path.read_bytes() for path in folder.rglob("*.plan")}
        with pytest.raises(BadSettings, match=match):
            replace_keys(root_file=root, plan_dir=folder, out_keys=tmp_path / out)
        assert {path: path.read_bytes() for path in folder.rglob("*.plan")} == before

    other = KeyFolder(tmp_path / "other", district="demo")
    other.create()
    refused("not made with this root key", root=other.root_private)
    refused("missing", root=tmp_path / "nothing")
    refused("another installation", out="other")
    (tmp_path / "junk").write_text("junk")
    refused("does not hold a root key", root=tmp_path / "junk")
    (tmp_path / "empty").mkdir()
    refused("holds no plan", folder=tmp_path / "empty")
    assert not (tmp_path / "out").exists()
    files = reader.index().schools[0]
    damaged = reader.folder / plan.people_path(files.org, files.people_sha256)
    damaged.write_bytes(damaged.read_bytes()[:-9])
    refused(f"school {files.org} is missing or altered")
    index = reader.folder / plan.INDEX_PATH
    parts = index.read_text().split(".")
    index.write_text(".".join([*parts[:2], altered(parts[2]), parts[3]]))
    refused("damaged")


def test_killed_at_any_write_a_door_still_takes_the_plan(
    in_class_now: Meeting, reader: Reader, root_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """What no code catches, as a SIGKILL."""

    def until(left: int) -> Callable[..., None]:
        budget = [left]

        def dies(path: Path, data: bytes, *, mode: int = 0o644) -> None:
            budget[0] -= 1
            if budget[0] < 0:
                raise Killed
            write_whole(path, data, mode=mode)

        return dies

    before = as_a_door()
    # root.public, key set, keys, two files of each of two schools, the index
    for writes in range(9):
        with monkeypatch.context() as patched, contextlib.suppress(Killed):
            for module in (plan_folder, keys_module):
                patched.setattr(module, "write_whole", until(writes))
            replace_keys(root_file=root_file, plan_dir=reader.folder, out_keys=tmp_path / "out")
        now = as_a_door(Floor(before.index.version, before.key_set.issued_at))
        assert len(now.schools) == 2
    done = replace_keys(root_file=root_file, plan_dir=reader.folder, out_keys=tmp_path / "out")
    assert as_a_door().index.version == done.version
    assert KeyFolder(tmp_path / "out", district="demo").load().current.kid == done.kid


def test_the_command_says_what_to_do(tmp_path: Path) -> None:
    empty = command(tmp_path / "nothing", tmp_path / "out", tmp_path / "bare")
    assert empty.returncode == 1
    assert "--root PATH" in empty.stderr
    assert "Traceback" not in empty.stderr
    assert not (tmp_path / "bare").exists(), "it needs no settings, and makes none"
