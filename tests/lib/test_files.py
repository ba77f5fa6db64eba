"""Files that are whole at any moment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from schoolday.lib.files import link_whole, sync_folder, write_once, write_whole


def test_a_file_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "one"
    for text in (b"old", b"new"):
        write_whole(path, text, mode=0o600)
        assert path.read_bytes() == text
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path], "nothing is left beside it"


def test_a_name_follows_what_it_is_linked_to(tmp_path: Path) -> None:
    first, second, newest = tmp_path / "first", tmp_path / "second", tmp_path / "newest"
    for path in (first, second):
        write_whole(path, path.name.encode(), sync_name=False)
    assert link_whole(newest, target=first)
    assert not link_whole(newest, target=first), "it is already"
    assert link_whole(newest, target=second)
    sync_folder(tmp_path)
    assert newest.read_bytes() == b"second"
    assert newest.samefile(second), "no byte twice"
    assert first.read_bytes() == b"first"
    assert set(tmp_path.iterdir()) == {first, second, newest}


def test_a_link_to_nothing_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "newest"
    write_whole(path, b"kept")
    with pytest.raises(FileNotFoundError):
        link_whole(path, target=tmp_path / "missing")
    assert path.read_bytes() == b"kept"


def test_who_writes_first_is_heard_by_all(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        heard = set(pool.map(lambda n: write_once(tmp_path / "word", b"%d" % n), range(64)))
    assert heard == {(tmp_path / "word").read_bytes()}
    assert [path.name for path in tmp_path.iterdir()] == ["word"]
