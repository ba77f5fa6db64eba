"""A detour that holds is changed into another in one act: by whom, from when, and who has to agree."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client

from schoolday.lib import clock
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.people.models import AuditEntry
from tests.cast import Cast, make_person
from tests.office.pathways.plans import Reader
from tests.office.pathways.test_detour_pages import LIST, as_person, number, press, typed
from tests.office.pathways.test_detour_publish import moved

pytestmark = pytest.mark.django_db


def change(client: Client, detour: Detour, data: dict[str, object]) -> Detour:
    """Press the preview's button of a change, with the very fields that it carries."""
    done = client.post(f"{LIST}{detour.id}/change/", {**data, "do": "declare"})
    assert done.status_code == 302, done.content.decode()
    return Detour.objects.get(id=done["Location"].rstrip("/").rpartition("/")[2])


def test_a_running_detour_becomes_another_in_one_act(belled: Cast, reader: Reader) -> None:
    publish_plan()
    client = as_person(belled.operator)
    first = press(client, typed(band="6-8", own_en="One.", own_es="Uno.", own_ht="Youn."))
    address = f"{LIST}{first.id}/change/"
    assert address in client.get(f"{LIST}{first.id}/").content.decode()
    form = client.get(address).content.decode()
    for field in ('id="band-6-8" name="band" value="6-8" checked', 'value="zoom" checked', ">Uno.</textarea>"):
        assert field in form
    wanted = typed(school=belled.school.id, pathway="teams", review_on="2026-09-24")
    shown = client.post(address, wanted).content.decode()
    assert [number(shown, one) for one in ("sections", "added", "returned")] == [1, 0, 1]
    differs = shown[shown.index('id="differs"') : shown.index("</table>")]
    for text in ("Grades 6 to 8", "Olinda Middle", "Zoom", "Microsoft Teams", "2026-09-24", "Live classes are slow"):
        assert text in differs
    assert Detour.objects.get() == first, "nothing has changed yet"
    second = change(client, first, wanted)
    first.refresh_from_db()
    assert (first.state, second.state, second.replaces) == ("undone", "in_force", first)
    assert moved(reader) == {"Math 7": "teams"}
    page = client.get(f"{LIST}{second.id}/").content.decode()
    assert f"{LIST}{first.id}/" in page
    verbs = AuditEntry.objects.filter(subject_kind="detour").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["detour.declare", "detour.undo", "detour.declare"]
    assert AuditEntry.objects.get(subject_id=second.id).detail["replaces"] == first.id
    assert client.get(address).status_code == 302, "what is over is not changed"
    assert client.post(address, {**wanted, "do": "declare"}).status_code == 302
    assert Detour.objects.count() == 2


def test_one_that_begins_later_lets_the_other_hold_until_then(belled: Cast, reader: Reader) -> None:
    publish_plan()
    client = as_person(belled.operator)
    first = press(client, typed(band="6-8"))
    second = change(client, first, typed(band="6-8", pathway="teams", begin="bell"))
    first.refresh_from_db()
    assert second.from_at == first.until_at == datetime(2026, 9, 14, 12, 30, tzinfo=UTC)
    assert (first.status(clock.now()), second.status(clock.now())) == ("in_force", "coming")
    third = change(client, second, typed(band="6-8", pathway="meet", from_at="2026-09-14T09:00", end="day"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.state, second.until_at) == ("in_force", third.from_at), "the second begins, and ends for the third"
    assert third.until_at == datetime(2026, 9, 15, 4, tzinfo=UTC)
    for detour in (third, second):
        assert client.post(f"{LIST}{detour.id}/", {"do": "undo"}).status_code == 302
    first.refresh_from_db()
    assert first.state == "in_force"
    assert Detour.objects.get(id=first.id).until_at is None, "undone before it began, the one before goes on"
    again = change(client, first, typed(band="6-8", pathway="teams", begin="bell"))
    sooner = change(client, again, typed(band="6-8", pathway="phone"))
    first.refresh_from_db()
    assert (first.state, sooner.replaces) == ("undone", first), "what waited and what held both make room"
    assert moved(reader) == {"Math 7": "phone", "Science 7": "phone"}


def test_a_change_for_the_district_waits_for_the_second_and_the_old_one_holds(
    belled: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_plan()
    client = as_person(belled.operator)
    first = press(client, typed(band="6-8"))
    monkeypatch.setitem(settings.SCHOOLDAY.values, "DETOUR_FOUR_EYES", True)
    second = change(client, first, typed(band="6-8", pathway="teams"))
    assert second.state == "proposed"
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
    other = as_person(make_person("s.op", "Sam", "Op", "operator", belled.district))
    assert other.post(f"{LIST}{second.id}/", {"do": "approve"}).status_code == 302
    first.refresh_from_db()
    assert first.state == "undone"
    assert moved(reader) == {"Math 7": "teams", "Science 7": "teams"}


def test_only_who_may_undo_a_detour_may_change_it(belled: Cast) -> None:
    own = press(as_person(belled.principal), typed())
    district = press(as_person(belled.operator), typed())
    for detour, person in (
        (district, belled.principal),
        (own, belled.teacher),
        (own, belled.other_principal),
        (own, belled.student),
        (own, belled.guardian),
    ):
        address = f"{LIST}{detour.id}/change/"
        assert as_person(person).get(address).status_code == 404, (person.user_name, detour.scope_dict)
        assert as_person(person).post(address, {**typed(), "do": "declare"}).status_code == 404
    assert Client().get(f"{LIST}{own.id}/change/").status_code == 302
    beyond = typed(school=belled.other_school.id)
    client = as_person(belled.principal)
    assert client.post(f"{LIST}{own.id}/change/", {**beyond, "do": "declare"}).status_code == 404
    own.refresh_from_db()
    assert own.state == "in_force"
    assert change(client, own, typed(pathway="teams")).schools == [belled.school.id]
