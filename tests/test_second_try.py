"""What fails in a browser or a live class is tried again in another process, and nothing else is."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIVE = """
import pytest
from pathlib import Path

pytestmark = pytest.mark.live
here = []

def test_before():
    here.append("somebody")

def test_of_two_people():
    assert here == ["somebody"], "the file runs as a whole, and in a process of its own"
    first = Path(__file__).with_name("tried")
    tried = first.exists()
    first.touch()
    assert tried, "fails once"
"""
GOOD = "def test_that_is_well():\n    pass\n"
BAD = "def test_without_a_browser():\n    assert False, 'no second try'\n"
BROKEN = "import no_such_module\n"


def run(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "-m", "pytest", "-c", f"{ROOT}/pyproject.toml", "--rootdir", f"{folder}", *options]
    return subprocess.run([*words, folder], cwd=ROOT, capture_output=True, text=True, timeout=120)


def written(folder: Path, **files: str) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text)
    return folder


@pytest.mark.parametrize("side_by_side", [(), ("-n", "2", "--dist", "loadfile")])
def test_the_file_that_failed_runs_again_whole_and_alone(tmp_path: Path, side_by_side: tuple[str, ...]) -> None:
    suite, failed = written(tmp_path / "suite", live=LIVE, good=GOOD), tmp_path / "build" / "failed"
    first = run(suite, "--failed", str(failed), *side_by_side)
    assert first.returncode == 1, first.stdout
    assert "fails once" in first.stdout
    assert failed.read_text() == "test_live.py\n"
    second = run(suite, "--again", str(failed), "-rA")
    assert second.returncode == 0, second.stdout
    assert second.stdout.count("PASSED") == 2, second.stdout


@pytest.mark.parametrize("other", [BAD, BROKEN])
def test_nothing_runs_again_when_something_else_failed_too(tmp_path: Path, other: str) -> None:
    suite, failed = written(tmp_path / "suite", live=LIVE, other=other), tmp_path / "failed"
    failed.write_text("test_of_yesterday.py\n")
    first = run(suite, "--failed", str(failed), "--continue-on-collection-errors")
    assert first.returncode == 1, first.stdout
    assert not failed.exists()
    second = run(suite, "--again", str(failed))
    assert second.returncode == pytest.ExitCode.USAGE_ERROR
    assert "it has one try" in second.stderr


def test_all_well_leaves_nothing_to_try_again(tmp_path: Path) -> None:
    suite, failed = written(tmp_path / "suite", good=GOOD), tmp_path / "failed"
    assert run(suite, "--failed", str(failed)).returncode == 0
    assert not failed.exists()
