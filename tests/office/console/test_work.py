import json
import os
import threading
import time
from pathlib import Path

import pytest
from django.db import DataError
from django_tasks import task
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from schoolday.lib import clock
from schoolday.office.attendance.models import RefusedEvidence
from schoolday.office.console.work import jobs, queue
from schoolday.office.console.work.job import Job, describe
from schoolday.office.console.work.worker import HEARTBEAT, Worker, read_heartbeat
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from tests.cast import Cast
from tests.office.attendance.day import AFTER, BELL, DURING


def broken() -> object:
    raise DataError("Naïka Pierre is too long")


def test_a_job_that_breaks_is_counted_and_the_next_runs_all_the_same(tmp_path: Path, db: None) -> None:
    done: list[int] = []
    worker = Worker([Job("bad", 1, broken), Job("good", 1, lambda: done.append(1))], run_dir=tmp_path)
    assert worker.once() is False
    assert done == [1]
    heartbeat = read_heartbeat(tmp_path)
    assert heartbeat is not None
    assert heartbeat["pid"] == os.getpid()
    assert heartbeat["jobs"]["bad"]["failures"] == 1
    assert heartbeat["jobs"]["bad"]["last_error"].startswith("DataError at test_work.py:")
    assert heartbeat["jobs"]["good"] | {"last_ok_at": 0} == {
        "runs": 1,
        "failures": 0,
        "last_ok_at": 0,
        "last_error": "",
        "running_since": None,
    }


def test_a_job_that_hangs_or_breaks_delays_no_other_and_all_stop_in_time(tmp_path: Path) -> None:
    hanging, done = threading.Event(), []
    worker = Worker(
        [
            Job("hangs", 0.01, lambda: hanging.wait(30)),
            Job("breaks", 0.01, lambda: 1 / 0, rest_at_most_seconds=0.02),
            Job("works", 0.01, lambda: done.append(1)),
        ],
        run_dir=tmp_path,
    )
    ended: list[list[str]] = []
    thread = threading.Thread(target=lambda: ended.append(worker.run()))
    thread.start()
    until = time.monotonic() + 10
    while (len(done) < 5 or worker.jobs[1].failures < 5) and time.monotonic() < until:
        time.sleep(0.01)
    began = time.monotonic()
    worker.stop.set()
    thread.join(5)
    assert time.monotonic() - began < 2
    assert ended == [["hangs"]]
    assert len(done) >= 5
    hanging.set()


def test_rest_grows_with_jitter_up_to_its_limit() -> None:
    job = Job("door", 2, broken, rest_at_most_seconds=8)
    for failures, longest in ((1, 2), (2, 4), (3, 8), (50, 8)):
        job.failures_in_a_row = failures
        rests = [job.rest_seconds() for _ in range(300)]
        assert 0.1 <= min(rests) < longest / 4
        assert longest * 0.75 < max(rests) <= longest


def test_what_broke_is_told_without_the_text_of_strangers() -> None:
    assert describe(NotYours()).startswith("not_found: There is nothing here for you")
    assert "Naïka" not in describe(DataError("Naïka"))


def test_a_heartbeat_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert read_heartbeat(tmp_path) is None
    for text in ("{", "[]"):
        (tmp_path / HEARTBEAT).write_text(text)
        assert read_heartbeat(tmp_path) is None
    Worker([], run_dir=tmp_path / "new").beat()
    assert json.loads((tmp_path / "new" / HEARTBEAT).read_text())["jobs"] == {}


def test_there_is_one_drain_per_door_and_every_job_has_its_own_name(db: None) -> None:
    from django.conf import settings

    found = [job.name for job in jobs.all_jobs(settings.SCHOOLDAY)]
    doors = ["drain:d1", "drain:d2", "reconcile:d1", "reconcile:d2"]
    ways = ("mail", "sms", "voice", "push", "feeds", "webhooks")
    notices = ["notices", "notices:forget", *(f"notices:{way}" for way in ways)]
    own = [
        "close",
        "close-again",
        "plan",
        "cards",
        "detours",
        "links",
        "packets",
        "help",
        "readiness",
        "sweep",
        "class-book",
        "recordings",
        "queue",
    ]
    assert found == [*doors, *own, *notices]


def test_the_plan_is_looked_at_when_the_day_or_what_people_did_has_changed(cast: Cast) -> None:
    seen = jobs.PublishWhenChanged.seen
    with clock.at(BELL):
        morning = seen()
        audit.record(cast.principal, "register.mark", "meeting", "m")
        audit.record(None, "register.export", "org", "o")
        audit.record(cast.guardian, "consent.say", "person", cast.student.id)
    with clock.at(AFTER):
        assert seen() == morning
        audit.record(cast.operator, "roster.import", "import_run", "r")
        imported = seen()
        assert imported != morning
    with clock.at(BELL.replace(hour=22, minute=1)):  # 18:01 in New York
        evening = seen()
        assert evening != imported
    with clock.at(BELL.replace(day=2, hour=4, minute=1)):  # midnight there
        assert seen() != evening


def test_the_plan_is_published_once_for_one_state(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[int] = []

    class Release:
        version, meetings = 1, 2

    def publish() -> Release:
        published.append(1)
        if len(published) == 1:
            raise OSError("disk full")
        return Release()

    monkeypatch.setattr(jobs, "publish_plan", publish)
    run = jobs.PublishWhenChanged()
    with clock.at(DURING):
        with pytest.raises(OSError, match="disk full"):
            run()
        assert run() == {"version": 1, "meetings": 2}  # tried again, for it had failed
        assert run() is None
    assert len(published) == 2


def test_sweeping_leaves_what_is_young(db: None) -> None:
    for age_days in (1, 89, 91):
        RefusedEvidence.objects.create(
            door="d1", reason="", body="", at=clock.now() - jobs.REFUSED_KEPT * (age_days / 90)
        )
    assert jobs.sweep() == {"refused": 1, "jobs": 0}
    assert jobs.sweep() is None


RAN: list[int] = []


@task()
def note(number: int) -> None:
    RAN.append(number)


@pytest.mark.django_db(transaction=True)
def test_waiting_jobs_are_run() -> None:
    RAN.clear()
    for number in (1, 2, 3):
        note.enqueue(number)
    assert queue.run_waiting() == {"done": 3, "revived": 0}
    assert sorted(RAN) == [1, 2, 3]
    assert queue.run_waiting() is None


def left_behind(worker: str, tries: int = 1) -> "DBTaskResult[[int], None]":
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        args_kwargs={"args": [7], "kwargs": {}},
        task_path=f"{__name__}.note",
        backend_name="default",
        run_after=clock.now(),
        started_at=clock.now(),
        worker_ids=[worker] * tries,
        exception_class_path="",
        traceback="",
    )


def dead_pid() -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return pid


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_dead_worker_is_run_again_but_not_for_ever() -> None:
    RAN.clear()
    host = queue.worker_id().rpartition(":")[0]
    dead = f"{host}:{dead_pid()}"
    again, given_up = left_behind(dead), left_behind(dead, tries=queue.TRIES)
    alive, elsewhere = left_behind(queue.worker_id()), left_behind(f"other{host}:1")
    assert queue.run_waiting() == {"done": 1, "revived": 2}
    assert RAN == [7]
    status = dict(DBTaskResult.objects.values_list("id", "status"))
    assert status[again.id] == TaskResultStatus.SUCCESSFUL
    assert status[given_up.id] == TaskResultStatus.FAILED
    assert status[alive.id] == status[elsewhere.id] == TaskResultStatus.RUNNING
