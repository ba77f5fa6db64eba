"""A device that looks at a plan host all the time: an index whose files are missing must never be seen."""

import threading
from collections.abc import Callable
from pathlib import Path

import httpx

from schoolday.contracts.plan import INDEX_PATH, digest, school_path
from tests.office.pathways.card_plans import Publisher, opens

Read = Callable[[str], str | None]


def from_folder(folder: Path) -> Read:
    def read(path: str) -> str | None:
        try:
            return (folder / path).read_text()
        except FileNotFoundError:
            return None

    return read


def from_web(url: str) -> Read:
    def read(path: str) -> str | None:
        answer = httpx.get(f"{url}/{path}", timeout=10)
        return answer.text if answer.status_code == 200 else None

    return read


class Poller(threading.Thread):
    """Reads the index and everything it names, again and again, as a context around a copy."""

    def __init__(self, read: Read, publisher: Publisher) -> None:
        super().__init__()
        self._read, self._publisher = read, publisher
        self._stop_now = threading.Event()
        self.rounds = 0
        self.versions: list[int] = []
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self._stop_now.is_set():
            self.look()

    def look(self) -> None:
        text = self._read(INDEX_PATH)
        if text is None:
            return
        try:
            index = opens(text, self._publisher)
            for files in index.schools:
                path = school_path(files.org, files.plan_sha256)
                found = self._read(path)
                if found is None or digest(found) != files.plan_sha256:
                    self.wrong.append(f"{path} of version {index.version}")
            if not self.versions or self.versions[-1] != index.version:
                self.versions.append(index.version)
            self.rounds += 1
        except Exception as error:
            self.wrong.append(repr(error))

    def __enter__(self) -> "Poller":
        self.start()
        return self

    def __exit__(self, *_args: object) -> None:
        self._stop_now.set()
        self.join()
        self.look()
        assert self.wrong == []
        assert self.versions == sorted(self.versions)
