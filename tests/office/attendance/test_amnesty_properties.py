"""Any amnesties in any order, with evidence and marks between them: undoing all gives back what was without them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schoolday.lib import clock
from schoolday.office.attendance.amnesty_actions import declare_amnesty, reopen_amnesty, set_window, undo_amnesty
from schoolday.office.attendance.closing import close_ended
from schoolday.office.attendance.models import Amnesty, RegisterEntry
from schoolday.office.attendance.recompute import recompute
from schoolday.office.attendance.scope import Scope
from schoolday.office.people.models import Person
from schoolday.office.timetable.models import Meeting
from tests.cast import Cast
from tests.office.attendance.day import AFTER, BELL, event, meet, took
from tests.office.attendance.test_amnesty import REASON
from tests.office.attendance.test_closing import publish

minutes = st.integers(-30, 200)
windows = st.tuples(minutes, st.integers(1, 120))
scopes = st.sampled_from(["district", "here", "there", "band", "section"])
acts = st.one_of(
    st.tuples(st.just("declare"), windows, scopes),
    st.tuples(st.just("window"), windows, st.integers(0, 3)),
    st.tuples(st.just("undo"), st.just(None), st.integers(0, 3)),
    st.tuples(st.just("reopen"), st.just(None), st.integers(0, 3)),
    st.tuples(st.just("arrive"), minutes, st.integers(0, 2)),
    st.tuples(st.just("mark"), st.sampled_from(["", "present", "tardy", "absent", "excused"]), st.integers(0, 1)),
    st.tuples(st.just("close"), st.just(None), st.just(0)),
)


def register(*, with_amnesty: bool) -> list[dict[str, Any]]:
    dropped = {"id", "computed_at"} | (set() if with_amnesty else {"amnesty_id"})
    rows = RegisterEntry.objects.order_by("meeting", "person").values()
    return [{name: value for name, value in row.items() if name not in dropped} for row in rows]


def play(cast: Cast, days: list[Meeting], script: list[Any]) -> None:
    people: list[Person] = [cast.student, cast.twin, cast.other_student]
    where = {
        "district": Scope(),
        "here": Scope(schools=(cast.school.id,)),
        "there": Scope(schools=(cast.other_school.id,)),
        "band": Scope(bands=("6-8",)),
        "section": Scope(sections=(cast.section.id,)),
    }
    made: list[Amnesty] = []
    for n, (verb, what, which) in enumerate(script):
        if verb == "declare":
            start = BELL + timedelta(minutes=what[0])
            until_at = start + timedelta(minutes=what[1])
            made.append(declare_amnesty(None, scope=where[which], from_at=start, until_at=until_at, reason=REASON))
        elif verb in ("window", "undo", "reopen") and made:
            amnesty = made[which % len(made)]
            if verb == "window":
                start = BELL + timedelta(minutes=what[0])
                set_window(None, amnesty.id, from_at=start, until_at=start + timedelta(minutes=what[1]))
            else:
                (undo_amnesty if verb == "undo" else reopen_amnesty)(None, amnesty.id)
        elif verb == "arrive":
            took(event("arrived", people[which], days[0] if which < 2 else days[1], what))
        elif verb == "mark":
            took(event("teacher_mark", people[which], days[0], n, by=cast.teacher.id, status=what))
        elif verb == "close":
            close_ended(look_back=timedelta(days=1))


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(acts, max_size=12))
def test_undoing_all_is_as_if_none_had_been(cast: Cast, script: list[Any]) -> None:
    with transaction.atomic(), clock.at(AFTER + timedelta(hours=3)):
        publish()
        days = [meet(cast.section), meet(cast.other_section), meet(cast.section, bell=BELL + timedelta(hours=1))]
        play(cast, days, script)
        close_ended(look_back=timedelta(days=1))
        told = register(with_amnesty=True)
        # As computed one by one from nothing but the evidence: the same as what the sets have written.
        recompute({(row["meeting_id"], row["person_id"]) for row in told})
        assert register(with_amnesty=True) == told
        under = register(with_amnesty=False)
        for amnesty in Amnesty.objects.filter(undone_at=None):
            undo_amnesty(None, amnesty.id)
        assert not RegisterEntry.objects.filter(amnesty__isnull=False).exists()
        assert register(with_amnesty=False) == under, "an amnesty changes nothing but what is charged"
        transaction.set_rollback(True)  # the next example begins with the cast alone
