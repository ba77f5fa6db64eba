"""The call list of a notice: whom no message reached, as a page and as a file."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schoolday.office.notices.delivery.preparing import prepare_waiting
from schoolday.office.notices.models import Delivery, Notice
from schoolday.office.people.models import AuditEntry, Person
from tests.cast import Cast
from tests.office.notices.sending import give_contacts, moved
from tests.office.notices.test_pages import signed_on, text_of

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.fixture
def unreached(cast: Cast) -> Notice:
    give_contacts(cast)
    Person.objects.filter(id=cast.guardian.id).update(family_name="=HYPERLINK(1)")
    notice = moved(cast)
    prepare_waiting()
    notice.deliveries.filter(person=cast.guardian).update(state=State.UNDELIVERABLE, reason="smtp_550")
    return Notice.objects.get(id=notice.id)


def test_it_has_number_language_words_and_reason(cast: Cast, unreached: Notice) -> None:
    client = signed_on(cast.principal)
    answer = client.get(f"/office/notices/{unreached.id}/calls/{cast.school.id}/")
    page = text_of(answer)
    assert 'href="tel:+13055550100"' in page
    assert "refused (smtp 550)" in page
    assert "Kounye a klas yo" in page
    assert page.count("Naïka Pierre") == 2
    assert answer["Cache-Control"] == "no-store"


def test_as_a_file_no_cell_is_a_formula(cast: Cast, unreached: Notice) -> None:
    client = signed_on(cast.principal)
    answer: Any = client.get(f"/office/notices/{unreached.id}/calls/{cast.school.id}.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["call"] for row in rows] == ["1", "1"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert AuditEntry.objects.filter(verb="look.notice_calls_file").count() == 1


def test_it_costs_the_same_with_one_and_three_families(cast: Cast, unreached: Notice) -> None:
    from tests.office.notices.sending import many_guardians

    client = signed_on(cast.principal)
    url = f"/office/notices/{unreached.id}/calls/{cast.school.id}/"
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    many_guardians(cast.school, 2)
    with CaptureQueriesContext(connection) as three:
        assert text_of(client.get(url)).count("<article") == 3
    assert len(one) == len(three)
