"""POST /remove at real doors: who is taken out stays out, over restarts and at every door, until she is let back."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from schoolday.contracts import plan
from schoolday.lib import clock, ids
from tests.door.district import District, Section, Someone
from tests.door.process import Door, day


def ask(
    door: Door,
    who: str | None,
    sub: str,
    *,
    section: Section | None = None,
    meeting: str = "now",
    event: str = "",
    back: bool = False,
    later_ms: int = 0,
) -> httpx.Response:
    section = section or door.district.section
    body = {
        "meeting": section.meetings[meeting].id,
        "section": section.id,
        "sub": sub,
        "event": event or ids.new_event_id(),
        "sent_at": clock.now_ms() + later_ms,
        "back": back,
    }
    return door.http.post("/remove", json=body, headers=day(who))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json().get("code", ""))


def enters(door: Door, one: Someone, *, meeting: str = "now") -> bool:
    """By her pass and by her session: both, or neither."""
    answers = [door.first_join(one, door.district.section, meeting=meeting)]
    answers.append(door.join(door.district.section, meeting=meeting, session=door.session(one)))
    if all(answer.status_code == 200 for answer in answers):
        return True
    assert [code(answer) for answer in answers] == [(403, "removed")] * 2
    return False


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Door, Door]]:
    """Two doors of one district."""
    district = District(tmp_path / "plan")
    district.publish()
    doors = Door(district, tmp_path / "one"), Door(district, tmp_path / "two", door="d2")
    for door in doors:
        door.wait()
    yield doors
    for door in doors:
        assert door.stop() == 0
        assert "Traceback" not in door.log()


def test_removed_is_out_of_this_meeting_alone_and_back_when_let_in(own: Door) -> None:
    student, twin = own.district.student, own.district.twin
    teacher, event = own.session(own.district.teacher), ids.new_event_id()
    assert enters(own, student)
    for _ in range(2):
        answer = ask(own, teacher, student.sub, event=event)
        assert answer.json() == {"kept": [event], "confirmed": False, "refused": {}}
    assert not enters(own, student)
    assert enters(own, student, meeting="later")
    assert enters(own, twin)
    back = ids.new_event_id()
    assert ask(own, teacher, student.sub, event=back, back=True).status_code == 200
    assert enters(own, student)
    told = [one for one in own.drained() if one["kind"] in ("removed", "let_back")]
    meeting = own.district.section.meetings["now"].id
    expected = [(event, "removed"), (back, "let_back")]
    assert [(one["id"], one["kind"]) for one in told] == expected
    assert {(one["sub"], one["meeting"], one["by"]) for one in told} == {
        (student.sub, meeting, own.district.teacher.sub)
    }


def test_a_killed_door_remembers(own: Door) -> None:
    student, twin = own.district.student, own.district.twin
    teacher = own.session(own.district.teacher)
    for one in (student, twin):
        assert ask(own, teacher, one.sub).status_code == 200
    assert ask(own, teacher, twin.sub, back=True).status_code == 200
    for _ in range(2):
        own.kill()
        own.start()
        own.wait()
        assert not enters(own, student)
        assert enters(own, twin)


def test_an_old_word_that_comes_late_changes_nothing(two: tuple[Door, Door]) -> None:
    """The second door hears of the removal only after the child was let back: by a line that was slow."""
    first, second = two
    student, teacher = first.district.student, first.session(first.district.teacher)
    removed, back = ids.new_event_id(), ids.new_event_id()
    assert ask(first, teacher, student.sub, event=removed).status_code == 200
    assert not enters(first, student)
    assert enters(second, student)  # doors do not ask each other: the device tells each
    for door in two:
        assert ask(door, teacher, student.sub, event=back, back=True).status_code == 200
    for door in two:
        assert ask(door, teacher, student.sub, event=removed, later_ms=5_000).status_code == 200
        assert enters(door, student)
        door.kill()
        door.start()
        door.wait()
        assert enters(door, student)


def test_two_teachers_whose_clocks_differ(own: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one's clock is an hour behind; hers is the later word all the same."""
    student = own.district.student
    teacher, duty = own.session(own.district.teacher), own.session(own.district.duty)
    assert ask(own, teacher, student.sub).status_code == 200
    now_ms = clock.now_ms()
    behind = f"{now_ms - 3_600_000:012x}"
    event = f"{behind[:8]}-{behind[8:]}-7000-8000-000000000001"
    assert ask(own, duty, student.sub, event=event, back=True, later_ms=-3_600_000).status_code == 200
    assert enters(own, student)


def test_only_a_grown_up_of_the_class_and_only_its_students(door: Door, district: District) -> None:
    student = district.student
    for outsider in (
        district.student,
        district.twin,
        district.other_student,
        district.other_teacher,
        district.other_duty,
    ):
        for back in (False, True):
            answer = ask(door, door.session(outsider), student.sub, back=back)
            assert code(answer) == (403, "not_your_class"), outsider.kind
    assert code(ask(door, None, student.sub)) == (401, "session_over")
    assert code(ask(door, "ds1.20261121.x.y", student.sub)) == (401, "session_over")
    teacher = door.session(district.teacher)
    for sub in (district.other_student.sub, district.teacher.sub, district.duty.sub, ids.new_id(), "", "x" * 400):
        assert code(ask(door, teacher, sub)) == (403, "not_your_class")
    assert code(ask(door, teacher, student.sub, section=district.other_section)) == (403, "not_your_class")
    for meeting in ("later", "over"):
        assert code(ask(door, teacher, student.sub, meeting=meeting)) == (404, "unknown_meeting")
    assert not [one for one in door.drained() if one["kind"] in ("removed", "let_back")]
    assert enters(door, student)


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b'{"meeting":1}', b"\xff\xfe", b'{"event":"x"' * 400])
def test_garbage_is_refused(door: Door, district: District, body: bytes) -> None:
    answer = door.http.post("/remove", content=body, headers=day(door.session(district.teacher)))
    assert answer.status_code in (400, 413)
    assert code(ask(door, door.session(district.teacher), district.student.sub, event="x")) == (400, "bad_request")


def test_a_device_cannot_bring_it_as_evidence(door: Door, district: District) -> None:
    """Else a child would let herself back in, or take another out, by an upload."""
    meeting = district.section.meetings["now"].id
    for who in (district.student, district.teacher):
        for kind in ("removed", "let_back"):
            event = {"id": ids.new_event_id(), "kind": kind, "sub": who.sub, "meeting": meeting}
            upload = {"sent_at": clock.now_ms(), "events": [event]}
            answer = door.http.post("/evidence", json=upload, headers=day(door.session(who)))
            assert list(answer.json()["refused"].values()) == ["not_at_a_door"]


def test_a_door_that_heard_nothing_goes_by_the_plan_and_its_own_word_is_newer(own: Door) -> None:
    district = own.district
    student, teacher = district.student, own.session(district.teacher)
    out = ((student.sub, district.section.meetings["now"].id),)
    own.wait_for_plan(district.publish(deny=plan.Deny(out=out)))
    assert not enters(own, student)
    assert enters(own, student, meeting="later")
    assert ask(own, teacher, student.sub, back=True).status_code == 200
    assert enters(own, student)
