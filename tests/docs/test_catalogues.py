"""Every text of the office exists in Spanish and Haitian Creole."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

OFFICE = Path(__file__).parents[2] / "src" / "schoolday" / "office"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def messages() -> Iterator[tuple[str, str]]:
    """Every message of code and templates, with the file it stands in."""
    for path in sorted(OFFICE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            source = path.read_text()
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            source = templatize(path.read_text())
        else:
            continue
        for _, message, _, _ in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            for text in (message,) if isinstance(message, str) else tuple(m for m in message if m)[:1]:
                yield text, str(path.relative_to(OFFICE))


def catalogue(language: str) -> dict[str, str]:
    """All translations of one language, over all apps."""
    found: dict[str, str] = {}
    for path in sorted(OFFICE.rglob(f"locale/{language}/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            read: Catalog = read_po(file)
        for message in read:
            key = message.id if isinstance(message.id, str) else message.id[0]
            whole = message.string if isinstance(message.string, str) else "".join(message.string or ())
            if key and whole and not message.fuzzy:
                found[str(key)] = whole
    return found


@pytest.mark.parametrize("language", ["es", "ht"])
def test_nothing_is_left_untranslated(language: str) -> None:
    have = catalogue(language)
    missing = sorted({f"{where}: {text!r}" for text, where in messages() if text not in have})
    assert not missing, "\n".join(missing)


def test_the_test_sees_templates_and_code() -> None:
    assert {Path(where).suffix for _, where in messages()} >= {".html"}
    assert any(text == "School office" for text, _ in messages())
