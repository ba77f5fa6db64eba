"""A door deletes a spool file only when the office has all of it and its time is over; killed in between too."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from schoolday.contracts.evidence import Evidence
from schoolday.door import spool_file
from schoolday.door.archive import Archive
from schoolday.door.spool import delete_empty
from schoolday.door.spool_file import SpoolWriter
from schoolday.lib import clock, ids
from tests.door.district import District
from tests.door.process import Door

KEEP_DAYS = 30
LATER = timedelta(days=KEEP_DAYS, minutes=1)


def event() -> Evidence:
    return Evidence(id=ids.new_event_id(), kind="arrived", sub="s" * 12, meeting="m" * 12, received_at=clock.now_ms())


def spool_with(folder: Path, events: int) -> str:
    writer = SpoolWriter(folder)
    writer.write([event() for _ in range(events)])
    writer.close()
    return writer.spool


def left_after(folder: Path, taken: dict[str, int], *, writing: str = "", after: timedelta = LATER) -> list[str]:
    with clock.shifted(after):
        archive = Archive(folder, keep_days=KEEP_DAYS)
        archive.delete_old(taken, writing=writing)
        left = archive.spools()
        archive.close()
    return left


def test_what_the_office_has_whole_goes_after_its_time(tmp_path: Path) -> None:
    spool = spool_with(tmp_path, 5)
    assert left_after(tmp_path, {spool: 5}, after=timedelta(days=KEEP_DAYS, minutes=-1)) == [spool]
    assert left_after(tmp_path, {spool: 5}) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", [None, 0, 4, 6])
def test_what_it_has_in_part_or_never_asked_for_stays(tmp_path: Path, taken: int | None) -> None:
    spool = spool_with(tmp_path, 5)
    assert left_after(tmp_path, {} if taken is None else {spool: taken}) == [spool]


def test_the_one_being_written_stays(tmp_path: Path) -> None:
    spool = spool_with(tmp_path, 5)
    assert left_after(tmp_path, {spool: 5}, writing=spool) == [spool]


def test_nothing_is_deleted_in_its_first_hour_whatever_the_setting(tmp_path: Path) -> None:
    spool = spool_with(tmp_path, 5)
    archive = Archive(tmp_path, keep_days=0)
    assert archive.delete_old({spool: 5}, writing="") == []
    archive.close()


def test_a_damaged_one_is_never_deleted(tmp_path: Path) -> None:
    spool = spool_with(tmp_path, 5)
    path = spool_file.path_of(tmp_path, spool)
    path.write_bytes(path.read_bytes()[:300])
    assert left_after(tmp_path, {spool: 5}) == []
    assert [one.name for one in spool_file.damaged_paths(tmp_path)] == [f"damaged-{path.name}"]


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_killed_in_the_middle_of_deleting(tmp_path: Path, steps: int) -> None:
    """Whatever was done before the kill, the next start finishes it and takes nothing for damaged."""

    class KilledError(BaseException):
        pass

    writer = SpoolWriter(tmp_path)  # still open, as an earlier process left it: its log lies beside it
    writer.write([event() for _ in range(5)])
    done = 0

    def step(real: object) -> object:
        def call(self: Path, *args: object, **named: object) -> object:
            nonlocal done
            if done == steps:
                raise KilledError
            done += 1
            return real(self, *args, **named)  # type: ignore[operator]  # Path.unlink or Path.replace

        return call

    unlink, replace = (patch.object(Path, name, step(getattr(Path, name))) for name in ("unlink", "replace"))
    with unlink, replace, pytest.raises(KilledError):
        spool_file.delete(writer.path)
    archive = Archive(tmp_path, keep_days=KEEP_DAYS)
    delete_empty(tmp_path)
    left = archive.spools()
    archive.close()
    assert left == ([writer.spool] if steps == 0 else [])
    assert spool_file.damaged_paths(tmp_path) == []
    if steps:
        assert not [path for path in tmp_path.iterdir() if path.suffix == ".sqlite3"]
    writer.close()


def test_a_real_door_deletes_when_the_office_has_it(district: District, tmp_path: Path) -> None:
    door = Door(district, tmp_path)
    try:
        door.wait()
        door.join(district.section, session=door.session(district.student))
        door.kill()
        (old,) = spool_file.spool_paths(door.folder)
        long_ago = spool_file.path_of(door.folder, "00000000-0000-7000-8000-" + "1" * 12)
        age_by(old, long_ago, days=KEEP_DAYS + 1)
        door.start()
        door.wait()
        assert len(door.drained()) == 1  # the first look finds that the office has not said that it has it
        assert long_ago.exists()
        door.kill()
        door.start()
        door.wait()
        query = {"spool": spool_file.spool_of(long_ago), "after": "1"}
        assert door.http.get("/drain", params=query, headers=door.drain_header()).json()["events"] == []
        assert door.drained() == []
        assert not long_ago.exists()
    finally:
        door.stop()


def age_by(path: Path, new: Path, *, days: int) -> None:
    """Give a spool file the times and the name it would have if it had been written days ago."""
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("UPDATE event SET received_at = received_at - ?", (days * 86_400_000,))
    connection.commit()
    connection.close()
    path.replace(new)
