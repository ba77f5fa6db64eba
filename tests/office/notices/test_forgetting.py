"""What is not kept: rows become counts at night, in batches that may be killed; notices go after a year."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.notices import actions, queries
from schoolday.office.notices.audience import Audience
from schoolday.office.notices.delivery.forgetting import ForgetOld, fold_some
from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.models import BadAddress, Delivery, DeliveryTotal, Notice
from schoolday.office.people.models import AuditEntry
from tests.cast import Cast
from tests.office.notices.sending import give_contacts, many_guardians, moved, with_settings

DAY = timedelta(days=1)
SENT_AT = datetime(2026, 3, 2, 8, 0, tzinfo=ZoneInfo("America/New_York"))
NIGHT = SENT_AT + 91 * DAY + timedelta(hours=14)  # 22:00


def old_notice(cast: Cast, **more: Any) -> Notice:
    """A notice of which some went out, some failed, and some had no way."""
    give_contacts(cast)
    with clock.at(SENT_AT):
        notice = moved(cast, **more)
        prepare_waiting()
        mails = list(notice.deliveries.filter(channel="mail").order_by("id"))
        for number, mail in enumerate(mails):
            mail.state = Delivery.State.SENT if number % 2 else Delivery.State.UNDELIVERABLE
            mail.sent_at = SENT_AT + timedelta(seconds=20 + number) if number % 2 else None
            mail.save()
        notice.state = Notice.State.DONE
        notice.save()
    return notice


def forget() -> Any:
    return ForgetOld(with_settings(NOTICE_ROWS_KEEP_DAYS=90, NOTICE_KEEP_DAYS=400))


def told(notice: Notice, schools: Any = None) -> Any:
    progress = queries.progress_of(Notice.objects.get(id=notice.id), schools)
    lines = {
        line.channel: (line.tally.by_state, line.first_seconds, {key: one.all for key, one in line.languages.items()})
        for line in progress.lines
    }
    return lines, progress.first_seconds, progress.nobody


def test_at_night_rows_become_counts_and_the_page_says_the_same(cast: Cast) -> None:
    notice = old_notice(cast)
    before, ours = told(notice), told(notice, [cast.school])
    firsts = queries.first_seconds_of([notice])
    client = Client()
    client.force_login(cast.operator)
    with clock.at(NIGHT):
        counts = forget()()
        assert counts["rows"] >= 5
        assert not Delivery.objects.exists()
        assert told(notice) == before
        assert told(notice, [cast.school]) == ours
        assert queries.first_seconds_of([notice]) == firsts
        assert client.get(reverse("notices:notice", args=[notice.id])).status_code == 200
        calls = client.get(reverse("notices:calls", args=[notice.id, cast.school.id])).content.decode()
        assert "It is no longer kept who got this notice" in calls
        assert "Nobody needs a call" not in calls
    assert AuditEntry.objects.filter(verb="notice.send").exists(), "what was done stays"
    for total in DeliveryTotal.objects.all():
        assert "@" not in repr(vars(total))


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_a_batch_counts_what_it_deletes_so_killed_anywhere_nothing_is_wrong(cast: Cast, batch: int) -> None:
    notice = old_notice(cast)
    before = told(notice)
    while fold_some(before=NIGHT, at_once=batch):
        assert told(notice) == before


def test_by_day_and_before_its_time_nothing_is_forgotten(cast: Cast) -> None:
    notice = old_notice(cast)
    job = forget()
    with clock.at(NIGHT + timedelta(hours=12)):
        assert job() is None
    with clock.at(NIGHT - 3 * DAY):
        assert job() is None
    assert notice.deliveries.exists()
    assert not DeliveryTotal.objects.exists()


def test_once_done_a_night_costs_nothing_more_until_the_next(cast: Cast) -> None:
    old_notice(cast)
    job = forget()
    with clock.at(NIGHT):
        assert job()
        with CaptureQueriesContext(connection) as asked:
            assert job() is None
        assert len(asked) == 0
    old_notice(cast)
    with clock.at(NIGHT + DAY):
        assert job()["rows"]


def test_long_after_the_notice_goes_but_not_before_the_one_that_follows_it(cast: Cast) -> None:
    first = old_notice(cast)
    with clock.at(SENT_AT + 30 * DAY):
        second = moved(cast, follows=first, channels=["mail"])
    with clock.at(SENT_AT):
        draft = actions.draft_notice(audience=Audience(), actor=cast.operator)
        BadAddress.objects.create(address_key="k", reason="bounced", since=SENT_AT)
    with clock.at(NIGHT):
        assert forget()()["notices"] == 1, "the draft that nobody sent"
    assert not Notice.objects.filter(id=draft.id).exists()
    with clock.at(NIGHT + 310 * DAY):
        forget()()
        assert Notice.objects.filter(id=first.id).exists(), "the second one stands on it"
    with clock.at(NIGHT + 360 * DAY):
        assert forget()()["notices"] == 2
    assert not Notice.objects.filter(id__in=[first.id, second.id]).exists()
    assert not BadAddress.objects.exists()


def test_one_and_three_old_notices_take_the_same_number_of_queries(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.operator)

    def queries_of_list() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("notices:list"))
        return len(asked)

    old_notice(cast)
    while fold_some(before=NIGHT):
        pass
    one = queries_of_list()
    for _ in range(2):
        old_notice(cast)
    while fold_some(before=NIGHT):
        pass
    assert queries_of_list() == one


def test_many_rows_are_folded_in_few_statements(cast: Cast) -> None:
    many_guardians(cast.school, 300)
    old_notice(cast)
    with CaptureQueriesContext(connection) as asked:
        assert fold_some(before=NIGHT, at_once=1_000) > 300
    assert len(asked) < 60
