"""Mail through a real SMTP server: words, languages, refusals, later, slow, dead."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from schoolday.lib import clock
from schoolday.office.notices import actions
from schoolday.office.notices.channels.channel import SENT
from schoolday.office.notices.delivery import claims
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.delivery.runner import Runner
from schoolday.office.notices.models import ChannelState, Delivery
from schoolday.office.people.models import Person
from tests.cast import Cast
from tests.free_ports import free_ports
from tests.office.notices.mail_server import Mailbox, mail_server
from tests.office.notices.sending import (
    give_contacts,
    mail_settings,
    many_guardians,
    moved,
    row,
    runner,
    send_all,
    states,
)

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State


def test_every_guardian_reads_it_in_her_language_and_teachers_are_first(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    give_contacts(cast)
    with mail_server() as box:
        mail_settings(settings, port=box.port)
        notice = moved(cast)
        send_all("mail", "feeds", "webhooks", folder=tmp_path)
    assert set(box.to) == {"teacher@bay.example", "principal@bay.example", "guardian@bay.example"}
    assert box.to[-1] == "guardian@bay.example"
    assert all(count == 1 for count in box.ids.values())
    mail = box.to_one("guardian@bay.example")
    assert mail["Subject"] == "Klas yo chanje plas"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = plain.get_content()
    assert "Kounye a klas yo fèt sou Zoom olye de videyo an dirèk, jiska vandredi 20 novanm, 3:00 PM." in text
    assert "Nou pral gade sa ankò lendi 23 novanm" in text
    assert 'lang="ht"' in html.get_content()
    assert states(notice, "mail") == {State.SENT: 3}
    notice.refresh_from_db()
    assert notice.state == "done"


def test_a_server_that_says_later_is_asked_again_and_nobody_gets_two(cast: Cast, settings: Any, tmp_path: Path) -> None:
    give_contacts(cast)
    box = Mailbox()
    box.answer = lambda to: "451 4.7.1 Greylisted" if box.asked[to] < 3 else None
    with mail_server(box):
        mail_settings(settings, port=box.port)
        notice = moved(cast)
        start = clock.now()
        send_all("mail", folder=tmp_path)
        end = clock.now()
        assert states(notice, "mail") == {State.QUEUED: 3}
        one = row(notice, cast.guardian)
        assert (one.attempts, one.reason) == (1, "smtp_451")
        # Written between start and end, however long that takes: 7.5 to 15 seconds from then.
        assert timedelta(seconds=7.5) <= one.not_before - start
        assert one.not_before - end <= timedelta(seconds=15)
        for minutes in (1, 3):
            with clock.at(start + timedelta(minutes=minutes)):
                send_all("mail", folder=tmp_path)
    assert states(notice, "mail") == {State.SENT: 3}
    assert box.asked["guardian@bay.example"] == 3
    assert sorted(box.ids.values()) == [1, 1, 1]


def test_an_address_that_is_refused_is_undeliverable_and_no_other_waits_for_it(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    give_contacts(cast)
    box = Mailbox(answer=lambda to: "550 5.1.1 No such user" if to.startswith("guardian") else None)
    with mail_server(box):
        mail_settings(settings, port=box.port)
        notice = moved(cast)
        send_all("mail", folder=tmp_path)
    one = row(notice, cast.guardian)
    assert (one.state, one.reason) == (State.UNDELIVERABLE, "smtp_550")
    assert states(notice, "mail") == {State.SENT: 2, State.UNDELIVERABLE: 1}


def test_who_is_asked_for_ever_has_failed_after_eight_times_and_can_be_sent_again(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    give_contacts(cast)
    box = Mailbox(at_data=lambda to: "452 4.2.2 Full" if to.startswith("guardian") else None)
    with mail_server(box):
        mail_settings(settings, port=box.port)
        notice = moved(cast)
        start = clock.now()
        for hour in range(12):
            with clock.at(start + timedelta(hours=hour)):
                send_all("mail", "feeds", "webhooks", folder=tmp_path)
        one = row(notice, cast.guardian)
        assert (one.state, one.attempts, box.asked["guardian@bay.example"]) == (State.FAILED, 8, 8)
        box.at_data = lambda to: None
        with clock.at(start + timedelta(hours=13)):
            assert actions.resend_failed(notice, actor=cast.operator) == 1
            send_all("mail", folder=tmp_path)
    assert row(notice, cast.guardian).state == State.SENT
    assert sorted(box.ids.values()) == [1, 1, 1]


def test_a_dead_server_makes_the_channel_rest_and_costs_no_address_an_attempt(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    give_contacts(cast)
    many_guardians(cast.school, 20)
    mail_settings(settings, port=int(free_ports("PORT")["PORT"]))
    notice = moved(cast)
    prepare_waiting()
    with runner("mail", tmp_path) as one:
        started = time.monotonic()
        one()
        assert time.monotonic() - started < 3
        assert one.breaker.is_open
        assert ChannelState.objects.get(channel="mail").is_resting
        assert one() is None
        waiting = Delivery.objects.filter(notice=notice, channel="mail")
        assert set(waiting.values_list("state", "attempts")) == {(State.QUEUED, 0)}
        with mail_server() as box:
            settings.EMAIL_PORT = box.port
            until = time.monotonic() + 20
            while len(box.to) < 23 and time.monotonic() < until:
                one()
                time.sleep(0.2)
            one()
        assert not ChannelState.objects.get(channel="mail").is_resting
    assert len(box.to) == len(set(box.to)) == 23


def test_a_line_that_breaks_after_the_message_began_is_not_sent_again_but_in_an_emergency(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    give_contacts(cast)
    # Longer than EMAIL_TIMEOUT: the server has the whole mail, and its answer never comes.
    box = Mailbox(slow_seconds=4)
    with mail_server(box):
        mail_settings(settings, port=box.port)
        notice = moved(cast)
        send_all("mail", folder=tmp_path)
        assert states(notice, "mail") == {State.UNKNOWN: 3}
        urgent = moved(cast, sentences=["stay_safe"], facts={})
        prepare_waiting()
        with runner("mail", tmp_path) as one:
            assert one.journal.hold()
            one.round()  # staff
            with clock.at(clock.now() - timedelta(seconds=2)):  # theirs is not due again yet
                one.round()
        again = row(urgent, cast.guardian)
        assert (again.state, again.attempts) == (State.QUEUED, 1)
        with clock.at(clock.now() + timedelta(minutes=1)), runner("mail", tmp_path) as one:
            one()
        assert row(urgent, cast.guardian).state == State.UNKNOWN
    letters = [mail for mail in box.mails if mail["To"] == "guardian@bay.example" and mail["Importance"] == "high"]
    assert len({mail["Message-ID"] for mail in letters}) == 1
    assert all("List-Unsubscribe" not in mail for mail in letters)


def test_a_channel_that_is_not_set_up_says_so_and_holds_nobody_up(cast: Cast, settings: Any, tmp_path: Path) -> None:
    give_contacts(cast)
    mail_settings(settings, port=1, MAIL_HOST="")
    notice = moved(cast)
    send_all("mail", "feeds", "webhooks", folder=tmp_path)
    assert states(notice, "mail") == {State.SKIPPED: 3}
    assert row(notice, cast.guardian).reason == "not_set_up"
    notice.refresh_from_db()
    assert notice.state == "done"


def test_a_server_that_refuses_everybody_costs_few_their_notice(cast: Cast, settings: Any, tmp_path: Path) -> None:
    many_guardians(cast.school, 80)
    box = Mailbox(answer=lambda to: "554 5.7.1 Relay access denied")
    with mail_server(box):
        mail_settings(settings, port=box.port)
        notice = moved(cast)
        prepare_waiting()
        with runner("mail", tmp_path) as one:
            one()
            assert one.breaker.is_open
            lost = states(notice, "mail")[State.UNDELIVERABLE]
            assert 25 <= lost <= 27
            box.answer = lambda to: None
            until = time.monotonic() + 25
            while len(box.to) < 80 - lost and time.monotonic() < until:
                one()
                time.sleep(0.2)
    assert len(set(box.to)) == len(box.to) == 80 - lost


def test_one_domain_is_paced_and_does_not_hold_up_the_others(cast: Cast, settings: Any, tmp_path: Path) -> None:
    many_guardians(cast.school, 60, domain="gmail.example")
    Person.objects.filter(user_name__in=[f"g{n}" for n in range(30, 60)]).update(email="")
    for number in range(30, 60):
        Person.objects.filter(user_name=f"g{number}").update(email=f"g{number}@d{number}.example")
    with mail_server() as box:
        mail_settings(settings, port=box.port, MAIL_PER_DOMAIN_PER_SECOND=10.0)
        moved(cast)
        prepare_waiting()
        started = time.monotonic()
        with runner("mail", tmp_path) as one:
            while len(box.to) < 60 and time.monotonic() < started + 20:
                one()
    took = time.monotonic() - started
    others = [number for number, to in enumerate(box.to) if not to.endswith("gmail.example")]
    before = sum(to.endswith("gmail.example") for to in box.to[: others[-1]])
    assert before < 30, "though its rows come first"
    assert took >= 2.0, "30 to one domain at 10 a second"
    assert len(set(box.to)) == len(box.to) == 60


def test_the_channel_keeps_to_its_own_rate(cast: Cast, settings: Any, tmp_path: Path) -> None:
    many_guardians(cast.school, 50)
    with mail_server() as box:
        mail_settings(settings, port=box.port, MAIL_PER_SECOND=25.0)
        moved(cast)
        started = time.monotonic()
        send_all("mail", folder=tmp_path)
    assert time.monotonic() - started >= 1.6
    assert len(box.to) == 50


def test_an_emergency_goes_before_what_waits(cast: Cast, settings: Any, tmp_path: Path) -> None:
    give_contacts(cast)
    many_guardians(cast.school, 30)
    with mail_server() as box:
        mail_settings(settings, port=box.port)
        moved(cast)
        moved(cast, sentences=["stay_safe"], facts={})
        send_all("mail", folder=tmp_path)
    subjects = [mail["Importance"] for mail in box.mails]
    assert subjects == ["high"] * 33 + [None] * 33


def test_two_workers_of_one_home_and_of_two_send_nothing_twice(cast: Cast, settings: Any, tmp_path: Path) -> None:
    many_guardians(cast.school, 120)
    with mail_server() as box:
        mail_settings(settings, port=box.port)
        moved(cast)
        prepare_waiting()
        with runner("mail", tmp_path / "a") as one, runner("mail", tmp_path / "a") as same:
            assert one.journal.hold()
            assert same() is None, "the first holds the lock"
            one.round()
            with runner("mail", tmp_path / "b") as other:
                if connection.vendor == "sqlite":  # in memory, which threads cannot share: turn by turn
                    while one() or other():
                        pass
                else:
                    hands = [threading.Thread(target=_run, args=(each,)) for each in (one, other)]
                    for hand in hands:
                        hand.start()
                    for hand in hands:
                        hand.join()
    assert len(box.to) == len(set(box.to)) == 120


def test_a_row_is_claimed_once(cast: Cast, settings: Any) -> None:
    many_guardians(cast.school, 30)
    mail_settings(settings, port=1)
    moved(cast)
    prepare_waiting()
    first = claims.claim("mail", holder="a", limit=20)
    second = claims.claim("mail", holder="b", limit=20)
    assert (len(first), len(second)) == (20, 10)
    assert not {one.pk for one in first} & {one.pk for one in second}
    # What somebody else holds is nobody's to write down.
    claims.write_down([claims.Settled(first[0], SENT, clock.now())], holder="b")
    assert Delivery.objects.get(pk=first[0].pk).state == State.SENDING


def _run(one: Runner) -> None:
    try:
        while one():
            pass
    finally:
        connection.close()
