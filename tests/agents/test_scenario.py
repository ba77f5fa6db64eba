"""The script of a practice class: the same for the same seed, and nothing in it that a child could not do."""

import random
from collections import defaultdict
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from schoolday.agents.practice import avatar, polls
from schoolday.agents.practice.cast import CHAT, cast
from schoolday.agents.practice.scenario import Kind, script
from schoolday.agents.practice.steering import Rules

KINDS: tuple[Kind, ...] = get_args(Kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_is_a_class_that_can_be_had_again(kind: Kind) -> None:
    assert script(kind, students=8, seed=3) == script(kind, students=8, seed=3)
    assert script(kind, students=8, seed=3) != script(kind, students=8, seed=4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("students", [1, 8, 29])
def test_everybody_comes_first_and_who_is_lost_comes_back(kind: Kind, students: int) -> None:
    events = script(kind, students=students, seed=7)
    assert [one.at for one in events] == sorted(one.at for one in events)
    mine = defaultdict(list)
    for one in events:
        mine[one.who].append(one)
    assert set(mine) == set(range(students))
    for each in mine.values():
        assert each[0].does == "come"
        for one, following in pairwise(each):
            assert (following.does == "back") == (one.does == "lost"), "between lost and back there is nothing"


def test_the_scenarios_are_as_they_are_called() -> None:
    counts = {
        kind: {does: sum(one.does == does for one in script(kind, students=8, seed=1)) for does in ("lost", "hand")}
        for kind in KINDS
    }
    assert counts["busy"]["hand"] > counts["calm"]["hand"]
    assert counts["first_day"]["lost"] > counts["calm"]["lost"]


def test_names_are_invented_and_two_are_alike_only_where_asked() -> None:
    names = [one.name for one in cast(29, seed=5)]
    assert len(set(names)) == 29
    twins = cast(8, seed=5, same_first_name=True)
    assert twins[0].name == twins[1].name
    assert twins[0].id != twins[1].id


def test_what_they_write_is_there_in_three_languages() -> None:
    used = {one.words for kind in KINDS for seed in range(20) for one in script(kind, students=8, seed=seed)} - {""}
    assert used <= set(CHAT)
    assert all(set(texts) == {"en", "es", "ht"} and all(texts.values()) for texts in CHAT.values())


def test_pictures_move_and_students_look_different() -> None:
    assert (avatar.frame(0, 1) != avatar.frame(0, 7)).any()
    assert (avatar.frame(0, 1)[0, 0] != avatar.frame(1, 1)[0, 0]).any()
    sound = np.frombuffer(avatar.tone(3, 1), np.int16)
    assert 100 < np.abs(sound).max() < 3_000, "it is heard, and soft"


def said(v: int, by: str, value: object) -> dict[str, object]:
    return {"rules": {"frozen": {"v": v, "by": by, "value": value}}}


def allowed(rules: Rules) -> tuple[bool, bool, bool]:
    return rules.may_speak, rules.may_show, rules.may_write


def test_rules_are_of_grown_ups_and_the_last_word_holds() -> None:
    rules = Rules()
    assert not rules.hear(said(9, "z", True), role="student")
    assert allowed(rules) == (True, True, True)
    assert rules.hear(said(1, "a", True), role="teacher")
    assert allowed(rules) == (False, False, False)
    assert not rules.hear(said(1, "a", False), role="aide"), "an old word"
    assert rules.hear(said(1, "b", False), role="aide"), "of two with one number the higher identity's"
    assert allowed(rules) == (True, True, True)
    nonsense: tuple[object, ...] = (None, [], {"rules": 4}, {"rules": {"frozen": 4}}, said(1, "a", True)["rules"])
    for one in nonsense:
        assert not rules.hear(one, role="teacher")


def test_an_answer_is_one_of_the_questions_and_of_nonsense_there_is_none() -> None:
    def answers(**poll: object) -> set[str]:
        return {polls.answer(dict(poll), word="good", chance=random.Random(seed)) for seed in range(40)}

    assert answers(form="yes_no") == {"yes", "no"}
    assert answers(form="abcd") == set("ABCD")
    assert answers(form="thumbs") == {"up", "down"}
    assert answers(form="own", options=["cat", "dog"]) == {"cat", "dog"}
    assert answers(form="word") == {"good"}
    assert all(float(one) for one in answers(form="number"))
    nonsense: tuple[dict[str, object], ...] = ({"form": "own", "options": 4}, {"form": "own"}, {"form": []}, {})
    for one in nonsense:
        assert answers(**one) == {""}
    asked: tuple[object, ...] = (
        None,
        [],
        "p1",
        {"state": "open"},
        {"id": "p1", "state": "closed"},
        {"id": 4, "state": "open"},
    )
    for rule in asked:
        assert polls.open_poll(rule) == ""
    assert polls.open_poll({"id": "p1", "state": "open"}) == "p1"
