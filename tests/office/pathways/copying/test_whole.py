"""Copies of the plan in a folder, a bucket and at a second host: whole at any moment, and only what changed."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from schoolday.contracts.plan import INDEX_PATH
from schoolday.office.pathways.cards import write_cards
from schoolday.office.pathways.copying.errors import BadTarget
from schoolday.office.pathways.copying.folder import FolderTarget
from schoolday.office.pathways.copying.target import Target
from schoolday.office.pathways.copying.web import WebTarget
from tests.office.pathways.card_plans import Publisher, opens
from tests.office.pathways.copy_hosts import TOKEN, PutHost
from tests.office.pathways.copy_reader import Poller, from_folder, from_web
from tests.office.pathways.copying.places import Place, copy, files_in, here, publish, schools


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
