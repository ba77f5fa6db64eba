"""What changes the timetable. Each act is one transaction with its audit row."""

from schoolday.office.timetable.actions.importing import Imported, import_timetable, recompute
from schoolday.office.timetable.actions.meetings import compute_meetings

__all__ = ["Imported", "compute_meetings", "import_timetable", "recompute"]
