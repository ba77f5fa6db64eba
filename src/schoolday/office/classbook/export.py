"""The book as a file: CSV for a spreadsheet, JSON for another program. docs/use/class-book.md tells the columns."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

from schoolday.office.attendance.export import BYTE_ORDER_MARK, harmless
from schoolday.office.classbook.queries import Book, book_of
from schoolday.office.rosters.models import Section
from schoolday.office.timetable.models import Meeting
from schoolday.office.timetable.zones import zone_of

COLUMNS = ("date", "meeting", "at", "kind", "student", "name", "text", "deleted")


def rows(book: Book) -> Iterator[Mapping[str, object]]:
    """Yield one row per child, then one per moment; times on the school's wall with the zone's offset."""
    meeting = book.meeting
    zone = zone_of(meeting.section.school)
    whose = {line.student.id: line.student for line in book.lines}
    common = {"date": meeting.on.isoformat(), "meeting": meeting.id}
    for line in book.lines:
        entry = line.entry
        facts = (
            f"status={entry.shown_status if entry else ''} minutes={line.minutes} hands={line.hands} "
            f"answers={line.answers} chat={line.chats} spoke_seconds={line.spoke_seconds}"
        )
        student = line.student
        known = {"student": student.sourced_id, "name": student.name}
        yield common | {"at": "", "kind": "child", **known, "text": facts, "deleted": ""}
    for moment in book.moments:
        student_or_none = whose.get(moment.person_id)
        yield common | {
            "at": moment.at.astimezone(zone).isoformat(timespec="seconds"),
            "kind": moment.kind,
            "student": student_or_none.sourced_id if student_or_none else "",
            "name": moment.who,
            "text": moment.text,
            "deleted": "yes" if moment.is_gone else "",
        }


def as_csv(book: Book) -> str:
    """Return the CSV file: UTF-8 with a byte order mark, CRLF, no cell that a spreadsheet takes for a formula."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(row[column]) for column in COLUMNS] for row in rows(book))
    return out.getvalue()


def as_dict(book: Book) -> dict[str, object]:
    """Return a meeting's book for JSON."""
    meeting = book.meeting
    zone = zone_of(meeting.section.school)
    return {
        "meeting": meeting.id,
        "section": meeting.section.sourced_id,
        "date": meeting.on.isoformat(),
        "starts_at": meeting.starts_at.astimezone(zone).isoformat(timespec="seconds"),
        "ends_at": meeting.ends_at.astimezone(zone).isoformat(timespec="seconds"),
        "children": [
            {
                "student": line.student.sourced_id,
                "name": line.name,
                "status": line.entry.shown_status if line.entry else "",
                "minutes": line.minutes,
                "hands": line.hands,
                "answers": line.answers,
                "chat": line.chats,
                "spoke_seconds": line.spoke_seconds,
                "took_part": line.parts,
            }
            for line in book.lines
        ],
        "timeline": [row for row in rows(book) if row["kind"] != "child"],
        "polls": [
            {"question": one.question, "answers": {bar.answer: bar.count for bar in one.bars}} for one in book.polls
        ],
        "files": [
            {"id": one.id, "kind": one.kind, "name": one.name, "media_type": one.media_type, "bytes": one.size_bytes,
             "sha256": one.sha256}
            for one in book.files
        ],
    }  # fmt: skip


def books_of(section: Section, *, first: date, last: date) -> Iterator[Book]:
    """Yield the books of a section's meetings in these days, by time; one is in memory at a time."""
    meetings = Meeting.objects.filter(section=section, on__range=(first, last)).select_related(
        "section__school__parent"
    )
    for meeting in meetings.order_by("starts_at", "id"):
        yield book_of(meeting)
