"""What all pages share: head, look, and the few kinds of HTML they are made of. Every text goes through `escape`."""

import re
from html import escape
from pathlib import Path

from schoolday.contracts.plan import Texts
from schoolday.office.pathways.cards.places import may_open, shown
from schoolday.office.pathways.cards.words import word

STATIC = Path(__file__).parent / "static"
# Rises when the pages look different: then all are written anew.
LOOK = 2
# In the page, since a static host may set no header of its own. Links lead out, nothing else does.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
# In each page, so that one that was saved or sent on looks right, too.
STYLE = re.sub(r"\s*([{};:,>])\s+", r"\1", (STATIC / "sheet.css").read_text())


def page(title: str, main: str, *, script: str = "", data: str = "", language: str = "en") -> bytes:
    """
    Return a whole page. `title` is text, `main` HTML; `script`: path of an optional script, relative to the page.

    It asks no search engine to list it: a class's link is meant for its families.
    """
    tag = f'<script src="{script}" defer></script>' if script else ""
    return (
        f'<!doctype html>\n<html lang="{language}"{data}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}</style>\n{tag}</head>\n"
        f"<body>\n{main}\n</body>\n</html>\n"
    ).encode()


def link(url: str, *, kind: str = "", text: str = "") -> str:
    """Return a link, or its text when nobody should follow it."""
    of_class = f' class="{kind}"' if kind else ""
    text = escape(text or shown(url))
    return f'<a{of_class} href="{escape(url)}">{text}</a>' if may_open(url) else f"<span{of_class}>{text}</span>"


def phone(number: str, called: str = "") -> str:
    """Return a school's phone number to tap, with what it is (HTML) before it; nothing when it has none."""
    dialled = re.sub(r"[^0-9+]", "", number)
    return f"<p>{called or word('phone')}: {link(f'tel:{dialled}', text=number)}</p>" if number else ""


def all_in_one(texts: Texts) -> str:
    """Return the three in one text, for places where no HTML may stand."""
    return " · ".join(dict.fromkeys((texts.en, texts.es, texts.ht)))
