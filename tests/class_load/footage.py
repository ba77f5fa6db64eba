"""What synthetic students show and say, encoded at test time by the browser that the tests have anyway."""

import json
from pathlib import Path

from playwright.sync_api import Browser

PICTURES_PER_SECOND = 5
_LOOP = {"width": 160, "height": 90, "pictures_per_second": PICTURES_PER_SECOND, "seconds": 4, "looks": 6}
_SOUNDS_AT_LEAST = 140  # of 150 packets of 20 ms; an encoder may keep its last ones


def make(browser: Browser, folder: Path) -> Path:
    """Write the generator's file of pictures (generator/README.md) into `folder`; about a second."""
    page = browser.new_page()
    try:
        # Encoders are there only for pages of a safe origin, as this machine's own name is; nothing is asked of it.
        page.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        page.goto("http://localhost/")
        made = page.evaluate(Path(__file__).with_suffix(".js").read_text(), _LOOP)
    finally:
        page.close()
    assert len(made["sounds"]) >= _SOUNDS_AT_LEAST
    file = folder / "footage.json"
    file.write_text(json.dumps(made))
    return file
