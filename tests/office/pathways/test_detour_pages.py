"""The pages of detours: the Miami decision typed on one page, who may do what, and what a stranger gets."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.contracts.plan import DetourScope
from schoolday.lib import clock
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import NewDetour
from schoolday.office.pathways.detours.preview import preview
from schoolday.office.pathways.models import Alternate
from schoolday.office.people.models import AuditEntry, Org, Person
from schoolday.office.rosters.models import Section
from tests.cast import Cast, enroll, make_person, make_section
from tests.office.pathways.plans import Reader
from tests.office.pathways.test_detour_publish import content, moved

pytestmark = pytest.mark.django_db
NEW, LIST = "/office/detours/new/", "/office/detours/"


def as_person(person: Person, language: str = "en") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = language
    return client


def typed(**changed: object) -> dict[str, object]:
    return {"pathway": "zoom", "review_on": "2026-09-23", "reason": "live_slow", "do": "preview", **changed}


def press(client: Client, data: dict[str, object]) -> Detour:
    """Type, look at the preview, and press its button with the very fields that it carries."""
    shown = client.post(NEW, data)
    assert shown.status_code == 200, shown.content.decode()
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w[\w-]*)" value="([^"]*)">', shown.content.decode()):
        fields.setdefault(name, []).append(value)
    fields.pop("csrfmiddlewaretoken", None)
    done = client.post(NEW, {**fields, "do": "declare"})
    assert done.status_code == 302, done.content.decode()
    return Detour.objects.get(id=done["Location"].rstrip("/").rpartition("/")[2])


def number(page: str, name: str) -> int:
    found = re.search(rf'<strong id="{name}">(\d+)</strong>', page)
    assert found, page
    return int(found[1])


def test_the_miami_decision_is_one_detour(belled: Cast, reader: Reader) -> None:
    """Grades 6-12 meet on Teams or Zoom as each teacher decides, PK-5 stay; looked at again on September 11."""
    with clock.at(datetime(2026, 9, 2, 11, 40, tzinfo=UTC)):
        high = make_section(belled.school, "History 10", periods="1", grades="10")
        make_section(belled.school, "Reading 2", periods="1", grades="02")
        enroll(high, belled.student, "student")
        Alternate.objects.create(section=belled.section, rank=0, kind="teams", url="https://teams.microsoft.com/meet/1")
        Alternate.objects.create(section=high, rank=0, kind="zoom", url="https://district.zoom.us/j/1")
        publish_plan()
        before = content(reader)
        client = as_person(belled.operator)
        assert 'value="2026-09-11"' in client.get(NEW).content.decode(), "seven school days on, Labor Day or not"
        form = typed(band=["6-8", "9-12"], pathway="teacher", review_on="2026-09-11", reason="as_teacher")
        page = client.post(NEW, form).content.decode()
        assert [number(page, one) for one in ("sections", "students", "lacking", "unreached")] == [3, 3, 1, 3]
        assert "Science 7" in page
        assert "Tu clase se reúne donde eligió tu maestro" in page
        assert "Klas ou a ap rankontre kote pwofesè ou chwazi a" in page
        assert moved(reader) == {}
        assert not Detour.objects.exists()

        detour = press(client, form)
        assert (detour.bands, detour.pathway, detour.until_at) == (["6-8", "9-12"], "", None)
        assert detour.review_on == date(2026, 9, 11)
        assert moved(reader) == {"History 10": "teacher", "Math 7": "teacher", "Science 7": "teacher"}, "PK-5 stay"
        listed = client.get(LIST).content.decode()
        assert "Grades 6 to 8" in listed
        assert "As each teacher chose" in listed
        assert client.post(f"{LIST}{detour.id}/", {"do": "undo"}).status_code == 302
        assert content(reader) == before
    verbs = list(AuditEntry.objects.filter(subject_id=detour.id).order_by("id").values_list("verb", flat=True))
    assert verbs == ["detour.declare", "detour.undo"]


def test_pressed_twice_it_is_one(belled: Cast) -> None:
    client = as_person(belled.operator)
    fields = {**typed(), "do": "declare", "id": "0123456789ab"}
    assert client.post(NEW, fields)["Location"] == client.post(NEW, fields)["Location"] == f"{LIST}0123456789ab/"
    assert Detour.objects.count() == 1


def test_a_principal_moves_her_school_and_no_other(belled: Cast, reader: Reader) -> None:
    publish_plan()
    client = as_person(belled.principal)
    detour = press(client, typed())
    assert detour.schools == [belled.school.id], "nothing chosen is her school, not the district"
    assert moved(reader) == {"Math 7": "zoom"}
    for more in (
        {"school": belled.other_school.id},
        {"section": belled.other_section.id},
        {"region": "north"},
        {"school": [belled.school.id, belled.other_school.id]},
    ):
        assert client.post(NEW, {**typed(**more), "do": "declare"}).status_code == 404, more
    assert Detour.objects.count() == 1
    assert press(client, typed(emergency="1")).is_emergency is False
    other = as_person(belled.other_principal)
    assert other.get(f"{LIST}{detour.id}/").status_code == 404
    assert other.post(f"{LIST}{detour.id}/", {"do": "undo"}).status_code == 404
    assert detour.id not in other.get(LIST).content.decode()
    district = press(as_person(belled.operator), typed())
    assert client.get(f"{LIST}{district.id}/").status_code == 200
    assert client.post(f"{LIST}{district.id}/", {"do": "undo"}).status_code == 404, "the district's is the district's"
    assert client.post(f"{LIST}{detour.id}/", {"do": "undo"}).status_code == 302


def test_a_teacher_moves_her_own_class_until_tonight(belled: Cast, reader: Reader) -> None:
    publish_plan()
    client = as_person(belled.teacher)
    assert "Math 7" in client.get(NEW).content.decode()
    detour = press(client, typed(section=belled.section.id, until_at="2026-12-01T08:00"))
    assert detour.until_at == datetime(2026, 9, 15, 4, tzinfo=UTC)
    starts = [bool(meeting.detour) for meeting in reader.section(belled.section.id).meetings]
    assert starts == [True, False], "today only"
    for more in ({}, {"section": belled.other_section.id}, {"band": "6-8"}, {"school": belled.school.id}):
        assert client.post(NEW, {**typed(**more), "do": "declare"}).status_code == 404, more
    stagger = typed(section=belled.section.id) | {"shift_6-8": "10"}
    assert client.post(NEW, {**stagger, "do": "declare"}).status_code == 404
    assert as_person(belled.other_teacher).get(f"{LIST}{detour.id}/").status_code == 404
    assert client.post(f"{LIST}{detour.id}/", {"do": "undo"}).status_code == 302
    assert moved(reader) == {}


def test_outsiders_get_nothing(belled: Cast) -> None:
    detour = press(as_person(belled.operator), typed())
    aide = make_person("an.aide", "An", "Aide", "aide", belled.school)
    enroll(belled.section, aide, "aide")
    for person in (belled.student, belled.guardian, belled.other_guardian, aide):
        client = as_person(person)
        for address in (LIST, NEW, f"{LIST}{detour.id}/"):
            assert client.get(address).status_code == 404, (person.user_name, address)
            if address != LIST:
                assert client.post(address, {**typed(), "do": "undo"}).status_code == 404
    for address in (LIST, NEW, f"{LIST}{detour.id}/"):
        assert Client().get(address).status_code == 302
    assert as_person(belled.operator).get(f"{LIST}nothing/").status_code == 404
    assert Detour.objects.get().state == "in_force"


def test_two_pairs_of_eyes_for_the_district(belled: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.SCHOOLDAY.values, "DETOUR_FOUR_EYES", True)
    publish_plan()
    second = make_person("s.op", "Sam", "Op", "operator", belled.district)
    first = as_person(belled.operator)
    assert "Propose it to a second operator" in first.post(NEW, typed(band="6-8")).content.decode()
    detour = press(first, typed(band="6-8"))
    assert detour.state == "proposed"
    assert moved(reader) == {}
    assert first.post(f"{LIST}{detour.id}/", {"do": "approve"}).status_code == 404, "not by herself"
    assert as_person(belled.principal).post(f"{LIST}{detour.id}/", {"do": "approve"}).status_code == 404
    assert as_person(second).post(f"{LIST}{detour.id}/", {"do": "approve"}).status_code == 302
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
    detour.refresh_from_db()
    assert detour.approved_by == second
    assert as_person(second).post(f"{LIST}{detour.id}/", {"do": "approve"}).status_code == 409
    one_school = press(first, typed(school=belled.school.id))
    assert one_school.state == "in_force", "a school's needs one"
    emergency = press(first, typed(emergency="1"))
    assert emergency.state == "in_force"
    told = AuditEntry.objects.get(subject_id=emergency.id).detail["told"]
    assert told == sorted([belled.operator.id, second.id])


def test_what_is_not_whole_is_refused_with_a_sentence(belled: Cast) -> None:
    client = as_person(belled.operator)
    for changed in (
        {"reason": ""},
        {"reason": "of mine"},
        {"own_en": "Because.", "own_es": "Porque."},
        {"pathway": "carrier pigeon"},
        {"review_on": ""},
        {"review_on": "2026-09-13"},
        {"until_at": "2026-09-14T06:00"},
        {"from_at": "tomorrow"},
        {"school": "000000000000"},
        {"section": "000000000000"},
        {"region": "nowhere"},
        {"shift_6-8": "half an hour"},
        {"shift_6-8": "181"},
    ):
        answer = client.post(NEW, typed(**changed))
        assert answer.status_code == 400, changed
        assert "usa-alert--error" in answer.content.decode()
    assert not Detour.objects.exists()
    own = press(client, typed(reason="", own_en="One.", own_es="Uno.", own_ht="Youn."))
    assert (own.reason_en, own.reason_es, own.reason_ht) == ("One.", "Uno.", "Youn.")
    both = press(client, typed(own_en="One.", own_es="Uno.", own_ht="Youn."))
    assert both.reason_ht == "Klas an dirèk yo lant jodi a, kidonk klas ou a ap rankontre yon lòt jan. Youn."


def test_a_staggered_start_is_typed_there_too(belled: Cast, reader: Reader) -> None:
    publish_plan()
    form = typed(reason="staggered") | {"shift_6-8": "15", "shift_9-12": "30"}
    detour = press(as_person(belled.operator), form)
    assert (detour.shift_minutes, detour.bands, detour.pathway) == ({"6-8": 15, "9-12": 30}, ["6-8", "9-12"], "")
    start = datetime.fromtimestamp(reader.section(belled.section.id).meetings[0].starts_at, UTC)
    assert (start.hour, start.minute) == (12, 45)
    assert "Staggered start" in as_person(belled.operator).get(LIST).content.decode()


def test_another_detour_that_holds_a_class_is_counted(belled: Cast) -> None:
    client = as_person(belled.operator)
    press(client, typed(section=belled.section.id, pathway="teams"))
    page = client.post(NEW, typed()).content.decode()
    assert number(page, "sections") == 1
    assert "1 class stays as it is" in page
    page = client.post(NEW, typed(emergency="1")).content.decode()
    assert number(page, "sections") == 2


def test_running_classes_and_the_next_one_are_named(belled: Cast) -> None:
    publish_plan()
    client = as_person(belled.operator)
    with clock.at(datetime(2026, 9, 14, 12, 40, tzinfo=UTC)):
        page = client.post(NEW, typed()).content.decode()
        assert number(page, "running") == 2
        assert "2026-09-15 08:30" in page
        later = client.post(NEW, typed(from_at="2026-09-14T20:00")).content.decode()
        assert number(later, "running") == 0


def test_the_same_number_of_queries_with_one_row_and_with_three(belled: Cast) -> None:
    people = (belled.operator, belled.principal, belled.teacher)

    def queries(person: Person, method: str) -> int:
        client = as_person(person)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(LIST) if method == "list" else client.post(NEW, typed(section=belled.section.id))
        assert answer.status_code == 200
        return len(captured)

    press(as_person(belled.operator), typed(section=belled.section.id))
    asked = [(person, method) for person in people for method in ("list", "preview")]
    before = [queries(*one) for one in asked]
    for n in (2, 3):
        section = make_section(belled.school, f"More {n}", periods=str(n))
        enroll(section, belled.teacher, "teacher")
        enroll(section, make_person(f"kid{n}", "Kid", "Many", "student", belled.school), "student")
        press(as_person(belled.operator), typed(section=[section.id, belled.section.id]))
    assert [queries(*one) for one in asked] == before


@pytest.mark.parametrize("language", ["es", "ht"])
def test_in_the_reader_s_language(belled: Cast, language: str) -> None:
    detour = press(as_person(belled.operator), typed())
    client = as_person(belled.operator, language)
    english = ("New detour", "Whom it touches", "In force", "until further notice", "How these classes meet")
    for answer in (client.get(LIST), client.get(NEW), client.get(f"{LIST}{detour.id}/"), client.post(NEW, typed())):
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'<html lang="{language}">' in page
        assert not [text for text in english if text in page]


def test_a_publish_that_fails_is_said_and_done_by_the_worker(
    belled: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from schoolday.office.pathways.detours.due import PublishWhenDue
    from schoolday.office.pathways.detours.views import showing

    publish_plan()
    due = PublishWhenDue()
    assert due() is not None
    assert due() is None, "nothing to do"

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(showing, "publish_detours", full)
    client = as_person(belled.operator)
    detour = press(client, typed(until_at="2026-09-14T08:45"))
    assert "It goes out with the next plan" in client.get(f"{LIST}{detour.id}/").content.decode()
    assert moved(reader) == {}
    assert due() is not None
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
    with clock.shifted(timedelta(hours=2)):
        assert due() is not None, "it ended"
        assert moved(reader) == {}
        assert due() is None


def test_the_preview_s_button_declares_the_time_that_was_shown(belled: Cast) -> None:
    publish_plan()
    client = as_person(belled.operator)
    shown = client.post(NEW, typed(band="6-8", begin="bell", end="day")).content.decode()
    assert 'name="from_at" value="2026-09-14T08:30"' in shown
    assert 'name="until_at" value="2026-09-15T00:00"' in shown
    none = client.post(NEW, typed(band="9-12", begin="bell"))
    assert none.status_code == 400
    assert "The timetable has no next class of these" in none.content.decode()


def test_who_runs_a_school_tells_its_families_from_the_detours_page(belled: Cast) -> None:
    detour = press(as_person(belled.operator), typed())
    link = f"/office/notices/new/?detour={detour.id}"
    assert link in as_person(belled.operator).get(f"{LIST}{detour.id}/").content.decode()
    assert link in as_person(belled.principal).get(f"{LIST}{detour.id}/").content.decode()
    assert link not in as_person(belled.teacher).get(f"{LIST}{detour.id}/").content.decode()
    as_person(belled.operator).post(f"{LIST}{detour.id}/", {"do": "undo"})
    assert link not in as_person(belled.operator).get(f"{LIST}{detour.id}/").content.decode()


def test_the_preview_of_the_district_asks_as_often_for_three_schools_as_for_one(belled: Cast) -> None:
    def queries(replaces: Detour | None) -> int:
        with CaptureQueriesContext(connection) as captured:
            found = preview(wanted, replaces=replaces)
        assert found.sections == Section.objects.count()
        assert len(found.groups) == Org.objects.filter(kind=Org.Kind.SCHOOL, is_active=True).count()
        return len(captured)

    running = press(as_person(belled.operator), typed(pathway="teams"))
    wanted = NewDetour(
        scope=DetourScope(), pathway="zoom", from_at=clock.now(), review_on=date(2026, 9, 21), reason_key="live_slow"
    )
    Section.objects.filter(id=belled.other_section.id).delete()
    Org.objects.filter(id=belled.other_school.id).update(is_active=False)
    before = queries(None), queries(running)
    for number in range(2):
        name = f"More {number}"
        school = Org.objects.create(sourced_id=name, kind=Org.Kind.SCHOOL, name=name, parent=belled.district)
        section = make_section(school, name, periods="1")
        enroll(section, make_person(f"kid{number}", "Kid", "Many", "student", school), "student")
    assert (queries(None), queries(running)) == before
    assert before == (7, 7)
