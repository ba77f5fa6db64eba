"""What axe-core finds on a page, and whether a small phone shows all of it."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "app" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = "axe.run().then(found => found.violations.map(one => one.id + ' at ' + one.nodes[0].target))"


def wrong_with(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands, at its present width."""
    page.evaluate(AXE.read_text())
    violations: list[str] = page.evaluate(_RUN)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*violations, *([f"{wide} px too wide"] if wide > 0 else [])]
