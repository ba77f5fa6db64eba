import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from schoolday.office.rosters.oneroster.lines import read_rows
from schoolday.office.rosters.oneroster.problems import Report

CELLS = st.text(st.sampled_from("aé, \"\n\r'ï語"), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=8)


@settings(deadline=None)  # two shared cores: a pause is no failure
@given(ROWS, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_rows_come_back_with_the_line_where_they_begin(rows: list[list[str]], end: str, mark: bool) -> None:
    lines, text = [], ""
    for row in rows:
        lines.append(_line(text))
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=end).writerow(row)
        text += out.getvalue()
    report = Report()
    data = (b"\xef\xbb\xbf" if mark else b"") + text.encode()
    assert list(read_rows(io.BytesIO(data), "x.csv", report)) == list(zip(lines, rows, strict=True))
    assert len(report) == 0


def _line(text: str) -> int:
    """Count CRLF, LF and CR as one line end each."""
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1


@settings(deadline=None)  # two shared cores: a pause is no failure
@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    report = Report()
    for line, values in read_rows(io.BytesIO(data), "x.csv", report):
        assert line >= 1
        assert all("\0" not in value for value in values)


def test_empty_lines_are_passed_over_and_counted() -> None:
    rows = list(read_rows(io.BytesIO(b"a,b\n\n\nc,d\n"), "x.csv", Report()))
    assert rows == [(1, ["a", "b"]), (4, ["c", "d"])]


def test_reading_goes_on_after_a_misplaced_quote() -> None:
    report = Report()
    rows = list(read_rows(io.BytesIO(b'a,b\n"c"x,d\ne,f\n'), "x.csv", report))
    assert rows == [(1, ["a", "b"]), (3, ["e", "f"])]
    assert [(one.line, one.code) for one in report] == [(2, "bad_quotes")]


def test_a_quote_that_never_closes_is_named_where_it_opens() -> None:
    report = Report()
    rows = list(read_rows(io.BytesIO(b'a,b\nc,"d\n' + b"e,f\n" * 100_000), "x.csv", report))
    assert rows == [(1, ["a", "b"])]
    assert [(one.line, one.code) for one in report] == [(2, "bad_quotes")]
