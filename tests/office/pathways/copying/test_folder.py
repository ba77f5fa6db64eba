"""Copies in a folder: full, killed, shared with another, not mounted."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schoolday.office.pathways.copying.errors import BadTarget, CopyFailed
from schoolday.office.pathways.copying.files import PlanFile, is_ours
from schoolday.office.pathways.copying.folder import FolderTarget
from tests.office.pathways.card_plans import Publisher
from tests.office.pathways.copy_reader import Poller, from_folder
from tests.office.pathways.copying.places import (
    copy,
    files_in,
    here,
    publish,
)


def test_a_full_folder_keeps_its_plan(publisher: Publisher, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    copy(publisher, FolderTarget(folder))
    publish(publisher, 1)

    class Full(FolderTarget):
        left = 2

        def put(self, file: PlanFile) -> None:
            if Full.left <= 0:
                with self._errors():
                    raise OSError(28, "No space left on device")
            Full.left -= 1
            super().put(file)

    with Poller(from_folder(folder), publisher) as poller, pytest.raises(CopyFailed, match="No space left"):
        copy(publisher, Full(folder))
    assert poller.versions == [publisher.version - 1]
    assert copy(publisher, FolderTarget(folder)).version == publisher.version


def test_killed_at_any_moment_a_folder_holds_a_whole_plan(publisher: Publisher, tmp_path: Path) -> None:
    publish(publisher, 0, count=12)
    folder = tmp_path / "copy"
    env = {
        "PATH": os.environ["PATH"],
        "SCHOOLDAY_HOME": str(tmp_path / "home"),
        "ROOT_PUBLIC_KEY": publisher.root_public,
        "PLAN_DIR": str(publisher.folder),
    }
    command = [sys.executable, "-c", "from schoolday.cli import main; main()", "plan", "copy", "--to", str(folder)]
    assert subprocess.run(command, env=env, capture_output=True, timeout=60).returncode == 0
    with Poller(from_folder(folder), publisher):
        for round_number, fresh in enumerate((1, 6, 12), 1):
            publish(publisher, round_number, count=12)
            before = files_in(folder)
            worker = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 30
            while worker.poll() is None and time.monotonic() < deadline:
                if len(files_in(folder) - before) >= fresh:
                    worker.send_signal(signal.SIGKILL)
                    break
                time.sleep(0.002)
            worker.wait()
    copy(publisher, FolderTarget(folder))
    for path in here(publisher) - {path for path in here(publisher) if path.count(".") == 2}:
        assert (folder / path).read_bytes() == (publisher.folder / path).read_bytes()
    assert not list(folder.rglob("*.partial"))


def test_two_at_once_into_one_folder(publisher: Publisher, tmp_path: Path) -> None:
    first = FolderTarget(tmp_path / "copy")
    first.look()
    with pytest.raises(CopyFailed, match="under way"):
        copy(publisher, FolderTarget(tmp_path / "copy"))
    first.close()
    assert copy(publisher, FolderTarget(tmp_path / "copy")).version == publisher.version


def test_a_disk_that_is_not_mounted(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(BadTarget, match="mounted"):
        copy(publisher, FolderTarget(tmp_path / "not" / "there"))


def test_only_what_is_ours_is_ever_swept(publisher: Publisher, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    (folder / "school").mkdir(parents=True)
    for name in ("index.html", "school/readme.txt", "photo.jpg"):
        (folder / name).write_text("somebody's")
    (folder / "school/stranger.0123456789abcdef.plan").write_text("left")
    assert copy(publisher, FolderTarget(folder)).swept == 1
    assert {"index.html", "school/readme.txt", "photo.jpg"} <= files_in(folder)
    assert not any(
        is_ours(path) for path in ("index.plan", "root.public", "copied.json", "go/.made/x.json", "go/x.exe")
    )
