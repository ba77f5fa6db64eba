"""
A second try, in a day of its own, for what meets in a real browser or a real live class.

People who come, speak and see one another there share two cores with another test, and once in some hundred times one
of them waits too long. `make test` runs everything with `--failed FILE`, and what it says there once more with
`--again FILE`: whole files, in another process, so nobody of the first try is in class there. Both tries are printed.
Whatever else fails has had its one try, and so has what shows a claim (`schoolday prove`).
"""

from collections.abc import Generator
from pathlib import Path

import pytest

MARKS = ("browser", "live")
AGAIN = "may be tried again"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--failed", metavar="FILE", help="write there which files failed, if all may be tried again")
    parser.addoption("--again", metavar="FILE", help="run the files only that an earlier run wrote there")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("again") and not Path(config.getoption("again")).exists():
        raise pytest.UsageError("what failed is not of a browser or a live class: it has one try")
    if config.getoption("failed") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Failed(Path(config.getoption("failed"))))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say on the report, which may go to another process, whether this may be tried again."""
    report = yield
    report.user_properties.append((AGAIN, any(item.get_closest_marker(mark) for mark in MARKS)))
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("again"):
        return
    files = set(Path(config.getoption("again")).read_text().splitlines())
    config.hook.pytest_deselected(items=[item for item in items if _file(item) not in files])
    items[:] = [item for item in items if _file(item) in files]


class _Failed:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.reports: list[pytest.TestReport] = []
        file.unlink(missing_ok=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.reports.append(report)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        # What could not be read as a test has failed without a report.
        every_one = len(self.reports) == session.testsfailed
        if exitstatus != pytest.ExitCode.TESTS_FAILED or not every_one:
            return
        if all(dict(report.user_properties).get(AGAIN) for report in self.reports):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self.file.write_text("".join(f"{name}\n" for name in sorted({_file(one) for one in self.reports})))


def _file(one: pytest.Item | pytest.TestReport) -> str:
    return one.nodeid.partition("::")[0]
