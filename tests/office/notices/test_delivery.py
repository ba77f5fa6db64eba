"""What a restart makes of what a killed worker left: journal, claims, leases; pace and breaker by themselves."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schoolday.lib import clock
from schoolday.office.notices.channels.channel import SENT, Outcome
from schoolday.office.notices.delivery import claims
from schoolday.office.notices.delivery.breaker import FAILURES, Breaker
from schoolday.office.notices.delivery.journal import Journal
from schoolday.office.notices.delivery.pace import Pace
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.models import Delivery, Notice
from tests.cast import Cast
from tests.office.notices.mail_server import Mailbox, mail_server
from tests.office.notices.sending import mail_settings, many_guardians, moved, runner, states

State = Delivery.State


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    one = Journal(tmp_path, "mail")
    assert one.hold()
    yield one
    one.release()


class TestJournal:
    def test_channels_that_begin_at_once_are_one_holder(self, tmp_path: Path) -> None:
        journals = [Journal(tmp_path / "at-once", f"c{n}") for n in range(16)]
        together = threading.Barrier(len(journals))

        def begin(one: Journal) -> bool:
            together.wait()
            return one.hold()

        with ThreadPoolExecutor(len(journals)) as pool:
            assert all(pool.map(begin, journals))
        assert len({one.holder for one in journals}) == 1
        assert (tmp_path / "at-once" / "holder").read_text() == journals[0].holder
        for one in journals:
            one.release()

    def test_it_tells_what_was_begun_and_what_came_of_it(self, journal: Journal, tmp_path: Path) -> None:
        journal.intend(1, "a")
        journal.record(1, "a", SENT)
        journal.intend(2, "a")
        assert journal.read() == {(1, "a"): SENT, (2, "a"): None}
        journal.empty()
        assert journal.read() == {}

    def test_an_outcome_with_blanks_and_letters_is_read_again(self, journal: Journal) -> None:
        outcome = Outcome("later", "smtp_451 é  x", "SM 1", 2.5)
        journal.record(7, "b", outcome)
        assert journal.read() == {(7, "b"): outcome}

    @pytest.mark.parametrize("cut", range(1, 60, 7))
    def test_a_torn_last_line_is_none(self, journal: Journal, tmp_path: Path, cut: int) -> None:
        journal.intend(1, "a")
        whole = (tmp_path / "mail.journal").stat().st_size
        journal.record(1, "a", Outcome("sent", "", "SM1234567890"))
        size = max(whole, (tmp_path / "mail.journal").stat().st_size - cut)
        os.truncate(tmp_path / "mail.journal", size)
        assert journal.read() == {(1, "a"): None}

    def test_noise_is_passed_over(self, journal: Journal, tmp_path: Path) -> None:
        with (tmp_path / "mail.journal").open("ab") as file:
            file.write(b"\xff\xfe\nI x y\nO 3 c nonsense\n\nI 4 d\n")
        assert journal.read() == {(4, "d"): None}

    def test_one_holder_at_a_time_and_a_home_keeps_its_name(self, journal: Journal, tmp_path: Path) -> None:
        second = Journal(tmp_path, "mail")
        assert not second.hold()
        name = journal.holder
        journal.release()
        assert second.hold()
        assert second.holder == name
        second.release()
        other = Journal(tmp_path, "sms")
        assert other.hold()
        assert other.holder == name
        other.release()


@pytest.mark.django_db(transaction=True)
class TestRestart:
    @pytest.fixture
    def claimed(self, cast: Cast, settings: Any, tmp_path: Path) -> Iterator[tuple[Mailbox, Notice, list[Delivery]]]:
        """Four rows that a worker of this home held when it was killed: not begun, begun, sent, refused."""
        many_guardians(cast.school, 4)
        with mail_server() as box:
            mail_settings(settings, port=box.port)
            notice = moved(cast)
            prepare_waiting()
            journal = Journal(tmp_path, "mail")
            assert journal.hold()
            rows = claims.claim("mail", holder=journal.holder, limit=10)
            _untouched, begun, sent, refused = rows
            journal.intend(begun.pk, begun.attempt_id)
            journal.intend(sent.pk, sent.attempt_id)
            journal.record(sent.pk, sent.attempt_id, SENT)
            journal.intend(refused.pk, refused.attempt_id)
            journal.record(refused.pk, refused.attempt_id, Outcome("never", "smtp_550"))
            journal.release()
            yield box, notice, rows

    def test_each_row_becomes_what_the_journal_says(
        self, claimed: tuple[Mailbox, Notice, list[Delivery]], tmp_path: Path
    ) -> None:
        box, _notice, rows = claimed
        with runner("mail", tmp_path) as one:
            one()
        found = [Delivery.objects.get(pk=row.pk) for row in rows]
        assert [row.state for row in found] == [State.SENT, State.UNKNOWN, State.SENT, State.UNDELIVERABLE]
        assert [row.reason for row in found] == ["", "killed", "", "smtp_550"]
        assert len(box.to) == 1, "only what had not left"

    def test_in_an_emergency_what_may_have_left_goes_again_once(
        self, claimed: tuple[Mailbox, Notice, list[Delivery]], tmp_path: Path
    ) -> None:
        box, notice, rows = claimed
        Notice.objects.filter(id=notice.id).update(level="emergency")
        with runner("mail", tmp_path) as one:
            one()
        assert Delivery.objects.get(pk=rows[1].pk).state == State.QUEUED
        with clock.at(clock.now() + timedelta(minutes=2)), runner("mail", tmp_path) as one:
            one()
        assert states(notice, "mail") == {State.SENT: 3, State.UNDELIVERABLE: 1}
        assert len(box.to) == 2

    def test_killed_again_while_it_looks_nothing_changes(
        self, claimed: tuple[Mailbox, Notice, list[Delivery]], tmp_path: Path
    ) -> None:
        box, notice, _rows = claimed
        kept = (tmp_path / "mail.journal").read_bytes()
        with runner("mail", tmp_path) as one:
            assert one.journal.hold()
            one.recover()
        # The journal as it was before it could be emptied: its rows have their end, or were taken anew since.
        (tmp_path / "mail.journal").write_bytes(kept)
        with runner("mail", tmp_path) as one:
            one()
        assert states(notice, "mail") == {State.SENT: 2, State.UNKNOWN: 1, State.UNDELIVERABLE: 1}
        assert len(box.to) == 1

    def test_another_home_waits_for_the_lease_and_then_knows_nothing(
        self, claimed: tuple[Mailbox, Notice, list[Delivery]], tmp_path: Path
    ) -> None:
        box, notice, _rows = claimed
        with runner("mail", tmp_path / "other") as one:
            one()
            assert states(notice, "mail") == {State.SENDING: 4}
            with clock.at(clock.now() + claims.LEASE + timedelta(seconds=1)):
                one()
        assert states(notice, "mail") == {State.UNKNOWN: 4}
        assert not box.to


class TestBreaker:
    def test_it_opens_after_some_failures_in_a_row_and_lets_one_try(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = [1000.0]
        monkeypatch.setattr(time, "monotonic", lambda: now[0])
        one = Breaker()
        for _ in range(FAILURES - 1):
            one.failed("no_line")
        one.went_well()
        assert one.lets_through()
        for _ in range(FAILURES + 3):  # hands that were on their way make it no worse
            one.failed("no_line")
        assert one.is_open
        assert one.rest_seconds() == 2
        assert not one.lets_through()
        rests = []
        for _ in range(7):
            now[0] += one.rest_seconds()
            assert one.lets_through()
            assert not one.lets_through(), "one only"
            one.failed("no_line")
            rests.append(one.rest_seconds())
        assert rests == [4, 8, 16, 32, 60, 60, 60]
        now[0] += 60
        assert one.lets_through()
        one.went_well()
        assert one.rest_seconds() == 0


class TestPace:
    def test_places_are_a_rate_apart(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = [50.0]
        monkeypatch.setattr(time, "monotonic", lambda: now[0])
        pace = Pace(10)
        waits = [round(pace.reserve(), 3) for _ in range(5)]
        assert waits == [0, 0, 0.1, 0.2, 0.3]
        assert pace.free_within(1.0) in (5, 6)  # as floats have it
        now[0] += 100
        assert pace.reserve() == 0
        pace.rest(5)
        assert pace.reserve() == 5
        assert pace.free_within(1.0) == 0

    def test_no_rate_is_no_wait(self) -> None:
        pace = Pace(0)
        assert [pace.reserve() for _ in range(3)] == [0, 0, 0]
        assert pace.free_within(1) > 1000
