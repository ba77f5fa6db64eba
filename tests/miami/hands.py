"""
An operator's hands: every click and letter is done by the browser, and counted as a person's time.

The keystroke-level model (Card, Moran, Newell 1980: "The keystroke-level model for user performance time with
interactive systems"): K 0.28 s a letter for an average typist, P 1.1 s to point, B 0.2 s a click, H 0.4 s from mouse
to keyboard, M 1.35 s to make up one's mind; here one M before every act.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

LETTER, POINT, CLICK, HOME, MIND = 0.28, 1.1, 0.2, 0.4, 1.35
LOOK_SECONDS = 6.0  # at a page that asks to be read before the last button; our judgement


@dataclass
class Hands:
    """What they did so far. `seconds`: as a person who sees the page for the first time would need."""

    seconds: float = 0.0
    clicks: int = 0
    letters: int = 0

    def click(self, what: Locator) -> None:
        what.scroll_into_view_if_needed()
        what.click()
        self.clicks += 1
        self.seconds += MIND + POINT + CLICK

    def choose(self, label: Locator, box: Locator) -> None:
        """Click a label until its box is checked: once."""
        self.click(label)
        expect(box).to_be_checked()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.clicks += 1
        self.letters += len(text)
        self.seconds += MIND + POINT + CLICK + HOME + LETTER * len(text)

    def look(self) -> None:
        self.seconds += LOOK_SECONDS
