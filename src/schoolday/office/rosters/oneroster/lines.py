"""
From the bytes of one CSV file to rows, each with the physical line where it begins.

RFC 4180: values may be quoted and then hold commas, doubled quotes and line breaks. A byte-order mark, CRLF, lone
CR and empty lines are fine. What is wrong is noted and reading goes on, so that one report holds all of it.
"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import IO, TextIO, cast

from schoolday.office.rosters.oneroster.problems import Report

LINE_AT_MOST_LETTERS = 2**20
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

Row = tuple[int, list[str]]
BytesRead = Callable[[int], None]


def read_rows(file: IO[bytes], name: str, report: Report, on_bytes: BytesRead = lambda _: None) -> Iterator[Row]:
    """
    Give (line, values) of each row that holds anything; `on_bytes` hears how many letters were read since.

    Streams: memory is that of one row, at most a megabyte.
    """
    with io.BufferedReader(cast(io.RawIOBase, file)) as buffered:  # a zip's entry cannot peek on every Python
        start = buffered.peek(2)[:2]
        if start in _UTF16_MARKS or b"\0" in start:
            report.add(name, 1, "utf16")
            return
        # surrogateescape keeps a wrong byte findable; the decoder itself would not say in which line it was.
        with io.TextIOWrapper(buffered, "utf-8-sig", errors="surrogateescape", newline="") as text:
            yield from _rows(_Lines(text, name, report, on_bytes), name, report)


def _rows(lines: "_Lines", name: str, report: Report) -> Iterator[Row]:
    reader = csv.reader(lines, strict=True)
    while True:
        begins = lines.count + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            report.add(name, begins, "bad_quotes")
            # A quote that never closes has swallowed what follows: more would only be noise.
            if "expected after" not in str(error):
                return
            continue
        if values:
            yield begins, values


class _Lines:
    """Decoded lines, counted; notes what is no text."""

    def __init__(self, text: TextIO, name: str, report: Report, on_bytes: BytesRead) -> None:
        self._text = text
        self._name = name
        self._report = report
        self._on_bytes = on_bytes
        self.count = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LINE_AT_MOST_LETTERS)
        if not line:
            raise StopIteration
        self.count += 1
        self._on_bytes(len(line))
        if len(line) == LINE_AT_MOST_LETTERS and line[-1] not in "\r\n":
            self._report.add(self._name, self.count, "long_line", limit=f"{LINE_AT_MOST_LETTERS:,} letters")
            raise StopIteration
        if "\0" in line:
            self._report.add(self._name, self.count, "nul")
            line = line.replace("\0", "")
        if not line.isascii():
            line = self._checked(line)
        return line

    def _checked(self, line: str) -> str:
        """Return the line with every wrong byte replaced; note the first one."""
        try:
            line.encode()
        except UnicodeEncodeError as error:
            before = line[: error.start].encode()
            value = f"0x{ord(line[error.start]) - 0xDC00:02X}"
            self._report.add(self._name, self.count, "not_utf8", byte=len(before) + 1, value=value)
            return line.encode(errors="replace").decode()
        return line
