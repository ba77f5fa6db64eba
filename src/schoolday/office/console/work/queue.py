"""
Jobs that people start (an import from the office's page): django-tasks keeps them in the database, we run them.

In a thread of the worker and not in a process of their own: one process less to keep up. A long one shares
the worker's processor with the drain, which then takes a little longer; it does not wait for it.
"""

import os
import socket
from datetime import timedelta

import structlog
from django.db import transaction
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from schoolday.lib import clock

log = structlog.get_logger(__name__)
TRIES = 3  # a job that takes the whole worker down with it is not tried for ever
DONE_KEPT = timedelta(days=30)
_AT_ONCE = 20


def run_waiting() -> object:
    """Run the jobs that wait, up to 20 of them; first those that a dead worker left behind."""
    revived = revive()
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=_AT_ONCE,
        worker_id=worker_id(),
    )
    worker.run()
    done: int = worker._run_tasks
    return {"done": done, "revived": revived} if done or revived else None


def worker_id() -> str:
    """Return who we are: host and process."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


@transaction.atomic
def revive() -> int:
    """
    Let jobs wait again whose worker on this machine died in the middle of them; return how many.

    Jobs are transactions: what a dead worker had begun is rolled back. After three tries a job has failed.
    """
    revived = 0
    for task in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        host, _, pid = (task.worker_ids or [""])[-1].rpartition(":")
        if host != socket.gethostname()[:40] or not pid.isdigit() or _is_alive(int(pid)):
            continue
        again = len(task.worker_ids) < TRIES
        status = TaskResultStatus.READY if again else TaskResultStatus.FAILED
        changed = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING).update(
            status=status, finished_at=None if again else clock.now()
        )
        revived += changed
        log.warning("job of a dead worker", task=task.task_path, tries=len(task.worker_ids), again=again)
    return revived


def forget_done() -> int:
    """Drop the results of jobs that were done a month ago."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=clock.now() - DONE_KEPT)
    count, _ = old.delete()
    return count


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
