"""Importing bells.csv and calendar.csv."""

import json
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from click.testing import CliRunner

from schoolday.lib import clock
from schoolday.office.people.models import AuditEntry
from schoolday.office.timetable.actions import import_timetable
from schoolday.office.timetable.commands import timetable
from schoolday.office.timetable.models import CalendarDay, Meeting, Period
from tests.cast import Cast

BELLS = "schoolSourcedId,dayType,period,starts,ends\ns1,regular,1,08:30,09:15\ns1,regular,2,09:20,10:05\n"
CALENDAR = "schoolSourcedId,date,dayType,name\n,2026-09-07,,Labor Day\ns1,2026-09-05,regular,Open Saturday\n"

pytestmark = pytest.mark.usefixtures("cast")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bells.csv").write_text(BELLS)
    (tmp_path / "calendar.csv").write_text(CALENDAR)
    return tmp_path


def problems(folder: Path, *, bells: str = "", calendar: str = "") -> list[str]:
    """Import files with these rows more; nothing may have been written."""
    (folder / "bells.csv").write_text(BELLS + bells)
    (folder / "calendar.csv").write_text(CALENDAR + calendar)
    done = import_timetable(folder)
    assert done.problem_count == len(done.problems) > 0
    assert not Period.objects.exists()
    assert not CalendarDay.objects.exists()
    assert not AuditEntry.objects.exists()
    return [str(problem) for problem in done.problems]


def test_imports_bells_and_calendar_and_makes_the_meetings_of_today(folder: Path, cast: Cast) -> None:
    with clock.at(datetime(2026, 9, 1, 10, 0, tzinfo=UTC)):
        done = import_timetable(folder, actor=cast.operator)
    assert done.problems == ()
    nothing = {"changed": 0, "removed": 0}
    assert done.counts == {"bells": {"added": 2, **nothing}, "calendar": {"added": 2, **nothing}}
    periods = Period.objects.filter(schedule__school=cast.school, schedule__day_type="regular").order_by("starts")
    assert list(periods.values_list("code", "starts", "ends")) == [
        ("1", time(8, 30), time(9, 15)),
        ("2", time(9, 20), time(10, 5)),
    ]
    assert list(CalendarDay.objects.order_by("on").values_list("school_id", "on", "day_type", "name")) == [
        (cast.school.id, date(2026, 9, 5), "regular", "Open Saturday"),
        (None, date(2026, 9, 7), "", "Labor Day"),
    ]
    assert set(Meeting.objects.values_list("on", flat=True)) == {date(2026, 9, 1), date(2026, 9, 2)}
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor_id, entry.detail["counts"]) == ("timetable.imported", cast.operator.id, done.counts)


def test_the_same_files_twice_change_nothing(folder: Path) -> None:
    import_timetable(folder)
    before = [list(model.objects.order_by("pk").values()) for model in (Period, CalendarDay, Meeting)]
    done = import_timetable(folder)
    assert [list(model.objects.order_by("pk").values()) for model in (Period, CalendarDay, Meeting)] == before
    assert all(count == 0 for counts in done.counts.values() for count in counts.values())
    assert AuditEntry.objects.count() == 1


def test_a_named_schedule_becomes_what_the_file_says_and_others_stay(folder: Path) -> None:
    import_timetable(folder)
    (folder / "bells.csv").write_text(
        "schoolSourcedId,dayType,period,starts,ends\ns1,regular,2,09:30,10:05\ns1,early,1,08:30,09:00\n"
    )
    assert import_timetable(folder).counts["bells"] == {"added": 1, "changed": 1, "removed": 1}
    (folder / "bells.csv").write_text("schoolSourcedId,dayType,period,starts,ends\ns1,early,1,08:40,09:00\n")
    assert import_timetable(folder).counts["bells"] == {"added": 0, "changed": 1, "removed": 0}
    found = Period.objects.order_by("schedule__day_type").values_list("schedule__day_type", "code", "starts")
    assert list(found) == [("early", "1", time(8, 40)), ("regular", "2", time(9, 30))]


def test_calendar_says_all_between_its_first_and_last_date_of_each_scope(folder: Path, cast: Cast) -> None:
    for on in ("2026-09-06", "2026-09-08", "2026-09-10"):
        CalendarDay.objects.create(school=None, on=on, day_type="", name="Marked by hand")
    CalendarDay.objects.create(school=cast.school, on="2026-09-08", day_type="")
    CalendarDay.objects.create(school=cast.other_school, on="2026-09-08", day_type="")
    (folder / "calendar.csv").write_text(
        "schoolSourcedId,date,dayType,name\n,2026-09-07,,Labor Day\n,2026-09-09,,Storm\ns1,2026-09-07,regular,\n"
    )
    assert import_timetable(folder).counts["calendar"] == {"added": 3, "changed": 0, "removed": 1}
    district = CalendarDay.objects.filter(school=None).order_by("on")
    assert [f"{on:%d}" for on in district.values_list("on", flat=True)] == ["06", "07", "09", "10"]
    assert CalendarDay.objects.filter(school__isnull=False).count() == 3


def test_dry_run_counts_and_writes_nothing(folder: Path) -> None:
    done = import_timetable(folder, is_dry_run=True)
    assert done.counts["bells"]["added"] == 2
    assert not Period.objects.exists()
    assert not Meeting.objects.exists()
    assert not AuditEntry.objects.exists()


def test_every_problem_is_in_one_report_with_its_line(folder: Path) -> None:
    assert problems(
        folder,
        bells="s1,regular,3,10:00,10:30\n"  # 4: overlaps with 2
        "s1,regular,4,11:00,10:30\n"
        "nowhere,regular,1,08:00,09:00\n"
        "s1,regular,5,8h30,25:00\n"
        "s1,regular,1,12:00,13:00\n"
        "s1,,6,13:00,14:00\n"
        "s1,regular\n",
        calendar=",2026-02-30,,\n,2026-09-07,regular,\nnowhere,2026-09-08,,\n,2026-09-09,late,\ns2,2026-09-09,regular,\n",
    ) == [
        "bells.csv:4: The period overlaps with 2 in line 3. Move one of them; only ALL may overlap.",
        "bells.csv:5: The period ends at 10:30 and starts at 11:00. Let it end later, on the same day.",
        "bells.csv:6: schoolSourcedId is “nowhere”, and the roster has no such school. Import the roster first, or "
        "correct it.",
        "bells.csv:7: starts is “8h30”. Write a time of day as 08:30, from 00:00 to 23:59.",
        "bells.csv:7: ends is “25:00”. Write a time of day as 08:30, from 00:00 to 23:59.",
        "bells.csv:8: Line 2 has the same period of this school and day type. Keep one of them.",
        "bells.csv:9: dayType is empty. Fill it in.",
        "bells.csv:10: The row has 2 values and the first line has 5 columns. Check commas and quotes.",
        "calendar.csv:4: date is “2026-02-30”. Write a date as 2026-09-01.",
        "calendar.csv:5: Line 2 has the same date for the same school. Keep one of them.",
        "calendar.csv:6: schoolSourcedId is “nowhere”, and the roster has no such school. Import the roster first, or "
        "correct it.",
        "calendar.csv:7: dayType is “late”, which has no bells here. Add them to bells.csv, or correct it.",
        "calendar.csv:8: dayType is “regular”, which has no bells here. Add them to bells.csv, or correct it.",
    ]


@pytest.mark.parametrize("value", ["24:00", "8", "08:30:30", "08:3", "-1:30", "08:60", "٠٨:30", "0830", "008:30"])
def test_odd_times_are_refused(folder: Path, value: str) -> None:
    assert problems(folder, bells=f"s1,early,1,{value},23:59\n") == [
        f"bells.csv:4: starts is “{value}”. Write a time of day as 08:30, from 00:00 to 23:59."
    ]


def test_all_day_may_overlap(folder: Path) -> None:
    (folder / "bells.csv").write_text(BELLS + "s1,regular,ALL,08:30,15:00\n")
    assert import_timetable(folder).problems == ()


def test_byte_order_mark_crlf_extra_columns_and_another_order_are_fine(folder: Path) -> None:
    text = '\ufeffperiod,ends,STARTS,note,dayType,schoolSourcedId\r\n1,09:15:00,8:30,"two\r\nlines",regular,s1\r\n\r\n'
    (folder / "bells.csv").write_bytes(text.encode())
    assert import_timetable(folder).problems == ()
    assert Period.objects.get().starts == time(8, 30)


def test_wrong_encoding_and_missing_columns_name_the_file_and_line(folder: Path) -> None:
    (folder / "bells.csv").write_bytes(BELLS.encode() + b"s1,regular,Espa\xf1ol,10:10,10:50\n")
    (folder / "calendar.csv").write_text("schoolSourcedId,day\n")
    found = [str(problem) for problem in import_timetable(folder).problems]
    assert found[0].startswith("bells.csv:4: Byte 16 of this line (0xF1) is not UTF-8.")
    assert [line.partition(".csv:1: ")[2] for line in found[1:]] == [
        f"The column {name} is missing. Add it to the first line." for name in ("date", "dayType", "name")
    ]


def test_zip_or_only_one_of_the_files_will_do(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    packed = tmp_path_factory.mktemp("zip") / "bells.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(folder / "bells.csv", "bells.csv")
    assert import_timetable(packed).counts["bells"]["added"] == 2


def test_neither_file_is_a_problem(tmp_path: Path) -> None:
    (done,) = import_timetable(tmp_path).problems
    assert "neither a bells.csv nor a calendar.csv" in str(done)
    (done,) = import_timetable(tmp_path / "nowhere").problems
    assert "no such file or folder" in str(done)


def test_command_says_what_it_did_and_exits_by_it(folder: Path) -> None:
    run = CliRunner().invoke
    done = run(timetable, ["import", str(folder), "--dry-run", "--json"])
    assert (done.exit_code, json.loads(done.output)["state"]) == (0, "previewed")
    assert "2 added" in run(timetable, ["import", str(folder)]).output
    (folder / "bells.csv").write_text(BELLS + "s1,early,1,09:00,08:00\n")
    refused = run(timetable, ["import", str(folder), "--json"])
    answer = json.loads(refused.output)
    assert (refused.exit_code, answer["state"]) == (2, "refused")
    assert answer["problems"][0]["line"] == 4
    assert answer["problems"][0]["code"] == "ends_before_it_starts"
    plain = run(timetable, ["import", str(folder)])
    assert plain.exit_code == 2
    assert "bells.csv:4: The period ends at 08:00" in plain.output
    assert "Nothing was written." in plain.output
