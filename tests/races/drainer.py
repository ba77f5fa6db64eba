"""`python -m tests.races.drainer`: the office's drain and nothing else of the worker, until it is killed."""

import time

from schoolday.office import boot

boot.boot()

from django.conf import settings  # noqa: E402  # Django first
from django.db import OperationalError  # noqa: E402

from schoolday.office.attendance.drain import drain_door  # noqa: E402
from schoolday.office.attendance.spools import DoorClient, DoorTrouble  # noqa: E402


def main() -> None:
    clients = [DoorClient(door, url) for door, url in settings.SCHOOLDAY.doors_drain.items()]
    while True:
        for client in clients:
            try:
                drain_door(client)
            except (DoorTrouble, OperationalError):
                continue  # dead, or the other drainer holds SQLite's one lock; the worker rests and tries again too
        time.sleep(0.05)


if __name__ == "__main__":
    main()
