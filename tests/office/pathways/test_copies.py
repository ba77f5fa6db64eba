"""Copies of the plan in a folder, a bucket and at a second host: whole at any moment, and only what changed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import obstore
import pytest
from obstore.store import S3Store

from schoolday.contracts.plan import INDEX_PATH, SchoolPlan
from schoolday.office.pathways.cards import write_cards
from schoolday.office.pathways.copying.bucket import BucketTarget
from schoolday.office.pathways.copying.copy import Copied, copy_plan
from schoolday.office.pathways.copying.errors import BadTarget, CopyFailed
from schoolday.office.pathways.copying.files import PlanFile, is_ours
from schoolday.office.pathways.copying.folder import FolderTarget
from schoolday.office.pathways.copying.target import Target
from schoolday.office.pathways.copying.web import WebTarget
from tests.office.pathways.card_plans import Publisher, opens, school, section
from tests.office.pathways.copy_hosts import TOKEN, PutHost, bucket_service, put_host
from tests.office.pathways.copy_reader import Poller, Read, from_folder, from_web

BUCKET = "plans"


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "plan")
    publish(made)
    return made


def schools(version: int = 0, count: int = 3) -> list[SchoolPlan]:
    """Schools of which each has another plan in each version."""
    return [
        school(f"school{number:06}", section(f"section{number:05}", title=f"Math {version}")) for number in range(count)
    ]


def publish(publisher: Publisher, version: int = 0, count: int = 3) -> None:
    index = publisher.publish(*schools(version, count))
    write_cards(publisher.folder, index, publisher.read)


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with bucket_service() as url:
        yield url


@dataclass
class Place:
    """One kind of place: how to copy there, and how its readers see it."""

    target: Callable[[], Target]
    read: Read
    files: Callable[[], set[str]]


def store_of(service: str, bucket: str = BUCKET, prefix: str | None = "a/plan") -> S3Store:
    return S3Store(
        bucket,
        prefix=prefix,
        config={"endpoint": service, "region": "us-east-1", "access_key_id": "k", "secret_access_key": "s"},
        client_options={"allow_http": True},
    )


def bucket_target(service: str, bucket: str = BUCKET, **extra: float) -> BucketTarget:
    return BucketTarget(bucket, "a/plan", endpoint=service, region="us-east-1", key_id="k", secret="s", **extra)


@pytest.fixture
def bucket(service: str) -> Iterator[Place]:
    httpx.put(f"{service}/{BUCKET}").raise_for_status()
    store = store_of(service)

    def read(path: str) -> str | None:
        try:
            return obstore.get(store, path).bytes().to_bytes().decode()
        except FileNotFoundError:
            return None

    def files() -> set[str]:
        return {one["path"] for page in obstore.list(store) for one in page}

    yield Place(lambda: bucket_target(service), read, files)
    obstore.delete(store, sorted(files()))


@pytest.fixture
def host(tmp_path: Path) -> Iterator[PutHost]:
    with put_host(tmp_path / "host") as made:
        yield made


def files_in(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


@pytest.fixture(params=["folder", "bucket", "web"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        folder = tmp_path / "copy"
        return Place(lambda: FolderTarget(folder), from_folder(folder), lambda: files_in(folder))
    if request.param == "bucket":
        found: Place = request.getfixturevalue("bucket")
        return found
    host: PutHost = request.getfixturevalue("host")
    return Place(
        lambda: WebTarget(host.url, token=TOKEN),
        from_web(host.url),
        lambda: files_in(host.folder) - {"copied.json"},
    )


def copy(publisher: Publisher, target: Target, *, with_doors: bool = False) -> Copied:
    return copy_plan(
        publisher.folder, target, root_public=publisher.root_public, rest_seconds=0.01, with_doors=with_doors
    )


def here(publisher: Publisher) -> set[str]:
    return {path for path in files_in(publisher.folder) if not path.startswith("doors/")}


def test_everything_but_the_doors_files_is_there(publisher: Publisher, place: Place) -> None:
    done = copy(publisher, place.target())
    assert place.files() == here(publisher)
    assert done.version == publisher.version
    assert done.written == done.files == len(here(publisher))
    for path in place.files():
        assert place.read(path) == (publisher.folder / path).read_text()


def test_a_second_time_nothing_is_written(publisher: Publisher, place: Place) -> None:
    copy(publisher, place.target())
    done = copy(publisher, place.target())
    assert (done.written, done.swept) == (0, 0)


def test_only_what_changed_is_written(publisher: Publisher, place: Place) -> None:
    copy(publisher, place.target())
    changed = schools()
    changed[1] = schools(1)[1]
    index = publisher.publish(*changed)
    write_cards(publisher.folder, index, publisher.read)
    done = copy(publisher, place.target())
    # Each school's file is signed anew here: three named by content, three newest; then four pages of status, its data,
    # the school's page and card, and the index.
    assert done.written <= 6 + 5 + 2 + 1
    assert (
        place.read("go/school000001/section00001.html")
        == (publisher.folder / "go/school000001/section00001.html").read_text()
    )


def test_a_reader_never_sees_an_index_whose_files_are_missing(publisher: Publisher, place: Place) -> None:
    copy(publisher, place.target())
    with Poller(place.read, publisher) as poller:
        for version in range(1, 5):
            publish(publisher, version)
            copy(publisher, place.target())
    assert poller.versions[-1] == publisher.version
    assert poller.rounds > 1


def test_what_no_index_names_is_swept_one_version_later(publisher: Publisher, place: Place) -> None:
    copy(publisher, place.target())
    first = {path for path in place.files() if path.startswith("school/") and path.count(".") == 2}
    publish(publisher, 1)
    assert copy(publisher, place.target()).swept == 0
    assert first <= place.files()
    publish(publisher, 2, count=2)
    copy(publisher, place.target())
    assert not first & place.files()
    assert "go/school000002.html" not in place.files()
    publish(publisher, 3, count=2)
    copy(publisher, place.target())
    named = {path for path in place.files() if path.startswith("school/school000002.")}
    assert named == set()


def test_doors_files_only_when_asked_for(publisher: Publisher, place: Place) -> None:
    copy(publisher, place.target(), with_doors=True)
    doors = {path for path in place.files() if path.startswith("doors/")}
    assert doors == {path for path in files_in(publisher.folder) if path.startswith("doors/")}
    copy(publisher, place.target())  # the same place without: they may not stay
    assert copy(publisher, place.target()).swept == 0
    assert not any(path.startswith("doors/") for path in place.files())


def test_an_older_plan_never_replaces_a_newer_one(publisher: Publisher, place: Place, tmp_path: Path) -> None:
    before = (publisher.folder / INDEX_PATH).read_text()
    publish(publisher, 1)
    copy(publisher, place.target())
    newest = place.read(INDEX_PATH)
    (publisher.folder / INDEX_PATH).write_text(before)
    with pytest.raises(BadTarget, match="newer"):
        copy(publisher, place.target())
    assert place.read(INDEX_PATH) == newest


def test_a_plan_of_another_district_is_left_alone(publisher: Publisher, place: Place) -> None:
    copy(publisher, place.target())
    publisher.publish(*schools(1), district="another")
    with pytest.raises(BadTarget, match="another district"):
        copy(publisher, place.target())


def test_a_damaged_index_there_is_replaced(publisher: Publisher, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / INDEX_PATH).write_bytes(b"\xff garbage")
    assert copy(publisher, FolderTarget(folder)).version == publisher.version
    assert opens((folder / INDEX_PATH).read_text(), publisher).version == publisher.version


@pytest.mark.parametrize("kind", ["web", "folder"])
def test_a_file_that_somebody_removed_comes_back(
    publisher: Publisher, host: PutHost, tmp_path: Path, kind: str
) -> None:
    def target() -> Target:
        return WebTarget(host.url, token=TOKEN) if kind == "web" else FolderTarget(host.folder)

    copy(publisher, target())
    for path in (host.folder / "school").glob("*.*.plan"):
        path.unlink()
    assert copy(publisher, target()).written >= 3
    poller = Poller(from_folder(host.folder), publisher)
    poller.look()
    assert poller.wrong == []


def test_the_plan_is_published_anew_in_the_middle(publisher: Publisher, tmp_path: Path) -> None:
    """What the copier was about to read is swept under it: it begins again with the new plan."""
    folder = tmp_path / "copy"

    class Meddled(FolderTarget):
        met = False

        def begin(self, paths: Iterable[str]) -> None:
            super().begin(paths)
            if not Meddled.met:
                Meddled.met = True
                publish(publisher, 1)
                publish(publisher, 2)

    assert copy(publisher, Meddled(folder)).version == publisher.version
    poller = Poller(from_folder(folder), publisher)
    poller.look()
    assert poller.wrong == []


def test_bucket_headers(publisher: Publisher, bucket: Place, service: str) -> None:
    copy(publisher, bucket.target())
    assert publisher.index
    store = store_of(service)
    named = f"school/school000000.{publisher.index.schools[0].plan_sha256[:16]}.plan"
    wanted = {
        named: ("text/plain; charset=utf-8", "public, max-age=31536000, immutable"),
        "index.plan": ("text/plain; charset=utf-8", "no-cache"),
        "school/school000000.plan": ("text/plain; charset=utf-8", "no-cache"),
        "go/index.html": ("text/html; charset=utf-8", "no-cache"),
        "go/now.js": ("text/javascript; charset=utf-8", "no-cache"),
        "status/status.json": ("application/json", "no-cache"),
    }
    for path, (kind, cache) in wanted.items():
        found = obstore.get(store, path).attributes
        assert (found["Content-Type"], found["Cache-Control"]) == (kind, cache), path


def test_a_bucket_that_is_not_there(publisher: Publisher, service: str) -> None:
    with pytest.raises((BadTarget, CopyFailed), match="s3://nobodys"):
        copy(publisher, bucket_target(service, "nobodys"))


def test_a_dead_service_is_known_as_dead_soon(publisher: Publisher) -> None:
    began = time.monotonic()
    for target in (bucket_target("http://127.0.0.1:9"), WebTarget("http://127.0.0.1:9", token="")):
        with pytest.raises(CopyFailed):
            copy(publisher, target)
    assert time.monotonic() - began < 20


def test_a_wrong_token_is_said_at_once_and_never_shown(publisher: Publisher, host: PutHost) -> None:
    with pytest.raises(BadTarget, match="PLAN_PUT_TOKENS") as failed:
        copy(publisher, WebTarget(host.url, token="wrong-token"))
    assert "wrong-token" not in str(failed.value)
    assert host.puts == []


@pytest.mark.parametrize("fail_with", [0, 500, 503, 507])
@pytest.mark.parametrize("fail_after", [0, 2, 5, 9, 14])
def test_a_host_that_fails_half_way_keeps_its_plan(
    publisher: Publisher, host: PutHost, fail_after: int, fail_with: int
) -> None:
    copy(publisher, WebTarget(host.url, token=TOKEN))
    publish(publisher, 1)
    host.puts.clear()
    host.fail_after, host.fail_with = fail_after, fail_with
    with Poller(from_folder(host.folder), publisher), pytest.raises(CopyFailed):
        copy(publisher, WebTarget(host.url, token=TOKEN))
    host.fail_after = None
    assert copy(publisher, WebTarget(host.url, token=TOKEN)).version == publisher.version
    publish(publisher, 2)
    copy(publisher, WebTarget(host.url, token=TOKEN))
    publish(publisher, 3)
    copy(publisher, WebTarget(host.url, token=TOKEN))
    # Nothing of the copy that failed has stayed: two versions of three schools, and the newest of each.
    assert len(list((host.folder / "school").iterdir())) == 9


def test_a_host_that_hiccups_is_asked_again(publisher: Publisher, host: PutHost) -> None:
    class Hiccup(WebTarget):
        times = 0

        def put(self, file: PlanFile) -> None:
            Hiccup.times += 1
            if Hiccup.times % 3 == 0:
                raise CopyFailed("hiccup")
            super().put(file)

    assert copy(publisher, Hiccup(host.url, token=TOKEN)).version == publisher.version
    assert files_in(host.folder) - {"copied.json"} == here(publisher)


def test_a_slow_host_is_slow_and_whole(publisher: Publisher, host: PutHost) -> None:
    host.slow_seconds = 0.05
    with Poller(from_folder(host.folder), publisher):
        copy(publisher, WebTarget(host.url, token=TOKEN))
    assert files_in(host.folder) - {"copied.json"} == here(publisher)


def test_a_host_that_never_answers_is_let_go_of(publisher: Publisher, host: PutHost) -> None:
    host.slow_seconds = 5
    began = time.monotonic()
    with pytest.raises(CopyFailed, match="Timeout"):
        copy(publisher, WebTarget(host.url, token=TOKEN, request_seconds=0.2))
    assert time.monotonic() - began < 10


def test_a_full_folder_keeps_its_plan(publisher: Publisher, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    copy(publisher, FolderTarget(folder))
    publish(publisher, 1)

    class Full(FolderTarget):
        left = 2

        def put(self, file: PlanFile) -> None:
            if Full.left <= 0:
                with self._errors():
                    raise OSError(28, "No space left on device")
            Full.left -= 1
            super().put(file)

    with Poller(from_folder(folder), publisher) as poller, pytest.raises(CopyFailed, match="No space left"):
        copy(publisher, Full(folder))
    assert poller.versions == [publisher.version - 1]
    assert copy(publisher, FolderTarget(folder)).version == publisher.version


def test_killed_at_any_moment_a_folder_holds_a_whole_plan(publisher: Publisher, tmp_path: Path) -> None:
    publish(publisher, 0, count=12)
    folder = tmp_path / "copy"
    env = {
        "PATH": os.environ["PATH"],
        "SCHOOLDAY_HOME": str(tmp_path / "home"),
        "ROOT_PUBLIC_KEY": publisher.root_public,
        "PLAN_DIR": str(publisher.folder),
    }
    command = [sys.executable, "-c", "from schoolday.cli import main; main()", "plan", "copy", "--to", str(folder)]
    assert subprocess.run(command, env=env, capture_output=True, timeout=60).returncode == 0
    with Poller(from_folder(folder), publisher):
        for round_number, fresh in enumerate((1, 6, 12), 1):
            publish(publisher, round_number, count=12)
            before = files_in(folder)
            worker = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 30
            while worker.poll() is None and time.monotonic() < deadline:
                if len(files_in(folder) - before) >= fresh:
                    worker.send_signal(signal.SIGKILL)
                    break
                time.sleep(0.002)
            worker.wait()
    copy(publisher, FolderTarget(folder))
    for path in here(publisher) - {path for path in here(publisher) if path.count(".") == 2}:
        assert (folder / path).read_bytes() == (publisher.folder / path).read_bytes()
    assert not list(folder.rglob("*.partial"))


def test_two_at_once_into_one_folder(publisher: Publisher, tmp_path: Path) -> None:
    first = FolderTarget(tmp_path / "copy")
    first.look()
    with pytest.raises(CopyFailed, match="under way"):
        copy(publisher, FolderTarget(tmp_path / "copy"))
    first.close()
    assert copy(publisher, FolderTarget(tmp_path / "copy")).version == publisher.version


def test_a_disk_that_is_not_mounted(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(BadTarget, match="mounted"):
        copy(publisher, FolderTarget(tmp_path / "not" / "there"))


def test_only_what_is_ours_is_ever_swept(publisher: Publisher, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    (folder / "school").mkdir(parents=True)
    for name in ("index.html", "school/readme.txt", "photo.jpg"):
        (folder / name).write_text("somebody's")
    (folder / "school/stranger.0123456789abcdef.plan").write_text("left")
    assert copy(publisher, FolderTarget(folder)).swept == 1
    assert {"index.html", "school/readme.txt", "photo.jpg"} <= files_in(folder)
    assert not any(
        is_ours(path) for path in ("index.plan", "root.public", "copied.json", "go/.made/x.json", "go/x.exe")
    )
