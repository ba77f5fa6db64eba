"""Grades as families read them, from OneRoster's codes."""

from schoolday.contracts.plan import SectionPlan, Texts
from schoolday.office.pathways.cards.words import WORDS, said

_BEFORE = ("IT", "PR", "PK", "TK")
_ORDER = (*_BEFORE, "KG", *(f"{grade:02}" for grade in range(1, 14)))


def codes_of(section: SectionPlan) -> tuple[str, ...]:
    """Return the section's grades that we know, lowest first."""
    named = {code.strip().upper() for code in section.grades.split(",")}
    return tuple(code for code in _ORDER if code in named)


def rank(section: SectionPlan) -> int:
    """Return where the section stands in a school: by its lowest grade, those without one last."""
    codes = codes_of(section)
    return _ORDER.index(codes[0]) if codes else len(_ORDER)


def named(section: SectionPlan) -> Texts:
    """Return `Grade 7`, `Grade 7-8`, `Kindergarten` in each language."""
    codes = codes_of(section)
    if not codes:
        return WORDS["other_grades"]
    numbers = [str(int(code)) for code in codes if code.isdigit()]
    if codes[0] == "KG" and len(codes) == 1:
        return WORDS["kindergarten"]
    if not numbers:
        return WORDS["before_kindergarten"]
    first = numbers[0] if codes[0].isdigit() else "K" if codes[0] == "KG" else "PK"
    return said(WORDS["grade"], grade=first if first == numbers[-1] else f"{first}-{numbers[-1]}")
