"""Amnesty: what is charged, what is not, and that undoing gives back exactly what was."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from schoolday.lib import clock
from schoolday.office.attendance.amnesty_actions import (
    BadAmnesty,
    ReasonMissing,
    declare_amnesty,
    end_amnesty,
    reopen_amnesty,
    set_window,
    undo_amnesty,
)
from schoolday.office.attendance.closing import close_ended
from schoolday.office.attendance.models import Amnesty, EvidenceEvent, RegisterEntry
from schoolday.office.attendance.scope import BadScope, Scope
from schoolday.office.people.models import AuditEntry
from tests.cast import Cast
from tests.office.attendance.day import AFTER, BELL, DURING, END, ON, entry_of, event, meet, queries_of, took
from tests.office.attendance.test_closing import publish
from tests.office.attendance.test_staff_pages import client_of, day, exported, section

MINUTE = timedelta(minutes=1)
REASON = {"en": "The line was cut.", "es": "Se cortó la línea.", "ht": "Liy lan te koupe."}


def declare(
    cast: Cast, *, scope: Scope | None = None, from_at: datetime = BELL, until_at: datetime | None = END
) -> Amnesty:
    return declare_amnesty(cast.operator, scope=scope or Scope(), from_at=from_at, until_at=until_at, reason=REASON)


def register() -> list[Any]:
    return list(RegisterEntry.objects.order_by("meeting", "person").values())


def test_an_absence_inside_the_window_is_not_charged_and_still_an_absence(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(AFTER):
        close_ended()
        assert entry_of(meeting, cast.student).is_charged
        amnesty = declare(cast)
        entry = entry_of(meeting, cast.student)
    assert (entry.status, entry.is_charged, entry.amnesty) == ("absent", False, amnesty)


def test_what_comes_after_the_declaration_falls_under_it_too(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(DURING):
        amnesty = declare(cast, until_at=None)
        took(event("arrived", cast.student, meeting, 12))
        tardy = entry_of(meeting, cast.student)
        assert (tardy.status, tardy.minutes_tardy, tardy.amnesty) == ("tardy", 12, amnesty)
    with clock.at(AFTER):
        assert close_ended() == 1
        assert entry_of(meeting, cast.twin).amnesty == amnesty
        # The door that brings her early arrival an hour later: present, and nothing to forgive.
        took(event("arrived", cast.student, meeting, -2))
        assert entry_of(meeting, cast.student).status == "present"
        assert entry_of(meeting, cast.student).amnesty is None


def test_a_teachers_word_stays_and_no_absence_is_charged_whoever_wrote_it(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(AFTER):
        took(event("teacher_mark", cast.student, meeting, 5, by=cast.teacher.id, status="excused"))
        took(event("teacher_mark", cast.twin, meeting, 5, by=cast.teacher.id, status="absent"))
        close_ended()
        declare(cast)
        excused, absent = entry_of(meeting, cast.student), entry_of(meeting, cast.twin)
    assert (excused.mark, excused.amnesty, excused.is_charged) == ("excused", None, False)
    assert (absent.mark, absent.marked_by_id, absent.is_charged) == ("absent", cast.teacher.id, False)


def test_a_mark_that_is_withdrawn_inside_leaves_the_absence_uncharged(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(AFTER):
        close_ended()
        declare(cast)
        took(event("teacher_mark", cast.student, meeting, 5, by=cast.teacher.id, status="present"))
        assert entry_of(meeting, cast.student).amnesty is None
        took(event("teacher_mark", cast.student, meeting, 6, by=cast.teacher.id, status=""))
        assert not entry_of(meeting, cast.student).is_charged
        assert entry_of(meeting, cast.student).shown_status == "absent"


@pytest.mark.parametrize(
    ("from_at", "until_at", "charged"),
    [
        (BELL - 60 * MINUTE, BELL, True),  # over when the bell rings
        (BELL - 60 * MINUTE, BELL + MINUTE, False),
        (END - MINUTE, END + 60 * MINUTE, False),
        (END, END + 60 * MINUTE, True),  # begins when the class is over
        (BELL + 10 * MINUTE, BELL + 11 * MINUTE, False),
        (BELL - MINUTE, None, False),
        (END + MINUTE, None, True),
    ],
)
def test_a_class_counts_as_inside_when_it_shares_a_moment_with_the_window(
    cast: Cast, from_at: datetime, until_at: datetime | None, charged: bool
) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(AFTER):
        close_ended()
        declare(cast, from_at=from_at, until_at=until_at)
        assert entry_of(meeting, cast.student).is_charged is charged
        took(event("left", cast.student, meeting, -70))  # counts for nothing; the same answer when computed anew
        took(event("arrived", cast.twin, meeting, 20))
        assert entry_of(meeting, cast.twin).is_charged is charged


@pytest.mark.parametrize("kind", ["schools", "sections", "bands", "regions"])
def test_only_those_in_scope_are_freed(cast: Cast, kind: str) -> None:
    publish()
    cast.school.region = "north"
    cast.school.save()
    cast.other_section.grades = "10"
    cast.other_section.save()
    here, there = meet(cast.section), meet(cast.other_section)
    named = {"schools": cast.school.id, "sections": cast.section.id, "bands": "6-8", "regions": "north"}
    with clock.at(AFTER):
        close_ended()
        declare(cast, scope=Scope(**{kind: (named[kind],)}))
        assert not entry_of(here, cast.student).is_charged
        assert entry_of(there, cast.other_student).is_charged
        took(event("arrived", cast.student, here, 20), event("arrived", cast.other_student, there, 20))
        assert (entry_of(here, cast.student).status, entry_of(here, cast.student).is_charged) == ("tardy", False)
        assert entry_of(there, cast.other_student).is_charged


def test_undoing_gives_back_what_was_and_reopening_what_it_did(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    meet(cast.other_section)
    with clock.at(AFTER):
        took(event("arrived", cast.student, meeting, 9))
        close_ended()
        before, evidence = register(), list(EvidenceEvent.objects.values())
        amnesty = declare(cast)
        under = register()
        assert under != before
        undo_amnesty(cast.operator, amnesty.id)
        assert register() == before
        undo_amnesty(cast.operator, amnesty.id)
        reopen_amnesty(cast.operator, amnesty.id)
        assert register() == under
        reopen_amnesty(cast.operator, amnesty.id)
        assert register() == under
    assert list(EvidenceEvent.objects.values()) == evidence, "what each child did is never touched"
    verbs = AuditEntry.objects.filter(subject_kind="amnesty").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [f"register.amnesty_{verb}" for verb in ("declare", "undo", "reopen")]
    detail = AuditEntry.objects.filter(verb="register.amnesty_declare").get().detail
    assert (detail["reason"], detail["entries"]) == ("The line was cut.", 3)


def test_two_that_overlap_each_hold_by_themselves(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(AFTER):
        close_ended()
        first = declare(cast)
        second = declare(cast, scope=Scope(schools=(cast.school.id,)))
        assert entry_of(meeting, cast.student).amnesty == first
        undo_amnesty(cast.operator, first.id)
        assert entry_of(meeting, cast.student).amnesty == second
        reopen_amnesty(cast.operator, first.id)
        assert entry_of(meeting, cast.student).amnesty == first
        undo_amnesty(cast.operator, second.id)
        undo_amnesty(cast.operator, first.id)
        assert entry_of(meeting, cast.student).is_charged


def test_ending_it_charges_what_begins_later(cast: Cast) -> None:
    publish()
    first = meet(cast.section)
    second = meet(cast.section, bell=BELL + timedelta(hours=2))
    with clock.at(DURING):
        amnesty = declare(cast, until_at=None)
    with clock.at(AFTER):
        assert end_amnesty(cast.operator, amnesty.id).until_at is not None
    with clock.at(AFTER + timedelta(hours=3)):
        end_amnesty(cast.operator, amnesty.id)  # it has ended; nothing moves
        close_ended()
        assert not entry_of(first, cast.student).is_charged
        assert entry_of(second, cast.student).is_charged
        set_window(cast.operator, amnesty.id, from_at=AFTER, until_at=AFTER + timedelta(hours=3))
        assert entry_of(first, cast.student).is_charged
        assert not entry_of(second, cast.student).is_charged


def test_ending_one_that_has_not_begun_undoes_it(cast: Cast) -> None:
    meet(cast.section)
    with clock.at(BELL - timedelta(hours=1)):
        amnesty = end_amnesty(cast.operator, declare(cast).id)
    assert amnesty.undone_at is not None


def test_what_makes_no_sense_is_refused_and_nothing_is_written(cast: Cast) -> None:
    with clock.at(AFTER):
        for until_at in (BELL, BELL - MINUTE, BELL + timedelta(days=40)):
            with pytest.raises(BadAmnesty):
                declare(cast, until_at=until_at)
        with pytest.raises(BadAmnesty):
            declare(cast, from_at=BELL - timedelta(days=400), until_at=BELL - timedelta(days=399))
        for scope in (
            Scope(schools=("nowhere",)),
            Scope(sections=("nowhere",)),
            Scope(bands=("K-99",)),
            Scope(regions=("atlantis",)),
        ):
            with pytest.raises(BadScope):
                declare(cast, scope=scope)
        for missing in ("en", "es", "ht"):
            with pytest.raises(ReasonMissing):
                declare_amnesty(None, scope=Scope(), from_at=BELL, until_at=END, reason={**REASON, missing: "  "})
    assert not Amnesty.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_school_sees_a_band_and_each_class_its_number(cast: Cast) -> None:
    publish()
    meet(cast.section)
    meet(cast.other_section)
    with clock.at(AFTER):
        close_ended()
        declare(cast, scope=Scope(schools=(cast.school.id,)), from_at=BELL + 5 * MINUTE, until_at=END - 10 * MINUTE)
        page = day(cast.principal, cast.school).content.decode()
        assert "08:05–08:40" in page
        assert "The line was cut." in page
        assert "margin-left:10%;width:70%" in page
        assert "2 not charged" in page
        assert "Nothing is charged" not in day(cast.other_principal, cast.other_school).content.decode()
        listed = section(cast.teacher, cast).content.decode()
        assert listed.count("not charged: The line was cut.") == 2
        spanish = client_of(cast.principal)
        spanish.cookies["language"] = "es"
        url = reverse("attendance:day", args=[cast.school.id])
        assert "Se cortó la línea." in spanish.get(url, {"on": ON.isoformat()}).content.decode()


def test_one_and_three_amnesties_take_the_same_number_of_queries(cast: Cast) -> None:
    publish()
    meet(cast.section)
    client, url = client_of(cast.principal), reverse("attendance:day", args=[cast.school.id])
    with clock.at(AFTER):
        close_ended()
        declare(cast)
        one = queries_of(lambda: client.get(url, {"on": ON.isoformat()}))
        declare(cast, from_at=BELL + MINUTE)
        declare(cast, until_at=None)
        assert queries_of(lambda: client.get(url, {"on": ON.isoformat()})) == one


def test_the_file_and_the_interfaces_say_what_is_not_charged(cast: Cast) -> None:
    publish()
    meeting = meet(cast.section)
    with clock.at(AFTER):
        took(event("arrived", cast.twin, meeting, 1))
        close_ended()
        _, rows = exported(cast.principal, cast.school)
        assert {row["student"]: row["charged"] for row in rows} == {"src-naika.p": "yes", "src-naika.p2": ""}
        declare(cast)
        _, rows = exported(cast.principal, cast.school)
        told = {row["student"]: (row["status"], row["charged"], row["not_charged_because"]) for row in rows}
        assert told == {"src-naika.p": ("absent", "no", "The line was cut."), "src-naika.p2": ("present", "", "")}
        client = client_of(cast.teacher)
        answer = client.get("/api/register", {"section": cast.section.id, "on": ON.isoformat()}).json()
        entries = {entry["sub"]: entry for entry in answer["meetings"][0]["entries"]}
        assert entries[cast.student.id]["charged"] is False
        assert entries[cast.student.id]["not_charged_because"] == REASON
        assert entries[cast.twin.id]["not_charged_because"] is None
        client = client_of(cast.guardian)
        children = {child["id"]: child["meetings"] for child in client.get("/api/family").json()["children"]}
        assert children[cast.student.id][0]["not_charged_because"]["ht"] == "Liy lan te koupe."
        assert Client().get("/api/family").status_code == 401
