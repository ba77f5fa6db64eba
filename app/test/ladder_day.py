"""
The ladder in a real browser, against a build and the mock day: prints one line per case with its time.

Run after `npm run build`: `.venv/bin/python app/test/ladder_day.py [dist] [folder for pictures]`.
Exits non-zero when a case fails.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import httpx
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

HERE = Path(__file__).parent
DIST = sys.argv[1] if len(sys.argv) > 1 else str(HERE.parent / "dist")
PICTURES = Path(sys.argv[2]) if len(sys.argv) > 2 else None
FLAGS = ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
IN_CLASS_SECONDS = 10
COLD_SECONDS = 3
GOOD = {"d1": "good", "d2": "good", "d3": "good"}
THREE_DAYS_MS = 3 * 86_400_000
# A whole device whose clock is three days behind.
CLOCK_BEHIND = f"""(() => {{
  const Real = Date, behind = {THREE_DAYS_MS};
  const now = Real.now.bind(Real);
  class Late extends Real {{ constructor(...args) {{ args.length ? super(...args) : super(now() - behind); }} }}
  Late.now = () => now() - behind;
  globalThis.Date = Late;
}})()"""
NO_DATABASE = "indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }"


class Mock:
    """The mock day in its own process, on a free port."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://localhost:{port}"
        self.process = subprocess.Popen([sys.executable, str(HERE / "mock_day.py"), str(port), DIST])
        for _ in range(100):
            try:
                self.play(**RESET)
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise SystemExit("the mock day did not start")

    def play(self, **what: object) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.post(f"{self.url}/play", json=what, timeout=5).json()
        return answer

    def doors(self, **modes: str) -> None:
        self.play(door_mode={**GOOD, **modes})

    def arrived(self) -> list[dict[str, Any]]:
        """Each once: the same id at two doors is one arrival."""
        return list(
            {event["id"]: event for event in reversed(self.play()["events"]) if event["kind"] == "arrived"}.values()
        )

    def layers(self) -> list[str]:
        tried = [event for event in self.play()["events"] if event["kind"] == "tried"]
        return sorted({f"{event['detail']['step']}:{event['detail']['layer']}" for event in tried})


RESET: dict[str, object] = {
    "door_mode": GOOD, "ticket": "alternate", "arrivals": {}, "events": [], "plan_hosts_dead": False,
    "office_dead": False, "spares": True, "turn": 0, "pass_days": 5.0, "live_url": "",
}  # fmt: skip


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError("it did not come in time")
        time.sleep(0.1)


def hold(fact: bool, what: str) -> None:
    if not fact:
        raise AssertionError(what)


@contextmanager
def device(
    browser: Browser, mock: Mock, *, script: str = "", locale: str = "en-US"
) -> Iterator[tuple[BrowserContext, Page]]:
    """A device that is signed on and holds app, bundle and plan."""
    mock.play(**RESET)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=locale, timezone_id="America/New_York")
    if script:
        context.add_init_script(script)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(mock.url)
    page.get_by_test_id("sign-on-user").fill("student")
    page.get_by_test_id("sign-on-password").fill("x")
    page.get_by_test_id("sign-on-go").click()
    page.get_by_test_id("class-card").wait_for(timeout=20_000)
    wait_for(lambda: bool(page.evaluate("navigator.serviceWorker.controller !== null")), 20)
    yield context, page
    context.close()
    if errors:
        raise AssertionError(errors)


def picture(page: Page, name: str) -> None:
    if PICTURES:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(PICTURES / f"{name}.png"))


def seconds_to(page: Page, selector: str, at_most: float) -> float:
    page.get_by_test_id("join").first.click()
    began = time.monotonic()
    page.locator(selector).first.wait_for(timeout=at_most * 1000)
    return time.monotonic() - began


LET_IN = '[data-testid="joining"][data-state="alternate"]'
LIVE = '[data-testid="live-room"]'


def bad_doors(browser: Browser, mock: Mock) -> Iterator[str]:
    for modes in (
        {"d1": "dead"}, {"d1": "liar"}, {"d1": "portal"}, {"d1": "slow"}, {"d1": "hang"}, {"d1": "busy"},
        {"d1": "hang", "d2": "hang"}, {"d1": "hang", "d2": "liar"},
    ):  # fmt: skip
        with device(browser, mock) as (_, page):
            mock.doors(**modes)
            took = seconds_to(page, LET_IN, 20)
            hold(took < IN_CLASS_SECONDS, f"{took:.1f} s are too many")
            wait_for(lambda: len(mock.arrived()) == 1, 20)
            yield f"doors {modes}: let in after {took:.1f} s, noted {mock.layers()}"


def all_doors_bad(browser: Browser, mock: Mock) -> Iterator[str]:
    for mode in ("dead", "hang"):
        with device(browser, mock) as (_, page):
            mock.doors(d1=mode, d2=mode, d3=mode)
            took = seconds_to(page, LIVE, 20)
            hold(took < IN_CLASS_SECONDS, f"{took:.1f} s are too many")
            came = time.time() * 1000
            yield f"all doors {mode}: into the class by spare ticket after {took:.1f} s"
            if mode == "dead":
                page.wait_for_timeout(3_000)
                mock.doors()
                wait_for(lambda: len(mock.arrived()) == 1, 60)
                (event,) = mock.arrived()
                before = event["sent_at"] - event["device_at"]
                told = f"{before / 1000:.0f} s after she came; noted {mock.layers()}"
                yield f"the doors are back: her arrival is sent, {told}"
                hold(abs(event["device_at"] - came) < 3_000, "the arrival has another time than hers")


def refusals(browser: Browser, mock: Mock) -> Iterator[str]:
    with device(browser, mock) as (_, page):
        mock.doors(d1="hang", d2="refuses", d3="hang")
        took = seconds_to(page, '[data-testid="join-refused"]', 20)
        page.wait_for_timeout(9_000)
        hold(page.get_by_test_id("live-room").count() == 0, "she is in the class")
        yield f"a door refuses: said after {took:.1f} s, and no spare ticket is used"
    with device(browser, mock) as (_, page):
        mock.play(turn=1)
        page.reload()
        page.get_by_test_id("class-card").wait_for()
        page.wait_for_timeout(1_500)
        mock.doors(d1="dead", d2="dead", d3="dead")
        took = seconds_to(page, '[data-testid="alternates"]', 20)
        hold(page.get_by_test_id("live-room").count() == 0, "she is in the class")
        yield f"the meeting has another turn: no spare, the alternates after {took:.1f} s"


def cold_start(browser: Browser, mock: Mock) -> Iterator[str]:
    with device(browser, mock) as (context, page):
        mock.doors(d1="dead", d2="dead", d3="dead")
        page.wait_for_timeout(1_000)
        page.close()
        context.set_offline(True)
        page = context.new_page()
        began = time.monotonic()
        page.goto(mock.url, wait_until="commit")
        page.get_by_test_id("class-card").wait_for()
        card = time.monotonic() - began
        page.get_by_test_id("alternates").wait_for()
        page.get_by_test_id("offline").wait_for()
        ways = time.monotonic() - began
        picture(page, "cold-offline")
        yield f"cold and offline: card after {card:.2f} s, alternates and what was saved after {ways:.2f} s"
        hold(ways < COLD_SECONDS, f"{ways:.2f} s are too many")
        page.get_by_test_id("join").first.click()
        page.get_by_test_id("alternates").wait_for(timeout=2_000)
        picture(page, "offline-joining")
        page.wait_for_timeout(1_000)
        mock.doors()
        context.set_offline(False)
        wait_for(lambda: len(mock.layers()) > 0 and len(mock.arrived()) == 1, 40)
        yield f"the line is back: noted {mock.layers()}"


def clocks(browser: Browser, mock: Mock) -> Iterator[str]:
    with device(browser, mock, script=CLOCK_BEHIND) as (_, page):
        mock.doors(d1="dead")
        took = seconds_to(page, LET_IN, 20)
        wait_for(lambda: len(mock.arrived()) == 1, 30)
        (event,) = mock.arrived()
        behind = (time.time() * 1000 - event["sent_at"]) / 86_400_000
        hold(abs(behind - 3) < 0.01, f"{behind:.2f} days behind, not three")
        before_ms = event["sent_at"] - event["device_at"]
        hold(before_ms < 30_000, f"sent {before_ms} ms after she came")
        yield f"clock three days behind: let in after {took:.1f} s, arrival {before_ms} ms before it was sent"


def stores(browser: Browser, mock: Mock) -> Iterator[str]:
    with device(browser, mock, script=NO_DATABASE) as (_, page):
        page.get_by_test_id("forgets").wait_for()
        picture(page, "forgets")
        mock.doors(d1="dead")
        took = seconds_to(page, LET_IN, 20)
        wait_for(lambda: len(mock.arrived()) == 1 and len(mock.layers()) == 1, 5)
        yield f"a browser without a database: says so, let in after {took:.1f} s, what happened is sent at once"
    with device(browser, mock) as (_, page):
        page.evaluate(
            """new Promise((done) => {
              const r = indexedDB.deleteDatabase('schoolday');
              r.onsuccess = r.onerror = () => done(1);
            })"""
        )
        took = seconds_to(page, LET_IN, 20)
        wait_for(lambda: len(mock.arrived()) == 1, 20)
        page.goto(mock.url)
        page.get_by_test_id("class-card").wait_for(timeout=5_000)
        yield f"the database is wiped under an open page: let in after {took:.1f} s, the next start finds the day"


def closed_page(browser: Browser, mock: Mock) -> Iterator[str]:
    with device(browser, mock) as (context, page):
        mock.doors(d1="dead", d2="dead", d3="dead")
        mock.play(office_dead=True, spares=False)
        seconds_to(page, '[data-testid="alternates"], [data-testid="live-room"]', 20)
        page.wait_for_timeout(1_000)
        page.goto("about:blank")
        helper = context.new_page()
        helper.goto(f"{mock.url}/icon.svg")
        cdp = context.new_cdp_session(helper)
        registrations: list[str] = []
        cdp.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda news: registrations.extend(r["registrationId"] for r in news["registrations"]),
        )
        cdp.send("ServiceWorker.enable")
        helper.wait_for_timeout(500)
        hold(mock.layers() == [], "something was noted while nothing could be sent")
        mock.doors()
        mock.play(office_dead=False)
        cdp.send(
            "ServiceWorker.dispatchSyncEvent",
            {"origin": mock.url, "registrationId": registrations[0], "tag": "evidence", "lastChance": False},
        )
        wait_for(lambda: len(mock.layers()) > 0, 20)
        yield f"no page open, the browser says there is a line: noted {mock.layers()}"


def sentences(browser: Browser, mock: Mock) -> Iterator[str]:
    for locale in ("en-US", "es-US", "ht"):
        with device(browser, mock, locale=locale) as (_, page):
            page.get_by_test_id("language").select_option(locale[:2])
            mock.doors(d1="hang", d2="dead", d3="hang")
            mock.play(spares=False, turn=1)
            page.reload()
            page.get_by_test_id("class-card").wait_for()
            page.get_by_test_id("join").first.click()
            seen: list[str] = []
            for _ in range(90):
                text = page.get_by_test_id("step").inner_text().replace("\n", " ")
                if not seen or text[:30] != seen[-1][:30]:
                    seen.append(text)
                    picture(page, f"step-{locale[:2]}-{len(seen)}")
                if page.get_by_test_id("try-now").count():
                    break
                page.wait_for_timeout(100)
            picture(page, f"step-{locale[:2]}-try-now")
            yield f"{locale}: {' | '.join(seen)}"
            mock.doors(d1="busy", d2="busy", d3="busy")
            page.get_by_test_id("try-now").click()
            page.wait_for_timeout(400)
            picture(page, f"busy-{locale[:2]}")
            mock.play(pass_days=-1.0, door_mode=GOOD)
            page.context.clear_cookies()
        with device(browser, mock, locale=locale, script=NO_DATABASE) as (_, page):
            page.get_by_test_id("language").select_option(locale[:2])
            page.get_by_test_id("forgets").wait_for()
            picture(page, f"forgets-{locale[:2]}")


CASES = [bad_doors, all_doors_bad, refusals, cold_start, clocks, stores, closed_page, sentences]


def main() -> int:
    mock = Mock()
    wanted = sys.argv[3:]
    failed = 0
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            for case in CASES:
                if wanted and case.__name__ not in wanted:
                    continue
                try:
                    for line in case(browser, mock):
                        click.echo(f"ok    {line}")
                except Exception as error:
                    failed += 1
                    click.echo(f"FAIL  {case.__name__}: {type(error).__name__}: {error}")
            browser.close()
    finally:
        mock.process.terminate()
        mock.process.wait()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
