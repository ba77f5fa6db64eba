import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from schoolday.lib import clock
from schoolday.office.classbook import taking
from schoolday.office.classbook.models import Note
from schoolday.office.pathways.duty import put_on_duty
from tests.cast import Cast, make_person
from tests.office.attendance.day import BELL, DURING, END, meet, queries_of
from tests.office.attendance.test_api import session_of
from tests.office.classbook.lesson import client_of, note, send


def test_what_a_device_noted_is_kept_once(cast: Cast) -> None:
    meeting = meet(cast.section)
    teacher = client_of(cast.teacher)
    first = note("chat", "chat:1", cast.student.id, 5, text="Bonjou")
    with clock.at(DURING):
        assert send(teacher, meeting, first).json() == {"kept": ["chat:1"], "refused": {}}
        again = send(teacher, meeting, note("chat", "chat:1", cast.student.id, 6, text="something else"))
    assert again.json()["kept"] == ["chat:1"]
    row = Note.objects.get()
    assert (row.body, row.person_id, row.by_id) == ({"text": "Bonjou"}, cast.student.id, cast.teacher.id)
    assert row.at == BELL + timedelta(minutes=5)
    assert (row.section_id, row.meeting_id, row.on) == (cast.section.id, meeting.id, meeting.on)


def test_of_a_poll_the_newest_word_counts_whatever_comes_first(cast: Cast) -> None:
    meeting = meet(cast.section)
    client = client_of(cast.teacher)
    with clock.at(DURING):
        send(client, meeting, note("poll", "p", "", 5, count=0))
        send(client, meeting, note("poll", "p", "", 9, count=2), note("poll", "p", "", 8, count=1))
        send(client, meeting, note("poll", "p", "", 5, count=0))
    assert Note.objects.get().body == {"count": 2}


def test_one_broken_note_is_refused_alone_and_says_why(cast: Cast) -> None:
    meeting = meet(cast.section)
    broken: list[tuple[str, Any]] = [
        ("secret_wish", note("secret_wish", "k1")),
        ("body is longer", note("chat", "k2", text="x" * 20_000)),
        ("zero byte", note("chat", "k3", text="a\0b")),
        ("sub is longer", note("chat", "k4", "s" * 13)),
        ("key has 1 to", note("chat", "k" * 161)),
        ("Expected `int`", note("chat", "k6") | {"at": "now"}),
    ]
    with clock.at(DURING):
        answer = send(client_of(cast.teacher), meeting, note("hand", "good"), *(one for _, one in broken)).json()
    assert answer["kept"] == ["good"]
    assert len(answer["refused"]) == len(broken)
    for why, one in broken:
        assert why in answer["refused"][one["key"][:160]]


def test_a_device_whose_clock_is_wrong_tells_the_right_minute(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        now = clock.now_ms()
        three_minutes_ago_by_a_clock_two_days_ahead = note("hand", "h1") | {"at": now + 172_800_000 - 180_000}
        body = {
            "meeting": meeting.id,
            "section": cast.section.id,
            "sent_at": now + 172_800_000,
            "notes": [three_minutes_ago_by_a_clock_two_days_ahead, note("hand", "h2") | {"at": 5}],
        }
        client = client_of(cast.teacher)
        client.post("/api/classbook/notes", json.dumps(body), content_type="application/json")
    off = abs(Note.objects.get(key="h1").at - (DURING - timedelta(minutes=3)))
    assert off < timedelta(seconds=5)
    assert Note.objects.get(key="h2").at == BELL  # no time of ours: kept, at the nearest end of the meeting


@pytest.mark.parametrize("who", ["teacher", "principal", "operator"])
def test_the_classs_grown_ups_and_its_school_write(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        assert send(client_of(getattr(cast, who)), meeting, note()).status_code == 200
    assert Note.objects.get().by_id == getattr(cast, who).id


def test_whoever_has_duty_writes_too(cast: Cast) -> None:
    meeting = meet(cast.section)
    on_duty = make_person("d.uty", "Dee", "Uty", "teacher", cast.school)
    with clock.at(DURING):
        assert send(client_of(on_duty), meeting, note()).status_code == 404
        put_on_duty(cast.school, on_duty.id, actor=cast.principal)
        assert send(client_of(on_duty), meeting, note()).status_code == 200


@pytest.mark.parametrize(
    "who", ["student", "twin", "other_student", "other_teacher", "guardian", "other_guardian", "other_principal"]
)
def test_nobody_else_writes_into_the_book(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        assert send(client_of(getattr(cast, who)), meeting, note()).status_code == 404
    assert not Note.objects.exists()


def test_a_meeting_of_another_section_takes_nothing(cast: Cast) -> None:
    meeting = meet(cast.other_section)
    with clock.at(DURING):
        mine = send(client_of(cast.teacher), meeting, note(), section=cast.section.id)
        theirs = send(client_of(cast.operator), meeting, note(), section=cast.section.id)
    assert (mine.status_code, theirs.status_code) == (404, 404)
    assert not Note.objects.exists()


def test_a_stranger_writes_nothing(cast: Cast) -> None:
    assert send(Client(), meet(cast.section), note()).status_code == 401


def test_a_cookie_needs_the_csrf_token_and_a_day_session_does_not(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(DURING):
        assert send(client_of(cast.teacher, strict=True), meeting, note()).status_code == 403
        headers = {"Authorization": f"Day {session_of(cast.teacher, kind='teacher')}"}
        assert send(Client(enforce_csrf_checks=True), meeting, note(), headers=headers).status_code == 200


def test_two_hundred_at_a_time_and_no_more(cast: Cast) -> None:
    meeting = meet(cast.section)
    client = client_of(cast.teacher)
    with clock.at(DURING):
        assert send(client, meeting, *(note("hand", f"h{n}") for n in range(201))).status_code == 400
        one = queries_of(lambda: send(client, meeting, note("hand", "x")))
        # SQLite takes 999 values in one statement, so 200 rows are two of them in a transaction of their own.
        assert queries_of(lambda: send(client, meeting, *(note("hand", f"h{n}") for n in range(200)))) <= one + 3
    assert Note.objects.count() == 201


def test_a_book_that_is_full_says_so_and_still_knows_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "MEETING_AT_MOST_NOTES", 2)
    meeting = meet(cast.section)
    client = client_of(cast.teacher)
    with clock.at(DURING):
        send(client, meeting, note("hand", "a"), note("hand", "b"))
        answer = send(client, meeting, note("hand", "b"), note("hand", "c")).json()
    assert answer == {"kept": ["b"], "refused": {"c": "this meeting's book is full"}}


def words(client: Client, meeting: Any, **body: Any) -> Any:
    path = f"/api/classbook/notes/{meeting.id}"
    return client.put(path, json.dumps(body), content_type="application/json") if body else client.get(path)


def test_a_teachers_own_words_are_hers_alone(cast: Cast) -> None:
    meeting = meet(cast.section)
    teacher, principal = client_of(cast.teacher), client_of(cast.principal)
    assert words(teacher, meeting).json() == {"text": "", "version": 0}
    assert words(teacher, meeting, text="Ask Naïka about the moon.").json()["version"] == 1
    assert words(principal, meeting).json() == {"text": "", "version": 0}
    assert words(principal, meeting, text="Mine.", version=0).json()["version"] == 1
    assert words(teacher, meeting).json() == {"text": "Ask Naïka about the moon.", "version": 1}


def test_two_windows_do_not_overwrite_each_other(cast: Cast) -> None:
    meeting = meet(cast.section)
    client = client_of(cast.teacher)
    words(client, meeting, text="one", version=0)
    late = words(client, meeting, text="two", version=0)
    assert late.status_code == 409
    assert (late.json()["code"], late.json()["theirs"]) == ("changed_elsewhere", {"text": "one", "version": 1})
    assert words(client, meeting, text="one", version=0).status_code == 200  # the answer was lost: no change
    assert words(client, meeting, text="two", version=1).json() == {"text": "two", "version": 2}


@pytest.mark.parametrize("body", [{"text": "x" * 20_001}, {"text": "a\0b"}, {"text": 5}])
def test_words_that_will_not_do(cast: Cast, body: dict[str, Any]) -> None:
    assert words(client_of(cast.teacher), meet(cast.section), **body).status_code == 400


@pytest.mark.parametrize("who", ["student", "guardian", "other_teacher", "other_principal"])
def test_nobody_else_has_words_about_this_meeting(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    assert words(client_of(getattr(cast, who)), meeting).status_code == 404
    assert words(client_of(getattr(cast, who)), meeting, text="hello").status_code == 404


def test_the_days_end_does_not_matter(cast: Cast) -> None:
    """A device that was off for days brings its notes; whoever taught it then may send them still."""
    meeting = meet(cast.section)
    with clock.at(END + timedelta(days=9)):
        assert send(client_of(cast.teacher), meeting, note("hand", "late")).json()["kept"] == ["late"]
    assert Note.objects.get().at == BELL + timedelta(minutes=5)
