"""All cards of a school on one page, taken from the static files as families see them."""

import re
from pathlib import Path

from schoolday.office.pathways.cards.facts import safe_id
from schoolday.office.pathways.cards.write import GO

_CARD = re.compile(r"<main class=\"card\">(.*?)</main>", re.DOTALL)
# Its links lead from where the file lies, and are not printed.
_LINKS = re.compile(r"<p class=\"screen-only\">.*?</p>", re.DOTALL)
_TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)


def count_cards(plan_dir: Path, org: str) -> int:
    """Return how many cards a school has; one look into a folder."""
    return sum(1 for _ in (plan_dir / GO / safe_id(org)).glob("[!.]*.html"))


def cards_of(plan_dir: Path, org: str) -> list[str]:
    """Return the HTML of each card, by title. A file is our own writing, and escaped; 0.1 ms each."""
    found = []
    for path in (plan_dir / GO / safe_id(org)).glob("[!.]*.html"):
        try:
            text = path.read_text()
        except FileNotFoundError:  # swept this moment
            continue
        card = _CARD.search(text)
        if card:
            title = _TITLE.search(card.group(1))
            found.append((title.group(1) if title else "", path.name, _LINKS.sub("", card.group(1))))
    return [html for _, _, html in sorted(found)]
