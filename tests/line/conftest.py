"""A school and a child's home on hosts of their own: day, live servers and teacher there, the child here."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.people import at_a_device
from tests.faults.hosts import Host, network, standing_at
from tests.in_class.people import InClass, user_name
from tests.school_day import SchoolDay, environment_for, open_day, wait_until


@dataclass
class Class:
    """A teacher and a child who are in class; `home`: the child's host."""

    teacher: InClass
    child: InClass
    home: Host


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    folder = tmp_path_factory.mktemp("line")
    with network(("school", "home")) as hosts, standing_at(hosts["school"]):
        environment = environment_for(folder / "home")
        url = f"http://{hosts['school'].ip}:{environment['EDGE_PORT']}"
        # What is started here stands at the school too: a thread's network goes on to its processes.
        day = open_day(folder / "home", {**environment, "PUBLIC_URL": url}, "--bell-in", "1")
        try:
            wait_until(day.live_is_open, seconds=60, what="the live servers run")
            at_home = folder / "chromium"
            at_home.write_text(f'#!/bin/sh\nexec {" ".join(hosts["home"].words)} /usr/bin/chromium "$@"\n')
            at_home.chmod(0o755)
            # Cameras are for secure pages only; a district has TLS, this network has none.
            flags = [*FLAGS, f"--unsafely-treat-insecure-origin-as-secure={url}"]
            with sync_playwright() as playwright:
                here = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
                there = playwright.chromium.launch(executable_path=str(at_home), args=flags)
                teacher, child = _come(here, day, url, "teacher"), _come(there, day, url, "twin")
                expect(child.page.get_by_test_id(f"tile-{teacher.id}")).to_be_visible(timeout=30_000)
                wait_until(
                    lambda: child.device.frames_from(teacher.id) > 0, seconds=60, what="the child sees the teacher"
                )
                yield Class(teacher, child, hosts["home"])
                here.close()
                there.close()
        finally:
            day.interrupt()


def _come(browser: Browser, day: SchoolDay, url: str, who: str) -> InClass:
    someone = at_a_device(browser)
    someone.sign_on(url, user_name(day, who))
    someone.join()
    expect(someone.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=60_000)
    tile = someone.page.locator('[data-testid^="tile-"][data-self="true"]')
    expect(tile).to_have_count(1, timeout=30_000)
    return InClass(someone, (tile.get_attribute("data-testid") or "").removeprefix("tile-"))
