"""What can be wrong with bells.csv and calendar.csv: the roster's sentences, and our own."""

from schoolday.office.rosters.oneroster import problems as roster
from schoolday.office.rosters.oneroster.problems import Problem, Report

SENTENCES = {
    **roster.SENTENCES,
    "no_such_path": "There is no such file or folder. Say the folder or the zip that holds bells.csv or calendar.csv.",
    "not_a_roster": "This is neither a folder nor a zip. Say the one that holds bells.csv or calendar.csv.",
    "no_files": "There is neither a bells.csv nor a calendar.csv in it. Add one of them.",
    "bad_time": "%(column)s is “%(value)s”. Write a time of day as 08:30, from 00:00 to 23:59.",
    "ends_before_it_starts": "The period ends at %(ends)s and starts at %(starts)s. Let it end later, on the same day.",
    "overlap": "The period overlaps with %(period)s in line %(other)s. Move one of them; only ALL may overlap.",
    "duplicate_period": "Line %(other)s has the same period of this school and day type. Keep one of them.",
    "duplicate_day": "Line %(other)s has the same date for the same school. Keep one of them.",
    "unknown_school": "schoolSourcedId is “%(value)s”, and the roster has no such school. Import the roster first, or "
    "correct it.",
    "unknown_day_type": "dayType is “%(value)s”, which has no bells here. Add them to bells.csv, or correct it.",
}


class TimetableProblem(Problem, frozen=True):
    """One thing that is wrong, with our sentences."""

    @property
    def text(self) -> str:
        """The English sentence."""
        return SENTENCES[self.code] % self.values


def ours(report: Report) -> tuple[TimetableProblem, ...]:
    """Return the problems of a report, file by file, line by line."""
    return tuple(TimetableProblem(p.file, p.line, p.code, p.values) for p in report)
