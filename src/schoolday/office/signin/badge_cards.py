"""The cards of a class: what is printed on each child's badge."""

from dataclasses import dataclass

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from schoolday.contracts.badges import BadgeSerial, picture_pin, sign_badge, typed_code
from schoolday.lib.signing import Signer
from schoolday.office.people.models import Person
from schoolday.office.people.names import names_in
from schoolday.office.signin.keys import office_signer
from schoolday.office.signin.pictures import Picture, picture


@dataclass(frozen=True)
class Card:
    """One child's card. `qr`: inline SVG; `code`: what is typed where there is no camera."""

    person_id: str
    name: str
    code: str
    qr: SafeString


@dataclass(frozen=True)
class PictureRow:
    """One child's three pictures, for the teacher's eyes. `asked`: her grade's badges ask for them."""

    name: str
    pictures: tuple[Picture, ...]
    asked: bool


def cards_of(students: list[Person]) -> list[Card]:
    """Return a card for each student with a badge number; no query, about 10 ms each."""
    names, signer, secret = names_in(students), office_signer(), settings.SCHOOLDAY["CELL_SECRET"]
    return [
        Card(
            person_id=student.id,
            name=names[student.id],
            code=typed_code(student.badge_number, cell_secret=secret),
            qr=_qr(student.badge_number, signer),
        )
        for student in students
        if student.badge_number is not None
    ]


def picture_rows_of(students: list[Person]) -> list[PictureRow]:
    """Return each student's picture PIN; no query."""
    names, secret = names_in(students), settings.SCHOOLDAY["CELL_SECRET"]
    grades = settings.SCHOOLDAY.picture_pin_grades
    return [
        PictureRow(
            name=names[student.id],
            pictures=tuple(picture(code) for code in picture_pin(student.badge_number, cell_secret=secret)),
            asked=student.grade in grades,
        )
        for student in students
        if student.badge_number is not None
    ]


def _qr(number: int, signer: Signer) -> SafeString:
    text = sign_badge(BadgeSerial(district=settings.SCHOOLDAY["DISTRICT"], number=number), signer)
    # Level M: a badge lives in a schoolbag. The SVG is segno's own and holds nothing that anybody typed.
    return mark_safe(segno.make_qr(text, error="m").svg_inline(border=2, omitsize=True))  # noqa: S308 - see above
