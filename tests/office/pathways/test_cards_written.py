"""Pages beside a plan: written when something changed, whole after a kill, from the signed plan alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from schoolday.contracts.plan import INDEX_PATH, Alternate
from schoolday.office.pathways.cards import write, write_cards
from schoolday.office.pathways.cards.opening import NoPlan, find_root, open_plan
from schoolday.office.pathways.commands import plan as plan_command
from tests.office.pathways.card_plans import (
    MONDAY_830,
    ONE,
    TWO,
    Publisher,
    detour,
    meeting,
    school,
    section,
    status_names,
    write_all,
)


def pages(publisher: Publisher) -> dict[str, tuple[int, str]]:
    """Every page with inode and content."""
    return {
        path.relative_to(publisher.folder).as_posix(): (path.stat().st_ino, path.read_text())
        for name in ("go", "status")
        for path in (publisher.folder / name).rglob("*.html")
    }


def test_all_pages_of_a_plan(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE, TWO), school("school000002", section("section00003")))
    done = write_all(publisher)
    assert (done.pages, done.written, done.swept) == (15, 15, 0)
    assert set(pages(publisher)) == {
        "go/index.html",
        *("go/school000001.html", "go/school000001/section00001.html", "go/school000001/section00002.html"),
        *("go/school000002.html", "go/school000002/section00003.html"),
        *status_names("index", "school000001", "school000002"),
    }
    assert (publisher.folder / "go/now.js").exists()
    assert not list(publisher.folder.rglob("*.partial"))


def test_nothing_is_written_when_nothing_changed(publisher: Publisher) -> None:
    publisher.publish(school())
    write_all(publisher)
    before = pages(publisher)
    assert write_all(publisher).written == 0
    assert pages(publisher) == before


def test_a_new_version_writes_the_status_and_no_card(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE, TWO))
    write_all(publisher)
    before = pages(publisher)
    publisher.publish(school("school000001", ONE, TWO), made_at=MONDAY_830)
    assert write_all(publisher).written == 6
    after = pages(publisher)
    assert {path for path in after if after[path] != before[path]} == status_names("index", "school000001")
    assert "8:30 AM EDT" in after["status/index.html"][1]


def test_a_detour_of_one_section_writes_its_card_and_what_leads_there(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE, TWO))
    write_all(publisher)
    before = pages(publisher)
    moved = section("section00001", meetings=(meeting(0, detour="d1d1d1d1d1d1", pathway="zoom"),))
    publisher.publish(school("school000001", moved, TWO, detours=(detour(),)))
    write_all(publisher)
    after = pages(publisher)
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {
        *("go/school000001.html", "go/school000001/section00001.html"),
        *status_names("index", "school000001"),
    }
    assert "https://bay.zoom.us" in after["go/school000001/section00001.html"][1]
    publisher.publish(school("school000001", ONE, TWO))  # undone
    write_all(publisher)
    restored = pages(publisher)
    assert restored["go/school000001/section00001.html"][1] == before["go/school000001/section00001.html"][1]


def test_what_is_over_is_swept(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE, TWO), school("school000002", section("section00003")))
    write_all(publisher)
    (publisher.folder / "go/school000001/.section00001.html.abcd.partial").write_text("left by a kill")
    (publisher.folder / "go/somebody.txt").write_text("not ours")
    publisher.publish(school("school000001", ONE))
    assert write_all(publisher).swept == 6
    assert set(pages(publisher)) == {
        *("go/index.html", "go/school000001.html", "go/school000001/section00001.html"),
        *status_names("index", "school000001"),
    }
    assert not list((publisher.folder / "go").rglob("*.partial"))
    assert not (publisher.folder / "go/school000002").exists()
    assert not (publisher.folder / "go/.made/school000002.json").exists()
    assert (publisher.folder / "go/somebody.txt").exists()


def test_a_page_that_was_removed_comes_back(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE, TWO))
    write_all(publisher)
    for name in ("go/school000001/section00002.html", "go/index.html", "status/school000001.html"):
        (publisher.folder / name).unlink()
    assert write_all(publisher).written == 3


def test_what_was_noted_is_damaged(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE))
    write_all(publisher)
    (publisher.folder / "go/.made/school000001.json").write_text("{")
    assert write_all(publisher).written == 2


def test_a_school_that_cannot_be_read_keeps_its_pages(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE))
    write_all(publisher)
    before = pages(publisher)
    publisher.publish(school("school000001", TWO))
    assert publisher.index
    write_cards(publisher.folder, publisher.index, lambda files: None)
    assert set(pages(publisher)) == set(before)


def test_another_portal_is_on_every_page(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE))
    write_all(publisher)
    publisher.publish(school("school000001", ONE), portal_name="Bay Online", portal_url="https://bay.example.org")
    assert write_all(publisher).written == 9
    for path, (_, page) in pages(publisher).items():
        assert "Bay Online" in page, path
    assert 'href="https://bay.example.org"' in pages(publisher)["go/school000001/section00001.html"][1]


def test_an_index_that_names_no_portal(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE), portal_url="")
    write_all(publisher)
    assert 'href="https://school.example.org"' in pages(publisher)["go/school000001/section00001.html"][1]


def test_a_disk_that_refuses_leaves_the_page_as_it_was(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher.publish(school("school000001", ONE))
    write_all(publisher)
    before = pages(publisher)
    publisher.publish(school("school000001", section("section00001", title="Else")))

    def full(*_args: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(write, "write_whole", full)
        with pytest.raises(OSError, match="No space"):
            write_all(publisher)
    assert pages(publisher) == before
    write_all(publisher)
    assert "Else" in pages(publisher)["go/school000001/section00001.html"][1]


def test_killed_at_any_moment_every_page_is_whole(publisher: Publisher) -> None:
    many = [section(f"section{number:05}") for number in range(150)]
    publisher.publish(school("school000001", *many))
    (publisher.folder / "root.public").write_text(publisher.root_public)
    program = f"from schoolday.cli import main; main(['plan', 'cards', '--plan', {str(publisher.folder)!r}])"
    for at_least in (1, 20, 60, 110):
        worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while worker.poll() is None and time.monotonic() < deadline:
            if len(list((publisher.folder / "go").rglob("section*.html"))) >= at_least:
                worker.send_signal(signal.SIGKILL)
                break
            time.sleep(0.001)
        worker.wait()
        for path, (_, page) in pages(publisher).items():
            assert page.endswith("</html>\n"), path
    write_all(publisher)
    assert len(pages(publisher)) == 158
    assert not list(publisher.folder.rglob("*.partial"))


def test_the_command_needs_neither_office_nor_database_nor_django(publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish(school("school000001", ONE))
    program = (
        "import sys; from schoolday.cli import main\n"
        f"try: main(['plan', 'cards', '--json', '--plan', {str(publisher.folder)!r}])\n"
        "finally: assert not any(name == 'django' or name.startswith('django.') for name in sys.modules)"
    )
    home = tmp_path / "nothing here"
    env = {"PATH": os.environ["PATH"], "SCHOOLDAY_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["written"] == 9
    assert "trusted as it lies there" in done.stderr
    assert not home.exists()


def test_a_plan_of_another_root_key_makes_no_page(publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish(school("school000001", ONE))
    other = tmp_path / "other.public"
    other.write_text(Publisher(tmp_path / "other").root_public)
    done = CliRunner().invoke(plan_command, ["cards", "--plan", str(publisher.folder), "--root", str(other)])
    assert done.exit_code == 1
    assert "another root key" in done.output
    assert not (publisher.folder / "go").exists()
    (publisher.folder / INDEX_PATH).write_text("v4.public.x.y")
    with pytest.raises(NoPlan):
        open_plan(publisher.folder, root_public=publisher.root_public)
    with pytest.raises(NoPlan):
        open_plan(publisher.folder, root_public="not base64!")


def test_a_forged_school_is_not_shown(publisher: Publisher) -> None:
    index = publisher.publish(school("school000001", ONE))
    evil = Publisher(publisher.folder.with_name("evil"))
    theirs = evil.publish(
        school("school000001", section(alternates=(Alternate(kind="zoom", url="https://evil.example"),)))
    )
    for files in theirs.schools:
        name = f"school/{files.org}.{files.plan_sha256[:16]}.plan"
        mine = f"school/{files.org}.{index.schools[0].plan_sha256[:16]}.plan"
        (publisher.folder / mine).write_text((evil.folder / name).read_text())
    opened = open_plan(publisher.folder, root_public=publisher.root_public)
    write_cards(opened.folder, opened.index, opened.school)
    assert "evil" not in "".join(page for _, page in pages(publisher).values())


def test_where_the_root_key_is_taken_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLDAY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ROOT_PUBLIC_KEY", raising=False)
    with pytest.raises(NoPlan):
        find_root(tmp_path, None)
    (tmp_path / "root.public").write_text("beside")
    assert find_root(tmp_path, None) == ("beside", True)
    (tmp_path / "home" / "keys").mkdir(parents=True)
    (tmp_path / "home" / "keys" / "root.public").write_text("home")
    assert find_root(tmp_path, None) == ("home", False)
    monkeypatch.setenv("ROOT_PUBLIC_KEY", "said")
    assert find_root(tmp_path, None) == ("said", False)
    (tmp_path / "given").write_text("given")
    assert find_root(tmp_path, tmp_path / "given") == ("given", False)
