"""What incidents and notices say to everybody, in the plan and on the status pages, seconds after it was said."""

from datetime import timedelta

import pytest
from django.conf import settings

from schoolday.contracts.plan import Texts
from schoolday.lib import clock
from schoolday.office.attendance.scope import Scope
from schoolday.office.incidents import actions
from schoolday.office.incidents.models import Incident
from schoolday.office.incidents.public import SHOWN_WHEN_OVER
from schoolday.office.notices.actions import send_notice, withdraw_notice
from schoolday.office.notices.audience import Audience
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.cards.jobs import WriteWhenNew
from schoolday.office.pathways.detours.due import PublishWhenDue
from schoolday.office.pathways.models import PlanRelease
from schoolday.office.pathways.public_words import moment, words_of
from tests.cast import Cast
from tests.office.attendance.day import queries_of
from tests.office.pathways.conftest import MONDAY_7
from tests.office.pathways.plans import Reader

TEXTS = {"en": "Signing on is slow.", "es": "El acceso está lento.", "ht": "Koneksyon an dousman."}
REVIEW = {"happened": "A switch failed.", "change": "A second switch.", "who": "Network, by May."}
MINUTE = timedelta(minutes=1)
FREE = {"en": "Bring a pencil.", "es": "Traiga un lápiz.", "ht": "Pote yon kreyon."}


@pytest.fixture
def round_of_worker(belled: Cast) -> PublishWhenDue:
    """The worker's job, in a day that has a plan."""
    publish_plan()
    job = PublishWhenDue()
    job()
    return job


def declare(cast: Cast, scope: Scope | None = None, *, next_minutes: int = 20) -> Incident:
    return actions.declare(
        cast.operator,
        layer="sign_on",
        title="Redis on host 7 is down",
        scope=scope or Scope(),
        started_at=clock.now() - 10 * MINUTE,
        next_update_at=clock.now() + next_minutes * MINUTE,
    )


def seconds(minutes: int = 0) -> int:
    return int((MONDAY_7 + minutes * MINUTE).timestamp())


def pages(job: PublishWhenDue) -> dict[str, str]:
    """Let the worker do a round of both jobs and return the status pages."""
    job()
    WriteWhenNew(settings.SCHOOLDAY)()
    folder = settings.SCHOOLDAY.plan_dir / "status"
    return {path.name: path.read_text() for path in folder.glob("*.html")}


def test_an_incident_is_told_from_its_public_text_to_its_end(
    round_of_worker: PublishWhenDue, belled: Cast, reader: Reader
) -> None:
    with clock.at(MONDAY_7):
        incident = declare(belled)
        assert round_of_worker() is None, "what has no public text is nobody's to read"
        actions.set_public(belled.operator, incident.id, TEXTS)
        assert round_of_worker()
        (told,) = reader.for_device(belled.school.id).incidents
        assert (told.id, told.text, told.over_at) == (incident.id, Texts(**TEXTS), 0)
        assert abs(told.since_at - seconds(-10)) < 60
        assert abs(told.next_at - seconds(20)) < 60
        assert "Redis" not in str(reader.whole()), "its title is for staff"
        shown = pages(round_of_worker)
        for name in ("index.html", f"{belled.school.id}.html", f"{belled.other_school.id}.html"):
            assert "Signing on is slow." in shown[name], name
            assert "6:50 AM" in shown[name], "since when"
            assert "7:20 AM" in shown[name], "the next word"
        assert "El acceso está lento." in shown[f"{belled.school.id}.es.html"]
        assert "Koneksyon an dousman." in shown["index.ht.html"]
        assert round_of_worker() is None, "nothing new to say"
    with clock.at(MONDAY_7 + 15 * MINUTE):
        actions.write(belled.operator, incident.id, kind="seen", text="Better.", next_update_at=MONDAY_7 + 40 * MINUTE)
        assert "7:40 AM" in pages(round_of_worker)["index.html"], "the clock was set anew"
    over = MONDAY_7 + 50 * MINUTE
    with clock.at(over):
        actions.close(belled.operator, incident.id, REVIEW)
        shown = pages(round_of_worker)
        assert "This is over. It ended: 7:50 AM" in shown["index.html"]
        assert "It ended: 7:50 AM" in shown[f"{belled.school.id}.html"]
        assert "Signing on is slow." in shown["index.html"]
        assert "A switch failed." not in str(shown), "the review is for the board"
        quick = reader.index().version
        assert publish_plan().version == quick, "the full publish finds nothing to change"
    with clock.at(over + SHOWN_WHEN_OVER + MINUTE):
        assert "Signing on is slow." not in pages(round_of_worker)["index.html"]
        assert reader.for_device(belled.school.id).incidents == ()


def test_opened_again_it_goes_on(round_of_worker: PublishWhenDue, belled: Cast, reader: Reader) -> None:
    incident = declare(belled)
    actions.set_public(belled.operator, incident.id, TEXTS)
    actions.close(belled.operator, incident.id, REVIEW)
    round_of_worker()
    assert reader.for_device(belled.school.id).incidents[0].over_at
    actions.reopen(belled.operator, incident.id)
    round_of_worker()
    assert not reader.for_device(belled.school.id).incidents[0].over_at
    actions.set_public(belled.operator, incident.id, dict.fromkeys(TEXTS, ""))
    round_of_worker()
    assert reader.for_device(belled.school.id).incidents == (), "taken back, it is gone"


def test_only_the_schools_it_touches_are_signed_anew(
    round_of_worker: PublishWhenDue, belled: Cast, reader: Reader
) -> None:
    before = {files.org: files for files in reader.index().schools}
    incident = declare(belled, Scope(schools=(belled.school.id,), bands=("6-8",)))
    actions.set_public(belled.operator, incident.id, TEXTS)
    shown = pages(round_of_worker)
    after = {files.org: files for files in reader.index().schools}
    assert after[belled.other_school.id] == before[belled.other_school.id]
    assert after[belled.school.id].people_sha256 == before[belled.school.id].people_sha256
    assert reader.for_device(belled.school.id).incidents[0].bands == ("6-8",)
    assert "Grades: 6-8" in shown[f"{belled.school.id}.html"]
    assert "Signing on is slow." in shown["index.html"]
    assert "Signing on is slow." not in shown[f"{belled.other_school.id}.html"]
    incident.schools.set([belled.other_school])
    shown = pages(round_of_worker)
    assert "Signing on is slow." not in shown[f"{belled.school.id}.html"], "it touches another school now"
    assert "Signing on is slow." in shown[f"{belled.other_school.id}.html"]


def test_the_worst_stands_first_and_what_is_over_last(belled: Cast) -> None:
    minor, over, critical = (declare(belled) for _ in range(3))
    for one, severity in ((minor, "minor"), (over, "critical"), (critical, "critical")):
        actions.set_public(belled.operator, one.id, TEXTS)
        Incident.objects.filter(id=one.id).update(severity=severity)
    actions.close(belled.operator, over.id, REVIEW)
    told = words_of([belled.school.id], clock.now())[belled.school.id].incidents
    assert [one.id for one in told] == [critical.id, minor.id, over.id]


def test_a_notice_is_in_the_plan_within_a_round_and_says_when_the_next_word_comes(
    round_of_worker: PublishWhenDue, belled: Cast, reader: Reader
) -> None:
    incident = declare(belled)
    sent = send_notice(
        audience=Audience(), actor=belled.operator, free=FREE, channels=["banner"], incident_id=incident.id
    )
    round_of_worker()
    (told,) = reader.for_device(belled.school.id).notices
    assert told.id == sent.id
    assert abs(told.next_at - seconds(20)) < 60, "as its incident's clock says"
    later = MONDAY_7 + 45 * MINUTE
    actions.write(belled.operator, incident.id, kind="told", text="Told again.", next_update_at=later)
    round_of_worker()
    assert reader.for_device(belled.school.id).notices[0].next_at == int(later.timestamp())
    actions.close(belled.operator, incident.id, REVIEW)
    round_of_worker()
    assert reader.for_device(belled.school.id).notices[0].next_at == 0, "nothing more was promised"
    withdraw_notice(sent, actor=belled.operator)
    round_of_worker()
    assert reader.for_device(belled.school.id).notices == ()
    assert publish_plan().version == reader.index().version


def test_a_notice_of_its_own_promises_by_its_words(belled: Cast) -> None:
    at = MONDAY_7 + 30 * MINUTE
    send_notice(
        audience=Audience(), actor=belled.operator, sentences=["next_update"],
        facts={"next_at": at.isoformat()}, channels=["banner"],
    )  # fmt: skip
    plain = send_notice(audience=Audience(), actor=belled.operator, free=FREE, channels=["banner"])
    notices = words_of([belled.school.id], clock.now())[belled.school.id].notices
    assert {one.next_at for one in notices} == {0, int(at.timestamp())}
    assert next(one for one in notices if one.id == plain.id).next_at == 0


def test_without_a_plan_the_words_wait_for_one(belled: Cast, reader: Reader) -> None:
    job = PublishWhenDue()
    incident = declare(belled)
    actions.set_public(belled.operator, incident.id, TEXTS)
    assert job() is None
    assert not PlanRelease.objects.exists()
    publish_plan()
    assert reader.for_device(belled.school.id).incidents
    actions.set_public(belled.operator, incident.id, {**TEXTS, "en": "Signing on works again."})
    assert job()
    assert reader.for_device(belled.school.id).incidents[0].text.en == "Signing on works again."


def test_as_many_queries_for_all_schools_as_for_one(belled: Cast) -> None:
    for _ in range(3):
        incident = declare(belled)
        actions.set_public(belled.operator, incident.id, TEXTS)
        send_notice(audience=Audience(), actor=belled.operator, free=FREE, channels=["banner"], incident_id=incident.id)
    one = queries_of(lambda: words_of([belled.school.id], clock.now()))
    both = queries_of(lambda: words_of([belled.school.id, belled.other_school.id], clock.now()))
    assert one == both <= 7
    assert queries_of(lambda: moment(clock.now())) <= 7
