"""Copies carry all that is public: cards, status, feeds and lesson packets; and nothing that is not."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import obstore
import pytest
from obstore.store import S3Store

from schoolday import settings_spec
from schoolday.office.pathways.cards import write_cards
from schoolday.office.pathways.copying.bucket import BucketTarget
from schoolday.office.pathways.copying.copy import Copied, copy_plan
from schoolday.office.pathways.copying.files import PlanFile, is_ours
from schoolday.office.pathways.copying.folder import FolderTarget
from schoolday.office.pathways.copying.jobs import CopyWhenNew
from schoolday.office.pathways.copying.places import target_of
from schoolday.office.pathways.copying.target import Target
from schoolday.office.pathways.copying.web import WebTarget
from schoolday.office.pathways.ways.packet_files import keep_file, sweep_files
from tests.office.pathways.card_plans import Publisher, incident, school
from tests.office.pathways.copy_hosts import TOKEN, bucket_service, put_host

if TYPE_CHECKING:
    from obstore.store import S3Config

LESSON = b"Read page 12 and draw what you see.\n"
NAME = f"packets/{hashlib.sha256(LESSON).hexdigest()}.txt"
FEEDS = ("feeds/district.atom", "feeds/district.es.atom", "feeds/n1n1n1n1n1n1.cap.xml")


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "plan")
    write_cards(made.folder, made.publish(school(incidents=(incident(),))), made.read)
    (made.folder / "feeds").mkdir()
    for path in FEEDS:
        (made.folder / path).write_text(f"<feed>{path}</feed>")
    assert keep_file(made.folder, LESSON, "txt") in NAME
    return made


@dataclass
class Place:
    """One kind of place: how to copy there, and how to read a file from there."""

    target: Callable[[], Target]
    get: Callable[[str], bytes | None]


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with bucket_service() as url:
        httpx.put(f"{url}/plans").raise_for_status()
        yield url


@pytest.fixture(params=["folder", "bucket", "host"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "folder":
        folder = tmp_path / "copy"
        yield Place(lambda: FolderTarget(folder), lambda path: _bytes_of(folder / path))
    elif request.param == "bucket":
        url, prefix = request.getfixturevalue("service"), tmp_path.name
        config: S3Config = {
            "endpoint": url, "region": "us-east-1", "access_key_id": "k", "secret_access_key": "s",
        }  # fmt: skip
        store = S3Store("plans", prefix=prefix, client_options={"allow_http": True}, config=config)

        def target() -> Target:
            return BucketTarget("plans", prefix, endpoint=url, region="us-east-1", key_id="k", secret="s")

        def get(path: str) -> bytes | None:
            try:
                return obstore.get(store, path).bytes().to_bytes()
            except FileNotFoundError:
                return None

        yield Place(target, get)
    else:
        with put_host(tmp_path / "host") as host:
            yield Place(lambda: WebTarget(host.url, token=TOKEN), lambda path: _bytes_of(host.folder / path))


def _bytes_of(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def copy(publisher: Publisher, target: Target) -> Copied:
    return copy_plan(publisher.folder, target, root_public=publisher.root_public, rest_seconds=0.01)


def settings(publisher: Publisher) -> settings_spec.Settings:
    loaded = settings_spec.load()
    own = {"PLAN_DIR": str(publisher.folder), "ROOT_PUBLIC_KEY": publisher.root_public}
    return replace(loaded, values={**loaded.values, **own})


def test_a_copy_has_cards_status_feeds_and_packets(publisher: Publisher, place: Place) -> None:
    (publisher.folder / "status" / "probes.json").write_text("{}")
    (publisher.folder / "packets" / "notes.docx").write_text("somebody put it there")
    copy(publisher, place.target())
    names = ("go/index.html", "go/school000001/section00001.html", "status/index.html", "status/school000001.ht.html")
    for path in (*names, *FEEDS, NAME):
        assert place.get(path) == (publisher.folder / path).read_bytes(), path
    assert b"Signing on is slow." in (place.get("status/index.html") or b"")
    for path in ("status/probes.json", "packets/notes.docx", "go/.made/school000001.json"):
        assert place.get(path) is None, path
    assert copy(publisher, place.target()).written == 0


def test_what_is_gone_here_goes_there(publisher: Publisher, place: Place) -> None:
    copy(publisher, place.target())
    (publisher.folder / FEEDS[2]).unlink()
    assert sweep_files(publisher.folder, set(), older_than=2**40) == 1
    assert copy(publisher, place.target()).swept == 2
    assert place.get(NAME) is None
    assert place.get(FEEDS[2]) is None
    assert place.get(FEEDS[0]) is not None


def test_a_packet_that_lies_there_is_not_read_again(
    publisher: Publisher, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(publisher, place.target())
    read: list[str] = []
    before = PlanFile.read

    def watched(file: PlanFile) -> bytes:
        read.append(file.path)
        return before(file)

    monkeypatch.setattr(PlanFile, "read", watched)
    copy(publisher, place.target())
    assert NAME not in read
    assert "go/index.html" in read


def test_half_a_packet_is_made_whole(publisher: Publisher, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    copy(publisher, FolderTarget(folder))
    (folder / NAME).write_bytes(LESSON[:5])
    copy(publisher, FolderTarget(folder))
    assert (folder / NAME).read_bytes() == LESSON


def test_only_what_has_our_form_is_swept() -> None:
    ours = ("feeds/district.atom", "feeds/a.cap.xml", NAME, "status/index.es.html", "go/a/b.html")
    others = ("feeds/logo.png", "packets/mine.pdf", "packets/x/" + NAME, "status/probes.json", "feeds/.x.atom")
    assert [path for path in (*ours, *others) if is_ours(path)] == list(ours)


def test_a_new_feed_or_packet_is_copied_though_the_plan_stands(publisher: Publisher, tmp_path: Path) -> None:
    target = tmp_path / "a copy"
    job = CopyWhenNew(settings(publisher), target.as_uri())
    assert job()
    assert job() is None
    (publisher.folder / "feeds/school000001.atom").write_text("<feed/>")
    assert job()
    assert (target / "feeds/school000001.atom").exists()
    sha256 = keep_file(publisher.folder, b"Another lesson.\n", "txt")
    assert job()
    assert (target / f"packets/{sha256}.txt").exists()


def test_a_folder_with_spaces_may_be_named_by_its_address(publisher: Publisher, tmp_path: Path) -> None:
    found = target_of((tmp_path / "my disk").as_uri(), settings(publisher))
    assert isinstance(found, FolderTarget)
    assert found.folder == tmp_path / "my disk"
