"""The list of families to call as a CSV file."""

import csv
import io
from collections.abc import Iterator

from schoolday.office.attendance.export import BYTE_ORDER_MARK, harmless
from schoolday.office.console.readiness.calls import families_to_call, sentence
from schoolday.office.console.readiness.days import NextDay
from schoolday.office.people.models import Org, Person

COLUMNS = (
    "call", "outcome", "guardian", "phone", "language", "other_guardians", "student", "family_name", "given_name",
    "grade", "section", "missing", "say", "say_in_english",
)  # fmt: skip


def csv_lines(school: Org, day: NextDay) -> Iterator[str]:
    """Yield the lines of the file, a row per student; rows of one `call` are one family. As the register's file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    yield BYTE_ORDER_MARK + _taken(buffer)
    for number, family in enumerate(families_to_call(school, day), 1):
        say = sentence(family, school=school, on=day.on, language=family.language) if family.guardian else ""
        english = sentence(family, school=school, on=day.on, language="en") if family.guardian else ""
        for child in family.children:
            row = (
                number,
                child.note.outcome if child.note else "",
                family.guardian.name if family.guardian else "",
                family.guardian.phone if family.guardian else "",
                family.guardian.language if family.guardian else "",
                "; ".join(_with_number(other) for other in family.others),
                child.person.sourced_id,
                child.person.family_name,
                child.person.given_name,
                child.person.grade,
                child.section.title if child.section else "",
                child.state,
                say,
                english,
            )
            writer.writerow([harmless(cell) for cell in row])
        yield _taken(buffer)


def _with_number(guardian: Person) -> str:
    return f"{guardian.name} {guardian.phone}".strip()


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
