"""The browser of tests/browser, here too."""

from tests.browser.conftest import browser as browser
