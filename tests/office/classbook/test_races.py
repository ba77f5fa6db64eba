"""Two grown-ups' devices bring the same notes at the same instant."""

import threading
from typing import Any

import pytest
from django.db import connection

from schoolday.lib import clock
from schoolday.office.classbook.models import Note, PrivateNotes
from tests.cast import make_cast
from tests.office.attendance.day import DURING, meet
from tests.office.classbook.lesson import client_of, note, send


def at_once(*acts: Any) -> None:
    """
    Run these at the same instant, each in a thread and a connection of its own; on SQLite in memory, which threads
    cannot share, one after the other.
    """
    if connection.vendor == "sqlite":
        for act in acts:
            act()
        return
    ready = threading.Barrier(len(acts))
    failed: list[BaseException] = []

    def run(act: Any) -> None:
        try:
            ready.wait(timeout=20)
            act()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failed


@pytest.mark.django_db(transaction=True)
def test_concurrent_senders_make_one_row_of_each() -> None:
    cast = make_cast()
    meeting = meet(cast.section)
    notes = [note("chat", f"c{n}", cast.student.id, 5, text=str(n)) for n in range(100)]
    kept: list[list[str]] = []

    def sends(who: Any, order: list[Any]) -> Any:
        client = client_of(who)

        def act() -> None:
            with clock.at(DURING):
                for start in range(0, 100, 20):
                    kept.append(send(client, meeting, *order[start : start + 20]).json()["kept"])

        return act

    at_once(sends(cast.teacher, notes), sends(cast.principal, notes[::-1]), sends(cast.operator, notes))
    assert Note.objects.count() == 100
    assert sum(map(len, kept)) == 300, "everybody is told that they are safe"


@pytest.mark.django_db(transaction=True)
def test_two_windows_save_at_once_and_one_is_told() -> None:
    cast = make_cast()
    meeting = meet(cast.section)
    seen: list[int] = []

    def saves(text: str) -> Any:
        client = client_of(cast.teacher)

        def act() -> None:
            body = {"text": text, "version": 0}
            path = f"/api/classbook/notes/{meeting.id}"
            seen.append(client.put(path, body, content_type="application/json").status_code)

        return act

    at_once(saves("one"), saves("two"))
    assert sorted(seen) == [200, 409]
    assert PrivateNotes.objects.get().version == 1
