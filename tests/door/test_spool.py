"""Nothing acknowledged is lost: killed, full, an fsync that failed. Real processes, real kill -9."""

import asyncio
import collections
import shutil
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolday.contracts.evidence import Evidence
from schoolday.door import spool_file
from schoolday.door.archive import Archive
from schoolday.door.spool import Spool, delete_empty
from schoolday.door.spool_file import SpoolReader, SpoolWriter
from schoolday.lib import ids
from schoolday.lib.errors import Busy
from tests.door.district import District
from tests.door.process import Door, day


def arrived(number: int = 0, **more: str) -> Evidence:
    return Evidence(
        id=more.get("id") or ids.new_event_id(), kind="arrived", sub="s" * 12, meeting="m" * 12, received_at=number
    )


class Hammer(threading.Thread):
    """A device that joins without pause, and remembers what was acknowledged."""

    def __init__(self, door: Door, session: str) -> None:
        super().__init__(daemon=True)
        self.door, self.session = door, session
        self.acknowledged: list[str] = []

    def run(self) -> None:
        section = self.door.district.section
        with httpx.Client(base_url=self.door.http.base_url, trust_env=False) as http:
            while True:
                event = ids.new_event_id()
                body = {"meeting": section.meetings["now"].id, "section": section.id, "event": event, "sent_at": 1}
                try:
                    answer = http.post("/join", json=body, headers=day(self.session))
                except httpx.HTTPError:
                    return
                if answer.status_code == 200:
                    self.acknowledged.append(event)


def test_what_was_acknowledged_before_kill_9_is_drained_once(district: District, tmp_path: Path) -> None:
    door = Door(district, tmp_path)
    acknowledged: list[str] = []
    try:
        for _ in range(3):
            door.wait()
            session = door.session(district.student)
            hammers = [Hammer(door, session) for _ in range(6)]
            for hammer in hammers:
                hammer.start()
            deadline = time.monotonic() + 15
            while time.monotonic() < deadline and sum(len(hammer.acknowledged) for hammer in hammers) < 50:
                time.sleep(0.01)
            door.kill()
            for hammer in hammers:
                hammer.join(timeout=20)
                acknowledged += hammer.acknowledged
            door.start()
        door.wait()
        drained = collections.Counter(one["id"] for one in door.drained())
        assert len(acknowledged) > 30
        assert [event for event in acknowledged if drained[event] != 1] == []
    finally:
        door.stop()


def test_the_roll_and_the_drain_go_on_over_a_restart(district: District, tmp_path: Path) -> None:
    door = Door(district, tmp_path)
    try:
        door.wait()
        event = ids.new_event_id()
        door.join(district.section, session=door.session(district.student), event=event)
        door.kill()
        door.start()
        door.wait()
        door.join(district.section, session=door.session(district.twin))
        query = {"meeting": district.section.meetings["now"].id}
        entries = door.http.get("/roll", params=query, headers=day(door.session(district.teacher))).json()["entries"]
        assert [one["sub"] for one in entries] == [district.student.sub, district.twin.sub]
        assert len(door.http.get("/drain/spools", headers=door.drain_header()).json()["spools"]) == 2
    finally:
        door.stop()


def test_a_stop_answers_those_who_wait_and_leaves_no_log(district: District, tmp_path: Path) -> None:
    door = Door(district, tmp_path)
    door.wait()
    event = ids.new_event_id()
    door.join(district.section, session=door.session(district.student), event=event)
    assert door.stop() == 0
    assert [path.name for path in door.folder.glob("*-wal")] == [], "closed and checkpointed"
    reader = SpoolReader(spool_file.spool_paths(door.folder)[-1])
    assert event in [event_in(body) for _, body in reader.events(after=0, limit=10)]
    reader.close()


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace makes the kernel's fsync fail; it is not installed")
def test_a_failed_fsync_means_a_new_file_and_no_second_try(district: District, tmp_path: Path) -> None:
    door = Door(district, tmp_path)
    strace = None
    try:
        door.wait()
        session = door.session(district.student)
        first, second, third = (ids.new_event_id() for _ in range(3))
        assert door.join(district.section, session=session, event=first).status_code == 200
        spools = door.http.get("/drain/spools", headers=door.drain_header()).json()["spools"]
        strace = subprocess.Popen(
            ["strace", "-f", "-qq", "-p", str(door.process.pid), "-e", "trace=fdatasync,fsync",
             "-e", "inject=fdatasync,fsync:error=EIO:when=1"],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert strace.stderr is not None
        threading.Event().wait(1.5)
        answer = door.join(district.section, session=session, event=second)
        assert answer.status_code in (200, 503), answer.text
        strace.terminate()
        strace.wait(timeout=10)
        with strace.stderr:
            assert "EIO" in strace.stderr.read(), "the fault happened"
        assert door.join(district.section, session=session, event=third).status_code == 200
        now = door.http.get("/drain/spools", headers=door.drain_header()).json()["spools"]
        assert len(now) == len(spools) + 1
        assert "spool file lost for writing" in door.log()
        drained = [one["id"] for one in door.drained()]
        assert {first, third} <= set(drained)
        if answer.status_code == 200:
            assert second in drained
    finally:
        if strace and strace.poll() is None:
            strace.kill()
        door.stop()


def test_a_full_disk_is_busy_and_nothing_half(tmp_path: Path) -> None:
    async def fill() -> None:
        spool = Spool(tmp_path / "d1", loop=asyncio.get_running_loop())
        writer = spool._writer
        assert writer is not None
        await spool.keep([arrived()])
        pages = writer._connection.execute("PRAGMA page_count").fetchone()[0]
        writer._connection.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own full disk: SQLITE_FULL
        with pytest.raises(Busy):
            await spool.keep([arrived(n) for n in range(400)])
        writer._connection.execute("PRAGMA max_page_count = 100000")
        await spool.keep([arrived()])
        assert (spool.kept, spool.failed, spool.rotations) == (2, 1, 0), "the same file, sound"
        await asyncio.to_thread(spool.close)

    asyncio.run(fill())
    reader = SpoolReader(spool_file.spool_paths(tmp_path / "d1")[0])
    assert len(reader.events(after=0, limit=1000)) == 2
    reader.close()


def test_more_than_can_wait_is_busy_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schoolday.door.spool.WAITING_AT_MOST_EVENTS", 3)

    async def flood() -> list[object]:
        spool = Spool(tmp_path / "d1", loop=asyncio.get_running_loop())
        answers = await asyncio.gather(*(spool.keep([arrived()]) for _ in range(10)), return_exceptions=True)
        await asyncio.to_thread(spool.close)
        with pytest.raises(Busy):
            await spool.keep([arrived()])
        return list(answers)

    answers = asyncio.run(flood())
    assert sum(isinstance(answer, Busy) for answer in answers) == 7


def test_many_at_once_are_few_commits_and_all_are_kept(tmp_path: Path) -> None:
    events = [arrived(n) for n in range(3_000)]

    async def crowd() -> int:
        spool = Spool(tmp_path / "d1", loop=asyncio.get_running_loop())
        await asyncio.gather(*(spool.keep([event]) for event in events))
        await asyncio.to_thread(spool.close)
        return spool.commits

    assert asyncio.run(crowd()) <= 30
    archive = Archive(tmp_path / "d1")
    assert len(archive.page(archive.spools()[0], after=0, limit=5_000)) == 3_000
    archive.close()


def test_empty_spools_go_and_unreadable_ones_are_set_aside(tmp_path: Path) -> None:
    for _ in range(3):
        SpoolWriter(tmp_path).close()
    full = SpoolWriter(tmp_path)
    full.write([arrived()])
    full.close()
    broken = spool_file.path_of(tmp_path, "0" * 8 + "-0000-7000-8000-000000000000")
    broken.write_bytes(b"this is no database, though it is long enough to be looked at" * 100)
    delete_empty(tmp_path)
    archive = Archive(tmp_path)
    assert archive.spools() == [full.spool]
    aside = broken.with_name("damaged-" + broken.name)
    assert aside.exists(), "what cannot be read is not ours to delete"
    assert not broken.exists()
    assert archive.damaged == 1
    archive.close()


@settings(max_examples=25, deadline=None)
@given(
    batches=st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=20), min_size=1, max_size=6),
    cut=st.integers(0, 4000),
)
def test_a_spool_cut_short_holds_whole_batches_in_order(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("spool")
    writer = SpoolWriter(folder)
    known = [ids.new_event_id() for _ in range(41)]
    expected: list[list[str]] = []
    for batch in batches:
        writer.write([arrived(id=known[number]) for number in batch])
        seen = [one for done in expected for one in done]
        expected.append([one for one in dict.fromkeys(known[number] for number in batch) if one not in seen])
    copy = folder / "copy"
    copy.mkdir()
    for suffix in ("", "-wal"):  # what a power cut leaves: the files without the rest of the log
        source = writer.path.with_name(writer.path.name + suffix)
        raw = source.read_bytes()
        (copy / source.name).write_bytes(raw[: max(0, len(raw) - cut)] if suffix else raw)
    writer.close()
    try:
        reader = SpoolReader(copy / writer.path.name)
        found = [event_in(body) for _, body in reader.events(after=0, limit=1000)]
        reader.close()
    except sqlite3.OperationalError:
        found = []  # the cut took even the tables
    prefixes = [[one for done in expected[:upto] for one in done] for upto in range(len(expected) + 1)]
    assert found in prefixes


def event_in(body: str) -> str:
    import msgspec

    return msgspec.json.decode(body, type=Evidence).id
