"""What the load tests share."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS
from tests.class_load import footage


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What synthetic people show; the browser that encodes it is gone before anything is measured."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        made = footage.make(browser, tmp_path_factory.mktemp("footage"))
        browser.close()
    return made
