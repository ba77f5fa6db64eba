"""A spool file cut at every byte, or with bits flipped: what can be there is there, and nothing is dropped unseen."""

import random
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from schoolday.contracts.evidence import Evidence
from schoolday.door import salvage, spool_file
from schoolday.door.archive import Archive, DamagedSpool
from schoolday.door.errors import NotFound
from schoolday.door.spool import delete_empty
from schoolday.door.spool_file import SpoolReader, SpoolWriter
from schoolday.lib import ids
from tests import figures
from tests.door.district import District
from tests.door.process import Door

EVENTS, IN_A_BATCH = 30, 5
SAMPLE = 70  # cuts and flips in the short form, besides all boundaries
FULL_EVERY_BYTES = 1
_PAGE, _FRAME, _LOG_HEAD = 4_096, 4_096 + 24, 32


@dataclass
class Spoiled:
    """One spool as a killed door leaves it: `folded` of its events in the file, the others in its log."""

    path: Path
    events: list[str]

    @property
    def log(self) -> Path:
        return self.path.with_name(self.path.name + "-wal")


def spool_in(folder: Path, *, folded: bool) -> Spoiled:
    folder.mkdir()
    writer = SpoolWriter(folder)
    sent = [
        Evidence(id=ids.new_event_id(), kind="arrived", sub="s" * 12, meeting="m" * 12, received_at=n + 1)
        for n in range(EVENTS)
    ]
    for begin in range(0, EVENTS, IN_A_BATCH):
        if folded and begin == EVENTS // 2:
            writer._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        writer.write(sent[begin : begin + IN_A_BATCH])
    copy = folder / "left"
    copy.mkdir()
    for part in folder.glob("spool-*"):
        if not part.name.endswith("-shm"):
            shutil.copy(part, copy / part.name)
    writer.close()
    return Spoiled(copy / writer.path.name, [event.id for event in sent])


def served_by_a_new_start(folder: Path) -> tuple[set[str], int]:
    """Return what the office gets of a folder, as a door that starts on it serves it, and how many files are aside."""
    archive = Archive(folder)
    delete_empty(folder)
    found: set[str] = set()
    for _ in range(3):  # the office asks again after a spool was found damaged
        try:
            found = {event for spool in archive.spools() for event in pages_of(archive, spool)}
            break
        except (DamagedSpool, NotFound) as error:
            archive.set_aside(str(error))
    damaged = archive.damaged
    archive.close()
    return found, damaged


def pages_of(archive: Archive, spool: str) -> set[str]:
    rows = archive.page(spool, after=0, limit=1_000)
    return {msgspec.json.decode(body, type=Evidence).id for _, body in rows}


def whole_in(*parts: bytes) -> set[str]:
    """Return the events of which every byte is there: what can be there."""
    found = set()
    for raw in parts:
        for event in salvage._BEGINS.finditer(raw):
            if salvage._whole_event(raw, event.start()) is not None:
                found.add(event.group(1).decode())
    return found


def bytes_of_interest(raw: bytes, *, head: int, step: int) -> list[int]:
    """Return all boundaries of pages or frames with their neighbours and a sample; in the full form all bytes."""
    if figures.full_form():
        return list(range(0, len(raw) + 1, FULL_EVERY_BYTES))
    edges = {at + by for at in (0, head, *range(head, len(raw) + 1, step)) for by in (-1, 0, 1)}
    sample = random.Random(len(raw)).sample(range(len(raw)), SAMPLE)
    return sorted({at for at in (*edges, *sample) if 0 <= at <= len(raw)})


@pytest.fixture(params=[True, False], ids=["half in the file", "all in the log"])
def spoiled(request: pytest.FixtureRequest, tmp_path: Path) -> Spoiled:
    return spool_in(tmp_path / "made", folded=request.param)


def check(spoiled: Spoiled, folder: Path, file: bytes, log: bytes) -> int:
    """Serve a spool whose parts are now these; return how many of its events are lost."""
    folder.mkdir()
    (folder / spoiled.path.name).write_bytes(file)
    if log:
        (folder / spoiled.log.name).write_bytes(log)
    can_be = whole_in(file, log)
    found, damaged = served_by_a_new_start(folder)
    found &= set(spoiled.events)
    assert can_be <= found, f"{len(can_be - found)} whole events are not served"
    if found != set(spoiled.events) and not damaged:
        # A log that ends at a whole commit is a log that never had more: no one can tell.
        assert log == spoiled.log.read_bytes()[: len(log)]
        assert file == spoiled.path.read_bytes()
    for part in folder.glob("damaged-*.sqlite3"):
        assert part.read_bytes() == file, "set aside as it was found"
    shutil.rmtree(folder)
    return len(spoiled.events) - len(found)


@pytest.mark.timeout(3_600 if figures.full_form() else 120)
def test_cut_and_flipped_everywhere(spoiled: Spoiled, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    file, log = spoiled.path.read_bytes(), spoiled.log.read_bytes()
    dice = random.Random(9)
    cuts = flips = 0
    for at in bytes_of_interest(log, head=_LOG_HEAD, step=_FRAME):
        check(spoiled, tmp_path / "now", file, log[:at])
        cuts += 1
    for at in bytes_of_interest(file, head=0, step=_PAGE):
        check(spoiled, tmp_path / "now", file[:at], log)
        cuts += 1
    for at in bytes_of_interest(log, head=_LOG_HEAD, step=_FRAME)[:-1]:
        check(spoiled, tmp_path / "now", file, flipped(log, min(at, len(log) - 1), dice))
        flips += 1
    for at in bytes_of_interest(file, head=0, step=_PAGE)[:-1]:
        check(spoiled, tmp_path / "now", flipped(file, min(at, len(file) - 1), dice), log)
        flips += 1
    COUNTS[request.node.name] = (cuts, flips)
    total = [sum(both) for both in zip(*COUNTS.values(), strict=True)]
    figures.say(
        "spool-cut",
        f"cut at {total[0]:,} places, a bit flipped at {total[1]:,}, in file and log: every event that was whole is"
        " served; 0 altered, 0 dropped without an alarm",
    )


COUNTS: dict[str, tuple[int, int]] = {}


def flipped(raw: bytes, at: int, dice: random.Random) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1 << dice.randrange(8)]) + raw[at + 1 :]


def test_a_changed_event_is_never_served(tmp_path: Path) -> None:
    spoiled = spool_in(tmp_path / "made", folded=False)
    writer = spool_file.SpoolReader(spoiled.path)
    writer.close()
    raw = spoiled.log.read_bytes()
    connection = sqlite3.connect(spoiled.path)
    connection.execute("UPDATE event SET body = replace(body, 'ssssssssssss', 'sssssssssssr') WHERE seq = 7")
    connection.commit()
    connection.close()
    archive = Archive(spoiled.path.parent)
    (spool,) = archive.spools()
    with pytest.raises(DamagedSpool):
        archive.page(spool, after=0, limit=100)
    archive.set_aside(spool)
    (saved,) = archive.spools()
    assert len(pages_of(archive, saved)) == EVENTS - 1
    assert saved != spool
    assert raw
    archive.close()


def test_a_door_starts_on_a_damaged_spool_and_lets_people_in(district: District, tmp_path: Path) -> None:
    door = Door(district, tmp_path / "home")
    try:
        door.wait()
        session = door.session(district.student)
        before = [ids.new_event_id() for _ in range(20)]
        for event in before:
            assert door.join(district.section, session=session, event=event).status_code == 200
        door.kill()
        (path,) = spool_file.spool_paths(door.folder)
        path.write_bytes(path.read_bytes()[:50])  # the file is gone but for its first bytes; the log is whole
        door.start()
        assert door.wait()["spool_damaged"] == 1, door.log()
        after = ids.new_event_id()
        assert door.join(district.section, session=session, event=after).status_code == 200
        assert {*before, after} <= {one["id"] for one in door.drained()}
        assert "spool file damaged and set aside" in door.log()
        assert len(spool_file.damaged_paths(door.folder)) == 1
    finally:
        door.stop()


@pytest.fixture
def district(tmp_path: Path) -> District:
    district = District(tmp_path / "plan")
    district.publish()
    return district


def test_the_file_that_is_written_is_given_up_when_it_is_damaged(district: District, tmp_path: Path) -> None:
    door = Door(district, tmp_path / "home")
    try:
        door.wait()
        session = door.session(district.student)
        events = [ids.new_event_id() for _ in range(5)]
        for event in events:
            door.join(district.section, session=session, event=event)
        (path,) = spool_file.spool_paths(door.folder)
        connection = sqlite3.connect(path)
        connection.execute("UPDATE event SET sum = 'x' WHERE seq = 2")
        connection.commit()
        connection.close()
        query = {"after": "0"}
        assert door.http.get("/drain", params=query, headers=door.drain_header()).json()["code"] == "busy"
        last = ids.new_event_id()
        assert door.join(district.section, session=session, event=last).status_code == 200
        query["spool"] = spool_file.spool_of(path)
        assert door.http.get("/drain", params=query, headers=door.drain_header()).json()["code"] == "busy"
        assert {events[0], *events[2:], last} <= {one["id"] for one in door.drained()}
        assert door.wait()["spool_damaged"] == 1
    finally:
        door.stop()


def test_a_reader_alone_changes_nothing(tmp_path: Path) -> None:
    spoiled = spool_in(tmp_path / "made", folded=False)
    before = spoiled.path.read_bytes(), spoiled.log.read_bytes()
    reader = SpoolReader(spoiled.path)
    assert len(reader.events(after=0, limit=100)) == EVENTS
    reader.close()
    assert (spoiled.path.read_bytes(), spoiled.log.read_bytes()) == before
