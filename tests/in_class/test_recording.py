"""A teacher records her class: who agreed is in it, who did not leaves no sound; the office dies in the middle."""

import json
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.people import at_a_device
from tests.device import Refused
from tests.figures import say
from tests.in_class.people import InClass, come, plain, user_name
from tests.kill import held_supervisor
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.unproven]

# What a browser makes of the file: its sound in windows of half a second, frames it shows, whether one can seek.
_DECODE = """async (url) => {
  const bytes = await (await fetch(url)).arrayBuffer();
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([bytes], {type: 'video/webm'}));
  await new Promise((done, failed) => { video.onloadedmetadata = done; video.onerror = failed; });
  const colours = new Set();
  const canvas = new OffscreenCanvas(64, 36), paint = canvas.getContext('2d');
  const shown = async (at) => {
    await new Promise((done) => { video.onseeked = done; video.currentTime = at; });
    paint.drawImage(video, 0, 0, 64, 36);
    return [...paint.getImageData(8, 8, 1, 1).data].join() + [...paint.getImageData(32, 18, 1, 1).data].join();
  };
  for (let at = 1; at < video.duration - 1; at += 0.7) colours.add(await shown(at));
  const sound = await new AudioContext().decodeAudioData(bytes.slice(0));
  const heard = sound.getChannelData(0), step = sound.sampleRate / 2, levels = [];
  for (let from = 0; from + step <= heard.length; from += step) {
    let sum = 0;
    for (let at = from; at < from + step; at++) sum += heard[at] ** 2;
    levels.push(Math.sqrt(sum / step));
  }
  return {levels, pictures: colours.size, seconds: video.duration, width: video.videoWidth, height: video.videoHeight};
}"""


def come_knowing(browser: Browser, day: SchoolDay, *, agreed: str) -> InClass:
    """The teacher, whose bundle says that this one student's family agreed."""
    someone = at_a_device(browser)

    def with_consent(route: Route) -> None:
        answer = route.fetch()
        bundle = answer.json()
        for section in bundle["sections"]:
            for member in section["members"]:
                member["may_record"] = member["id"] == agreed
        route.fulfill(response=answer, body=json.dumps(bundle))

    someone.page.route("**/api/bundle", with_consent)
    someone.sign_on(day.url, user_name(day, "teacher"))
    someone.join()
    expect(someone.page.get_by_test_id("live-room")).to_have_attribute("data-line", "open", timeout=30_000)
    return InClass(someone, "")


def set_microphone(page: Page, *, on: bool) -> None:
    button = page.get_by_test_id("microphone")
    expect(button).to_be_enabled(timeout=20_000)
    wanted = str(on).lower()

    def is_set() -> bool:
        # It opens with the class, a little later: a tap before that is undone by it.
        if button.get_attribute("aria-pressed") != wanted:
            button.click()
            page.wait_for_timeout(1_500)
        return button.get_attribute("aria-pressed") == wanted

    wait_until(is_set, seconds=40, what=f"the microphone is {on}")


def recorded_seconds(page: Page, at_least: int) -> None:
    shown = page.get_by_test_id("recording-time")
    expect(shown).to_have_text(
        re.compile("|".join(f"0:{second:02d} " for second in range(at_least, 60))), timeout=60_000
    )


def test_who_agreed_is_heard_and_nobody_else_also_when_the_office_dies(day: SchoolDay, browser: Browser) -> None:
    without, agreed = come(browser, day, "twin"), come(browser, day, "student")
    teacher = come_knowing(browser, day, agreed=agreed.id)
    set_microphone(teacher.page, on=False)
    set_microphone(agreed.page, on=False)
    set_microphone(without.page, on=True)
    page = teacher.page
    expect(page.get_by_test_id(f"tile-{without.id}")).to_be_visible(timeout=20_000)
    page.get_by_test_id("more").click()
    page.get_by_test_id("recording-menu").click()
    left_out = page.get_by_test_id(f"tile-{without.id}").locator("figcaption").inner_text().split("\n")[0].strip()
    expect(page.get_by_test_id("recording-left-out")).to_contain_text(left_out[:12], timeout=20_000)
    for one in (without, agreed):
        expect(one.page.get_by_test_id("recording-sign")).to_have_count(0)
    page.get_by_test_id("recording-start").click()
    for one in (teacher, without, agreed):
        expect(one.page.get_by_test_id("recording-sign")).to_be_visible(timeout=10_000)
    recorded_seconds(page, 6)
    with held_supervisor(day) as parts:
        parts.kill("office")
        set_microphone(agreed.page, on=True)
        recorded_seconds(page, 13)
        page.get_by_test_id("recording-stop").click()
        expect(page.get_by_test_id("recording-sign")).to_have_count(0, timeout=20_000)
    for one in (without, agreed):
        expect(one.page.get_by_test_id("recording-sign")).to_have_count(0, timeout=10_000)
    url = _arrived(day)
    found: Any = page.evaluate(_DECODE, url)
    silent, heard = max(found["levels"][:10]), max(found["levels"][13:])
    say(
        "class-recording",
        f"{found['seconds']:.0f} s of {found['width']} x {found['height']}, {found['pictures']} different pictures, "
        "brought after the office was killed in the middle",
    )
    say("class-recording-consent", f"level without consent {silent:.5f}, with consent {heard:.3f}")
    assert (found["width"], found["height"]) == (1280, 720)
    assert found["pictures"] > 3
    assert 12 <= found["seconds"] <= 40
    assert silent < 0.0005 < 0.01 < heard
    assert not teacher.device.errors + without.device.errors + agreed.device.errors


def _arrived(day: SchoolDay) -> str:
    """Wait until the office has it whole, and return its address."""
    found: list[str] = []

    def whole() -> bool:
        try:
            device = plain(day, "teacher")
        except (Refused, httpx.HTTPError, ValueError):
            return False  # the office is not back yet
        ids = re.findall(r"/office/recordings/([0-9a-z]{12})/", device.http.get("/office/recordings/").text)
        found[:] = [f"/office/recordings/{one}/media" for one in ids]
        return any(device.http.head(url).status_code == 200 for url in found)

    wait_until(whole, seconds=120, what="the recording is at the office, whole")
    return found[0]
