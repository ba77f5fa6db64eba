"""Root key, office keys, key set: made once, rotated, leaked, and never half-written."""

import json
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from schoolday.contracts import keys as contract
from schoolday.contracts.keys import KeySet
from schoolday.lib import clock, signing
from schoolday.lib.errors import BadSettings
from schoolday.lib.files import write_whole
from schoolday.lib.signing import BadSignature, Verifier
from schoolday.office.signin import keys
from schoolday.office.signin.keys import KeyFolder, office_signer
from tests.office.running import environment

_COMMAND = "from schoolday.office.signin.keys_commands import keys; keys()"


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    value = KeyFolder(tmp_path / "keys", district="demo")
    value.create()
    return value


def key_set(folder: KeyFolder) -> KeySet:
    root = signing.unb64(folder.root_public.read_text().strip())
    return contract.open_key_set(folder.key_set_token(), root_public=root)


def verifier(folder: KeyFolder, *, later: timedelta = timedelta()) -> Verifier:
    return key_set(folder).verifier(at=int((clock.now() + later).timestamp()))


def test_what_is_made_and_who_may_read_it(folder: KeyFolder) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.folder.iterdir()}
    assert modes == {"root.private": 0o600, "root.public": 0o644, "office.keys": 0o600, "keyset.paseto": 0o644}
    assert stat.S_IMODE(folder.folder.stat().st_mode) == 0o700
    found = key_set(folder)
    assert found.district == "demo"
    assert {key.kid for key in found.keys} == {folder.load().current.kid, folder.load().next.kid}
    private = folder.load().current.private
    assert private not in folder.key_set.read_text()


def test_nothing_is_overwritten(folder: KeyFolder) -> None:
    before = {path.name: path.read_bytes() for path in folder.folder.iterdir()}
    with pytest.raises(BadSettings, match="nothing was changed"):
        folder.create()
    for name in before:
        path = folder.folder / name
        others = [other for other in folder.folder.iterdir() if other != path]
        for other in others:
            other.unlink()
        with pytest.raises(BadSettings, match=name):
            folder.create()
        assert list(folder.folder.iterdir()) == [path]
        for kept, data in before.items():
            (folder.folder / kept).write_bytes(data)


def test_a_rotation_keeps_what_was_signed_before_and_two_do_not_collide(folder: KeyFolder) -> None:
    first = folder.load()
    token = first.current.signer().sign(b"badge", use="badge")
    rotated = folder.rotate()
    assert rotated.current.kid == first.next.kid
    assert rotated.last
    assert rotated.last.kid == first.current.kid
    assert rotated.last.private == "", "what only verifies needs no private half"
    assert verifier(folder).verify(token, use="badge") == b"badge"
    assert key_set(folder).issued_at > first.issued_at
    folder.rotate()
    with pytest.raises(BadSignature):
        verifier(folder).verify(token, use="badge")


def test_after_a_leak_no_old_key_is_in_force(folder: KeyFolder) -> None:
    old = folder.load()
    tokens = [key.signer().sign(b"pass", use="pass:student") for key in (old.current, old.next)]
    fresh = folder.rotate(leaked=True)
    for token in tokens:
        with pytest.raises(BadSignature):
            verifier(folder).verify(token, use="pass:student")
    assert verifier(folder).verify(fresh.current.signer().sign(b"x", use="u"), use="u") == b"x"


def test_a_badge_printed_in_august_is_read_all_year(folder: KeyFolder) -> None:
    token = folder.load().current.signer().sign(b"badge", use="badge")
    assert verifier(folder, later=timedelta(days=360)).verify(token, use="badge")
    with pytest.raises(BadSignature):
        verifier(folder, later=timedelta(days=401)).verify(token, use="badge")


def test_the_root_key_is_brought_from_elsewhere(folder: KeyFolder, tmp_path: Path) -> None:
    away = tmp_path / "stick"
    folder.root_private.rename(away)
    before = folder.office_keys.read_bytes()
    with pytest.raises(BadSettings, match="--root"):
        folder.rotate()
    assert folder.office_keys.read_bytes() == before
    folder.rotate(root_file=away)
    assert folder.office_keys.read_bytes() != before
    assert not folder.root_private.exists(), "it is not copied back"


def test_a_strangers_root_key_is_refused(folder: KeyFolder, tmp_path: Path) -> None:
    other = KeyFolder(tmp_path / "other", district="demo")
    other.create()
    before = folder.key_set.read_bytes()
    with pytest.raises(BadSettings, match="another installation"):
        folder.rotate(root_file=other.root_private)
    (tmp_path / "junk").write_text("not a key")
    with pytest.raises(BadSettings, match="does not hold a root key"):
        folder.rotate(root_file=tmp_path / "junk")
    assert folder.key_set.read_bytes() == before


def test_killed_between_the_two_files_the_old_key_still_signs(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(path: Path, data: bytes, *, mode: int = 0o644) -> None:
        if path == folder.office_keys:
            raise KeyboardInterrupt
        write_whole(path, data, mode=mode)

    monkeypatch.setattr(keys, "write_whole", dies)
    with pytest.raises(KeyboardInterrupt):
        folder.rotate()
    monkeypatch.undo()
    token = folder.load().current.signer().sign(b"x", use="u")
    assert verifier(folder).verify(token, use="u") == b"x"
    folder.rotate()
    assert verifier(folder).verify(token, use="u") == b"x"


def test_a_running_process_notices_a_rotation(keys: KeyFolder) -> None:
    before = {path: path.read_bytes() for path in (keys.office_keys, keys.key_set)}
    try:
        first = office_signer().kid
        keys.rotate()
        assert office_signer().kid != first
    finally:
        for path, data in before.items():
            path.write_bytes(data)
    assert office_signer().kid == first


def test_damaged_or_missing_keys_are_said(folder: KeyFolder) -> None:
    folder.office_keys.write_text('{"v": 1, "curr')
    with pytest.raises(BadSettings, match="damaged"):
        folder.load()
    folder.office_keys.unlink()
    with pytest.raises(BadSettings, match="schoolday keys"):
        folder.load()
    folder.key_set.unlink()
    with pytest.raises(BadSettings, match="schoolday keys"):
        folder.key_set_token()


def run(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", _COMMAND, *arguments]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)


def test_the_commands(tmp_path: Path) -> None:
    assert run(tmp_path, "show").returncode == 1
    made = run(tmp_path)
    assert made.returncode == 0, made.stderr
    assert "take" in made.stdout
    assert "root.private" in made.stdout
    again = run(tmp_path)
    assert again.returncode == 1
    assert "nothing was changed" in again.stderr
    shown = json.loads(run(tmp_path, "show", "--json").stdout)
    assert shown["root_private_here"] is True
    assert set(shown["keys"]) == {"current", "next"}
    (tmp_path / "keys" / "root.private").rename(tmp_path / "away")
    assert run(tmp_path, "rotate").returncode == 1
    rotated = json.loads(run(tmp_path, "rotate", "--root", str(tmp_path / "away"), "--json").stdout)
    assert rotated["keys"]["current"] == shown["keys"]["next"]
    assert set(rotated["keys"]) == {"current", "next", "last"}
    private = json.loads((tmp_path / "keys" / "office.keys").read_text())["current"]["private"]
    assert private not in json.dumps(rotated) + made.stdout
