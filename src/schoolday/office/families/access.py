"""Who may print how the children of a class call in: its teachers, and the office of its school."""

from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section
from schoolday.office.signin.access_sections import access_section
from schoolday.office.signin.membership import Days


def access_slips(person: Person, section_id: str) -> tuple[Section, Days]:
    """
    Return a section whose slips this person may print and hand out. About seven queries.

    :raises NotYours: if there is none, or she neither teaches it nor is in its school's office
    """
    return access_section(person, section_id, aides=False)
