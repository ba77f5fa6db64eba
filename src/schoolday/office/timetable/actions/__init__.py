"""What changes the timetable. Each act is one transaction with its audit row."""

from schoolday.office.timetable.actions.meetings import compute_meetings

__all__ = ["compute_meetings"]
