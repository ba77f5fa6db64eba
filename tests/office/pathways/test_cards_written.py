"""Pages beside a plan: written when something changed, whole after a kill, from the signed plan alone."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from schoolday.contracts.plan import INDEX_PATH, Alternate, PlanIndex, Texts
from schoolday.office.pathways.cards import Written, write, write_cards
from schoolday.office.pathways.cards.opening import NoPlan, find_root, open_plan
from schoolday.office.pathways.commands import plan as plan_command
from tests.office.pathways.card_plans import (
    MONDAY_830,
    REASON,
    Publisher,
    detour,
    incident,
    meeting,
    notice,
    school,
    section,
)

ONE, TWO = section("section00001"), section("section00002", title="Reading 7")


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path / "plan")


def write_all(publisher: Publisher, index: PlanIndex | None = None) -> Written:
    index = index or publisher.index
    assert index is not None
    return write_cards(publisher.folder, index, publisher.read)


def pages(publisher: Publisher) -> dict[str, tuple[int, str]]:
    """Every page with inode and content."""
    return {
        path.relative_to(publisher.folder).as_posix(): (path.stat().st_ino, path.read_text())
        for name in ("go", "status")
        for path in (publisher.folder / name).rglob("*.html")
    }


def status_names(*names: str) -> set[str]:
    """The status pages of these names in each language."""
    return {f"status/{name}{language}.html" for name in names for language in ("", ".es", ".ht")}


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


def status(publisher: Publisher) -> tuple[str, dict[str, Any]]:
    write_all(publisher)
    page = (publisher.folder / "status/index.html").read_text()
    return page, json.loads((publisher.folder / "status/status.json").read_text())


def status_in(publisher: Publisher, name: str) -> str:
    return (publisher.folder / f"status/{name}.html").read_text()


def test_status_when_all_is_well(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE, section("section00002", cohort="9-12")))
    page, data = status(publisher)
    assert "All classes meet live, as always." in page
    assert "Todas son en vivo" in status_in(publisher, "index.es")
    assert 'class="answer well"' in page
    (one,) = data["schools"]
    assert [(band["band"], band["sections"], band["live"]) for band in one["bands"]] == [("6-8", 1, 1), ("9-12", 1, 1)]
    assert "Last updated Monday, September 14, 8:00 AM EDT" in page
    assert "Next update by Tuesday, September 15, 12:00 AM EDT" in page


def test_status_of_a_detour_by_grade_band(publisher: Publisher) -> None:
    moved = (meeting(0, detour="d1d1d1d1d1d1", pathway="zoom"),)
    sections = (
        section("section00001", cohort="PK-5"),
        section("section00002", cohort="9-12", meetings=moved),
        section("section00003", cohort="9-12", meetings=moved),
        section("section00004", cohort="9-12"),
    )
    told = detour(review_on="2026-09-18")
    publisher.publish(school("school000001", *sections, detours=(told,)), school("school000002", detours=(told,)))
    page, data = status(publisher)
    assert "Some classes moved." in page
    assert page.count("The video service is down.") == 1
    assert "Schools: 2" in page
    assert "Lo revisamos de nuevo el viernes 18 de septiembre" in status_in(publisher, "index.es")
    assert 'class="answer changed"' in page
    bands = {one["org"]: one["bands"] for one in data["schools"]}["school000001"]
    assert [(band["band"], band["live"], band["moved"]) for band in bands] == [
        ("PK-5", 1, {}),
        ("9-12", 1, {"zoom": 2}),
    ]
    assert "2 of 3" in page
    own = (publisher.folder / "status/school000001.html").read_text()
    assert "2 of 3" in own
    assert "../go/school000001.html" in own


def test_status_of_a_staggered_start(publisher: Publisher) -> None:
    later = detour(pathway="", shift_minutes={"6-8": 30})
    publisher.publish(school("school000001", section(meetings=(meeting(0, detour=later.id),)), detours=(later,)))
    page, _ = status(publisher)
    assert "Live, at other times" in page
    assert "as each teacher chose" not in page


def test_notices_stand_there_once_and_say_when_the_next_word_is_due(publisher: Publisher) -> None:
    told = notice(next_at=MONDAY_830 + 900)
    worse = notice("n2n2n2n2n2n2", level="emergency", at=MONDAY_830 - 3_600)
    publisher.publish(school(notices=(told, worse)), school("school000002", section("section00009"), notices=(told,)))
    page, data = status(publisher)
    assert page.count("School is open.") == 2
    assert page.index("<h2>School is open.</h2>") < page.index("8:20 AM"), "the emergency stands above all"
    assert "School is on." not in page, "beside an emergency nobody says so"
    assert "More news here by 8:45 AM EDT." in page
    assert data["next_update_at"] == MONDAY_830 + 900


def test_status_needs_no_script(publisher: Publisher) -> None:
    publisher.publish(school())
    page, data = status(publisher)
    assert 'http-equiv="refresh"' not in page, "nobody is thrown back to its top while she reads"
    assert '<a class="screen-only" href="index.html">Look for news</a>' in page
    assert f'data-version="{data["digest"]}"' in page
    assert (publisher.folder / "status/again.js").exists()


def test_a_district_without_schools(publisher: Publisher) -> None:
    publisher.publish()
    page, _ = status(publisher)
    assert "No class is planned for these days." in page


def test_an_incident_stands_in_the_answer_until_it_is_over(publisher: Publisher) -> None:
    broken = incident(next_at=MONDAY_830 + 900, bands=("6-8",))
    over = incident("i2i2i2i2i2i2", over_at=MONDAY_830 - 2_400, text=REASON)
    publisher.publish(
        school(incidents=(broken, over)),
        school("school000002", section("section00009"), incidents=(over,)),
    )
    page, data = status(publisher)
    answer = page.split('<section class="answer broken">')[1].split("</section>")[0]
    for said in (
        "School is on. Something does not work right now.",
        "Signing on is slow.",
        "Since 7:50 AM EDT.",
        "by 8:45 AM EDT",
    ):
        assert said in answer
    assert "Grades: 6-8" in answer
    assert "Schools: 1" in answer
    assert "This is over. It ended: 7:50 AM EDT." in page.split("What is over")[1]
    assert page.count(REASON.en) == 1
    assert "Schools: 2" not in page, "what touches all schools need not say how many"
    assert data["next_update_at"] == MONDAY_830 + 900
    assert data["schools"][0]["incidents"][0]["over_at"] == 0
    other = status_in(publisher, "school000002")
    assert "Something does not work" not in other
    assert 'class="answer well"' in other
    haitian = status_in(publisher, "school000001.ht")
    assert '<html lang="ht"' in haitian
    assert "Koneksyon an dousman." in haitian
    assert "Pwochen nouvèl pa pita pase 8:45 AM EDT." in haitian


def test_what_somebody_typed_of_an_incident_is_text(publisher: Publisher) -> None:
    nasty = Texts(en="<script>alert(1)</script>", es="<b>x</b>", ht="&amp;")
    publisher.publish(school(incidents=(incident(text=nasty, bands=("<i>",)),)))
    page, _ = status(publisher)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<i>" not in page
    assert "<b>x" not in status_in(publisher, "index.es")


def test_a_promise_of_another_day_says_which(publisher: Publisher) -> None:
    publisher.publish(school(incidents=(incident(next_at=MONDAY_830 + 86_400),)))
    page, _ = status(publisher)
    assert "More news here by Tuesday, September 15, 8:30 AM EDT." in page


def test_a_promise_that_has_passed_is_not_made_again(publisher: Publisher) -> None:
    publisher.publish(school(incidents=(incident(next_at=MONDAY_830 - 3_600),)))
    page, _ = status(publisher)
    assert "More news here" not in page
    assert "Next update by Tuesday" in page


def test_each_language_leads_to_the_others(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE))
    write_all(publisher)
    for path in status_names("index", "school000001"):
        page = (publisher.folder / path).read_text()
        name = path.removeprefix("status/").split(".")[0]
        others = re.findall(r'<a lang="(..)" hreflang="\1" href="([^"]+)">', page)
        assert len(others) == 2, path
        for _language, href in others:
            assert f"status/{href}" in status_names(name)
            assert (publisher.folder / "status" / href).exists()
