"""
What turns speech into text, behind one small interface; engines are chosen by name (CAPTIONS_ENGINE).

An engine of your own is a module that defines `engine() -> CaptionEngine`: CAPTIONS_ENGINE=your_package.your_module.
"""

import importlib
from typing import NamedTuple, Protocol

from schoolday.lib.errors import BadSettings

RATE_HZ = 16_000
_OURS = {"pocketsphinx": "schoolday.agents.captions.sphinx"}


class Heard(NamedTuple):
    """What was said so far. `final`: the sentence is over, the next one begins anew."""

    text: str
    final: bool


class CaptionStream(Protocol):
    """One voice. Called from one thread at a time; `feed` is given 16-bit mono sound at RATE_HZ of any length."""

    def feed(self, pcm: bytes) -> list[Heard]: ...

    def close(self) -> list[Heard]: ...


class CaptionEngine(Protocol):
    """`languages`: of those the app has (en, es, ht), the ones it hears."""

    name: str
    languages: frozenset[str]

    def start(self, language: str) -> CaptionStream: ...


def load(name: str) -> CaptionEngine:
    """
    Return the engine of this name; loads it.

    :raises BadSettings: if there is none
    """
    try:
        module = importlib.import_module(_OURS.get(name, name))
        made: CaptionEngine = module.engine()
    except (ImportError, AttributeError, ValueError) as error:
        known = ", ".join(sorted(_OURS))
        raise BadSettings(
            f"CAPTIONS_ENGINE: {name!r} is no engine here ({error}). Say {known}, or a module with engine()."
        ) from error
    return made
