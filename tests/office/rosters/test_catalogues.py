"""Every text of the roster's pages exists in the three languages, with the same places to fill in."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

import schoolday.office.people
import schoolday.office.rosters
from schoolday.office.people.access import NotYours
from schoolday.office.rosters import uploads
from schoolday.office.rosters.locks import ImportRunning
from schoolday.office.rosters.oneroster.problems import SENTENCES
from schoolday.office.rosters.views import operator

HERE = Path(str(schoolday.office.rosters.__file__)).parent
PEOPLE = Path(str(schoolday.office.people.__file__)).parent
_TEXT = re.compile(r'{% translate "([^"]+)" %}')
_COUNTED = re.compile(r"{% blocktranslate count [^%]+%}(.+?){% plural %}")
_FIELD = re.compile(r"%\(\w+\)s")


def catalogue(app: Path, language: str) -> dict[str, tuple[str, ...]]:
    with (app / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = read_po(file, locale=language)
    found: dict[str, tuple[str, ...]] = {}
    for message in messages:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return found


def texts() -> set[str]:
    pages = "".join(path.read_text() for path in sorted((HERE / "templates").rglob("*.html")))
    said = set(_TEXT.findall(pages))
    said |= {text.replace("{{ n }}", "%(n)s") for text in _COUNTED.findall(pages)}
    said |= {str(text) for text in (*operator.STATES.values(), *operator.KINDS.values())}
    return said | set(SENTENCES.values()) | {uploads.BadUpload.text, uploads.UploadTooLarge.text, ImportRunning.text}


@pytest.mark.parametrize("language", ["es", "ht"])
def test_every_text_is_translated(language: str) -> None:
    translated = catalogue(HERE, language)
    with translation.override("en"):
        _check(translated)
    assert catalogue(PEOPLE, language)[NotYours.text][0]


def _check(translated: dict[str, tuple[str, ...]]) -> None:
    assert texts() - translated.keys() == set()
    for text, forms in translated.items():
        for form in forms:
            assert form, text
            assert set(_FIELD.findall(form)) == set(_FIELD.findall(text)), text
