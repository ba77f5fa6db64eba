"""The worker's meetings at a BigBlueButton server that checks what it is asked."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings

from schoolday.contracts import plan
from schoolday.lib import clock
from schoolday.live import bbb
from schoolday.office.pathways.ways import bigbluebutton, jobs
from schoolday.office.pathways.ways.bigbluebutton import BbbRefused, KeepMeetings, read_answer
from schoolday.office.pathways.ways.lists import set_alternates
from schoolday.office.signin.models import SectionTurn
from schoolday.office.timetable.actions import compute_meetings
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast
from tests.live.bbb_server import BbbServer
from tests.office.pathways.settings_for import with_settings

pytestmark = pytest.mark.django_db
SECRET, CELL = "shared", bytes(32)
BELL = datetime(2026, 9, 14, 12, 30, tzinfo=UTC)  # 8:30 in New York
OURS = plan.Alternate(kind="bbb", url="bbb:")


@pytest.fixture
def server() -> Iterator[BbbServer]:
    server = BbbServer(SECRET)
    yield server
    server.close()


@pytest.fixture
def keep(server: BbbServer) -> KeepMeetings:
    return KeepMeetings(bbb.BbbServer(url=f"{server.url}/api", secret=SECRET), cell_secret=CELL)


@pytest.fixture
def math(belled: Cast) -> Meeting:
    """The first sitting of Math 7 today; science in the other school is at the same hour, without BigBlueButton."""
    for school in (belled.school, belled.other_school):
        compute_meetings(school, date(2026, 9, 14))
    set_alternates(belled.section, [OURS], actor=None)
    return Meeting.objects.get(section=belled.section)


def name_of(meeting: Meeting, *, turn: int = 0) -> str:
    return bbb.meeting_id(meeting.id, cell_secret=CELL, day="20260914", turn=turn)


def test_made_a_quarter_of_an_hour_before_the_bell_and_only_once(
    math: Meeting, keep: KeepMeetings, server: BbbServer
) -> None:
    with clock.at(BELL - timedelta(minutes=16)):
        assert keep() is None
    with clock.at(BELL - timedelta(minutes=14)):
        assert keep() == {"meetings": 1}
        assert keep() is None
    assert list(server.meetings) == [name_of(math)]
    assert server.meetings[name_of(math)]["name"] == "Math 7"
    with clock.at(BELL + timedelta(hours=2)):
        assert keep() is None, "over"
    assert server.calls == ["create"]


def test_a_class_that_is_moved_in_the_middle_has_it_at_once(
    math: Meeting, belled: Cast, keep: KeepMeetings, server: BbbServer
) -> None:
    with clock.at(BELL + timedelta(minutes=10)):
        keep()
        set_alternates(belled.other_section, [OURS], actor=None)
        assert keep() == {"meetings": 1}
    assert len(server.meetings) == 2


def test_a_worker_that_starts_anew_changes_nothing(math: Meeting, keep: KeepMeetings, server: BbbServer) -> None:
    with clock.at(BELL):
        keep()
    with clock.at(BELL + timedelta(minutes=5)):
        again = KeepMeetings(bbb.BbbServer(url=f"{server.url}/api", secret=SECRET), cell_secret=CELL)
        assert again() == {"meetings": 1}
    assert len(server.meetings) == 1, "the same parameters, so it is the same meeting"


def test_a_server_that_has_forgotten_is_told_again(
    math: Meeting, keep: KeepMeetings, server: BbbServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bigbluebutton, "_AGAIN_SECONDS", 0.0)
    with clock.at(BELL):
        keep()
        server.meetings.clear()
        assert keep() == {"meetings": 1}
    assert list(server.meetings) == [name_of(math)]


def test_who_was_taken_out_knows_a_meeting_that_has_ended(
    math: Meeting, belled: Cast, keep: KeepMeetings, server: BbbServer
) -> None:
    with clock.at(BELL):
        keep()
        SectionTurn.objects.create(section=belled.section, turn=1)
        assert keep() == {"meetings": 1}
    assert list(server.meetings) == [name_of(math, turn=1)]
    assert server.calls == ["create", "create", "end"]


def test_a_turn_before_the_first_round_is_no_error(
    math: Meeting, belled: Cast, keep: KeepMeetings, server: BbbServer
) -> None:
    SectionTurn.objects.create(section=belled.section, turn=3)
    with clock.at(BELL):
        assert keep() == {"meetings": 1}
    assert list(server.meetings) == [name_of(math, turn=3)]


@pytest.mark.parametrize("trouble", ["checksumError", "maxParticipantsReached"])
def test_a_refusal_is_said_and_tried_again(math: Meeting, keep: KeepMeetings, server: BbbServer, trouble: str) -> None:
    server.refuses = trouble
    with clock.at(BELL):
        with pytest.raises(BbbRefused, match=f"made 0 of 1 meetings: {trouble}"):
            keep()
        server.refuses = ""
        assert keep() == {"meetings": 1}


def test_a_dead_server_and_one_that_lies(math: Meeting, keep: KeepMeetings, server: BbbServer) -> None:
    with clock.at(BELL):
        for body in (
            b"<html>Welcome to this hotel's network</html>",
            b"not xml",
            b"<!DOCTYPE x [<!ENTITY a 'b'>]><response/>",
        ):
            server.body = body
            with pytest.raises(BbbRefused, match="unreadable"):
                keep()
        server.close()
        with pytest.raises(BbbRefused, match="ConnectError"):
            keep()


def test_another_secret_is_refused_by_the_server(math: Meeting, server: BbbServer) -> None:
    wrong = KeepMeetings(bbb.BbbServer(url=f"{server.url}/api", secret="wrong"), cell_secret=CELL)
    with clock.at(BELL), pytest.raises(BbbRefused, match="checksumError"):
        wrong()
    assert server.meetings == {}


def test_only_words_of_a_refusal_reach_the_log() -> None:
    body = b"<response><returncode>FAILED</returncode><messageKey>no\n<b/>way</messageKey></response>"
    assert read_answer(body) == "no"
    assert read_answer(b"<response><returncode>FAILED</returncode></response>") == "unreadable"
    assert read_answer(b"<response><returncode>SUCCESS</returncode></response>") == ""


def test_the_worker_has_this_round_only_with_a_server(db: None) -> None:
    assert sorted(jobs.all_rounds(settings.SCHOOLDAY)) == ["links", "packets"]
    with with_settings(BBB_URL="https://bbb.bay.example/bigbluebutton", BBB_SECRET="s") as changed:
        assert sorted(jobs.all_rounds(changed)) == ["bbb", "links", "packets"]


def test_two_queries_for_any_number(math: Meeting, belled: Cast, keep: KeepMeetings) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with clock.at(BELL):
        with CaptureQueriesContext(connection) as captured:
            assert len(keep.due()) == 1
        before = len(captured)
        set_alternates(belled.other_section, [OURS], actor=None)
        with CaptureQueriesContext(connection) as captured:
            assert len(keep.due()) == 2
    assert len(captured) == before == 2
