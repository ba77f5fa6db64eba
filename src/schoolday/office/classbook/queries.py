"""Reading the book: of one meeting, of a section over its days, of one child."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from schoolday.office.attendance.models import RegisterEntry
from schoolday.office.attendance.queries import parts_of, settle, students_of
from schoolday.office.classbook.access import Reading
from schoolday.office.classbook.models import ClassFile, Note
from schoolday.office.classbook.words import UNTOLD, kind_words, sentence
from schoolday.office.people.models import Person
from schoolday.office.people.names import names_in
from schoolday.office.rosters.models import Enrollment, Section
from schoolday.office.rosters.queries import enrollment_in_force
from schoolday.office.timetable.models import Meeting
from schoolday.office.timetable.zones import zone_of

TOOK_PART = ("hand", "answer", "chat", "board", "group")
MEETINGS_SHOWN = 10


@dataclass
class ChildLine:
    """
    One student in one meeting: what the register and the notes say. Nobody is ranked: by family name.

    `name`: as her class knows her, so that two of one name are told apart.
    """

    student: Person
    name: str
    entry: RegisterEntry | None
    hands: int = 0
    answers: int = 0
    chats: int = 0
    spoke_seconds: int = 0
    parts: list[str] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return self.entry.minutes_present if self.entry else 0

    @property
    def took_part(self) -> bool:
        return bool(self.hands or self.answers or self.chats or self.spoke_seconds or self.parts)


@dataclass(frozen=True)
class Moment:
    """One line of the story of a lesson. `is_gone`: a message that a grown-up deleted."""

    at: datetime
    clock: str
    kind: str
    word: str
    who: str
    person_id: str
    text: str
    is_gone: bool = False


@dataclass(frozen=True)
class PollBar:
    answer: str
    count: int
    share: int


@dataclass(frozen=True)
class PollResult:
    question: str
    bars: list[PollBar]


@dataclass
class Book:
    """One meeting, whole."""

    meeting: Meeting
    lines: list[ChildLine]
    moments: list[Moment]
    polls: list[PollResult]
    files: list[ClassFile]


def book_of(meeting: Meeting) -> Book:
    """Return the whole book of a meeting; 6 queries, however much happened."""
    notes = list(Note.objects.filter(meeting_id=meeting.id).order_by("at", "id"))
    students = students_of(meeting.section, meeting.on)
    entries = {row.person_id: settle(row, meeting) for row in RegisterEntry.objects.filter(meeting=meeting)}
    parts = parts_of([meeting])
    names = names_in(students)
    lines = {
        one.id: ChildLine(one, names[one.id], entries.get(one.id), parts=parts.get((meeting.id, one.id), []))
        for one in students
    }
    for note in notes:
        if note.person_id in lines:
            _count(lines[note.person_id], note)
    others = {note.person_id for note in notes if note.person_id} - set(names)
    names |= {one.id: one.name for one in Person.objects.filter(id__in=others)}
    files = list(ClassFile.objects.filter(meeting_id=meeting.id, deleted_at=None).order_by("at", "id"))
    return Book(
        meeting, list(lines.values()), _moments(notes, names, zone_of(meeting.section.school)), _polls(notes), files
    )


@dataclass(frozen=True)
class Row:
    """One meeting of a section, as a line of its book."""

    meeting: Meeting
    students: int
    took_part: int
    notes: int
    files: int


@dataclass
class Child:
    """One student over the last meetings, oldest first; `did`: how many ways she took part in each."""

    student: Person
    name: str
    did: list[int]


def rows_of(reading: Reading, *, first: date, last: date) -> list[Row]:
    """Return the meetings of a section in these days whose book somebody may read, the newest first; 4 queries."""
    section = reading.section
    found = Meeting.objects.filter(section=section, on__range=(first, last)).order_by("-starts_at")
    meetings = [meeting for meeting in found if reading.of(meeting.on)]
    ids = [meeting.id for meeting in meetings]
    did = _who_did_what(section, meetings)
    counted = Note.objects.filter(section=section, on__range=(first, last)).exclude(kind__in=UNTOLD).order_by()
    notes = dict(counted.values_list("meeting_id").annotate(count=Count("id")))
    given = ClassFile.objects.filter(section=section, meeting_id__in=ids, deleted_at=None).order_by()
    files = dict(given.values_list("meeting_id").annotate(count=Count("id")))
    people: dict[str, set[str]] = defaultdict(set)
    for meeting_id, person_id in did:
        people[meeting_id].add(person_id)
    size = len(students_of(section, last))
    return [
        Row(meeting, size, len(people[meeting.id]), notes.get(meeting.id, 0), files.get(meeting.id, 0))
        for meeting in meetings
    ]


def children_of_section(section: Section, meetings: Sequence[Meeting], on: date) -> list[Child]:
    """Return how the students of a day took part in these meetings, each over time; 3 queries."""
    in_order = sorted(meetings, key=lambda meeting: meeting.starts_at)
    did = _who_did_what(section, in_order)
    students = students_of(section, on)
    names = names_in(students)
    return [
        Child(student, names[student.id], [len(did.get((meeting.id, student.id), ())) for meeting in in_order])
        for student in students
    ]


@dataclass(frozen=True)
class OwnLine:
    """What a family sees of one meeting: its own child's part, and what was given to the class."""

    meeting: Meeting
    line: ChildLine
    answers: list[str]
    files: list[ClassFile]


def lines_of_child(child: Person, *, first: date, last: date) -> list[OwnLine]:
    """
    Return one child's own lines over some days, the newest first; 6 queries. Of classmates, and of what others said,
    nothing is read.
    """
    enrolled = Enrollment.objects.filter(enrollment_in_force(last), person=child, role="student")
    sections = list(enrolled.values_list("section_id", flat=True))
    found = Meeting.objects.filter(section__in=sections, on__range=(first, last)).select_related("section")
    meetings = {meeting.id: meeting for meeting in found.order_by("-starts_at")}
    entries = {
        row.meeting_id: settle(row, meetings[row.meeting_id])
        for row in RegisterEntry.objects.filter(meeting__in=list(meetings), person=child)
    }
    parts = parts_of(list(meetings.values()))
    lines = {
        id_: OwnLine(
            meeting, ChildLine(child, child.name, entries.get(id_), parts=parts.get((id_, child.id), [])), [], []
        )
        for id_, meeting in meetings.items()
    }
    notes = Note.objects.filter(meeting_id__in=list(meetings), person_id=child.id).order_by("at", "id")
    questions = Note.objects.filter(meeting_id__in=list(meetings), kind="poll")
    asked = {(note.meeting_id, note.key): sentence(note) for note in questions}
    for note in notes:
        own = lines[note.meeting_id]
        _count(own.line, note)
        if note.kind == "answer":
            question = asked.get((note.meeting_id, str(note.body.get("poll", ""))), "")
            own.answers.append(": ".join(filter(None, (question, str(note.body.get("answer", ""))[:200]))))
    for file in ClassFile.objects.filter(meeting_id__in=list(meetings), deleted_at=None).order_by("at", "id"):
        lines[file.meeting_id].files.append(file)
    return [one for one in lines.values() if one.line.took_part or one.line.entry or one.files]


def _count(line: ChildLine, note: Note) -> None:
    if note.kind == "hand":
        line.hands += 1
    elif note.kind == "answer":
        line.answers += 1
    elif note.kind == "chat":
        line.chats += 1
    elif note.kind == "spoke":
        seconds = note.body.get("seconds", 0)
        line.spoke_seconds += int(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 86_400 else 0
    elif note.kind in TOOK_PART and note.kind not in line.parts:
        line.parts.append(note.kind)


def _moments(notes: Iterable[Note], names: dict[str, str], zone: ZoneInfo) -> list[Moment]:
    notes = list(notes)
    words = kind_words()
    gone = {str(note.body.get("id", "")) for note in notes if note.kind == "chat_deleted"}
    return [
        Moment(
            at=note.at,
            clock=note.at.astimezone(zone).strftime("%H:%M:%S"),
            kind=note.kind,
            word=words.get(note.kind, note.kind),
            who=names.get(note.person_id, ""),
            person_id=note.person_id,
            text=sentence(note),
            is_gone=note.kind == "chat" and note.key in gone,
        )
        for note in notes
        if note.kind not in UNTOLD and note.kind != "chat_deleted"
    ]


def _polls(notes: Iterable[Note]) -> list[PollResult]:
    found = []
    for note in notes:
        result = note.body.get("result") if note.kind == "poll" else None
        if not isinstance(result, list):
            continue
        counted: Counter[str] = Counter()
        for one in result[:40]:
            if isinstance(one, dict) and isinstance(one.get("count"), int):
                counted[str(one.get("answer", ""))[:60]] += max(0, one["count"])
        total = sum(counted.values()) or 1
        bars = [PollBar(answer, count, round(100 * count / total)) for answer, count in counted.items()]
        found.append(PollResult(sentence(note), bars))
    return found


def _who_did_what(section: Section, meetings: Sequence[Meeting]) -> dict[tuple[str, str], set[str]]:
    """Return the ways in which students took part, by meeting and person: by notes and by their own devices."""
    did: dict[tuple[str, str], set[str]] = defaultdict(set)
    students = Q(kind__in=(*TOOK_PART, "spoke")) & ~Q(person_id="")
    rows = Note.objects.filter(students, section=section, meeting_id__in=[meeting.id for meeting in meetings])
    for meeting_id, person_id, kind in rows.order_by().values_list("meeting_id", "person_id", "kind").distinct():
        did[meeting_id, person_id].add(kind)
    for pair, ways in parts_of(list(meetings)).items():
        did[pair] |= set(ways)
    enrolled = Enrollment.objects.filter(section=section, role="student").values_list("person_id", flat=True)
    of_class = set(enrolled)
    return {pair: ways for pair, ways in did.items() if pair[1] in of_class}
