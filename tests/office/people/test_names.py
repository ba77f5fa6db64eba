import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from schoolday.office.people.models import Person
from schoolday.office.people.names import names_in

FEW_NAMES = st.sampled_from(["Naïka", "naïka", unicodedata.normalize("NFD", "Naïka"), "Jean", "Jean  Luc", "N"])
ANY_NAME = st.one_of(FEW_NAMES, st.text(st.characters(categories=("L", "M", "N", "Zs")), max_size=6))
FAMILY = st.one_of(st.sampled_from(["Pierre", "Pierre 1", "Pierre A.", "Pierre 2"]), ANY_NAME)


def person(id_: str, given_name: str, family: str, middle: str = "", preferred: str = "") -> Person:
    return Person(id=id_, given_name=given_name, family_name=family, middle_name=middle, preferred_name=preferred)


def test_a_name_of_its_own_stays_as_it_is() -> None:
    assert names_in([person("1", "Leo", "García", "Luis")]) == {"1": "Leo García"}


def test_the_preferred_name_is_the_name() -> None:
    assert names_in([person("1", "Leonardo", "García", preferred="Leo")]) == {"1": "Leo García"}


def test_two_of_one_name_are_told_apart_by_the_middle_initial() -> None:
    twins = [person("1", "Naïka", "Pierre", "anne"), person("2", "Naïka", "Pierre", "Rose")]
    assert names_in(twins) == {"1": "Naïka Pierre A.", "2": "Naïka Pierre R."}


def test_without_a_middle_name_a_number_tells_them_apart() -> None:
    twins = [person("2", "Naïka", "Pierre"), person("1", "Naïka", "Pierre")]
    assert names_in(twins) == {"1": "Naïka Pierre 1", "2": "Naïka Pierre 2"}


def test_the_same_initial_does_not_help() -> None:
    three = [person("1", "A", "B", "Ann"), person("2", "A", "B", "Amy"), person("3", "A", "B", "Zoe")]
    assert names_in(three) == {"1": "A B 1", "2": "A B 2", "3": "A B Z."}


def test_a_number_that_is_somebodys_name_is_not_given_away() -> None:
    people = [person("1", "A", "B"), person("2", "A", "B"), person("3", "A", "B 1")]
    assert names_in(people) == {"1": "A B 2", "2": "A B 3", "3": "A B 1"}


def test_one_person_twice_is_one_person() -> None:
    assert names_in([person("1", "A", "B"), person("1", "A", "B")]) == {"1": "A B"}


PEOPLE = st.lists(st.tuples(ANY_NAME, FAMILY, st.sampled_from(["", "A", "ann", "Rose", "1"])), max_size=12)


@given(PEOPLE)
def test_no_two_names_look_alike_and_order_plays_no_part(rows: list[tuple[str, str, str]]) -> None:
    people = [person(f"id{number}", *row) for number, row in enumerate(rows)]
    names = names_in(people)
    assert names.keys() == {one.id for one in people}
    seen = [" ".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in names.values()]
    assert len(set(seen)) == len(seen)
    assert names_in(reversed(people)) == names
