"""The students of a practice class: their invented names, and what they write, in three languages."""

import random
from typing import Literal

import msgspec

from schoolday.lib import ids

Language = Literal["en", "es", "ht"]

# Invented; two of the first name come only where a scenario asks for two of one name.
_FIRST = (
    *(
        "Ada",
        "Bo",
        "Cleo",
        "Dario",
        "Elsa",
        "Finn",
        "Gia",
        "Hugo",
        "Inés",
        "Jude",
        "Kaya",
        "Lior",
        "Mina",
        "Nico",
        "Ona",
    ),
    *("Pilar", "Quinn", "Rosa", "Sami", "Tove", "Uma", "Vito", "Wendeline", "Xiomara", "Yael", "Zeke", "Amos", "Bela"),
    *("Ciro", "Dina"),
)
_LAST = ("Practice", "Rehearsal", "Tryout", "Sample", "Model", "Sketch", "Draft", "Pretend")

CHAT: dict[str, dict[Language, str]] = {
    "hello": {"en": "Good morning!", "es": "¡Buenos días!", "ht": "Bonjou!"},
    "late": {"en": "Sorry I am late.", "es": "Perdón, llego tarde.", "ht": "Eskize m, mwen an reta."},
    "back": {"en": "My line was gone. I am back.", "es": "Se me fue la línea. Ya volví.",
             "ht": "Liy mwen te koupe. Mwen tounen."},
    "page": {"en": "Which page?", "es": "¿Qué página?", "ht": "Ki paj?"},
    "help": {"en": "I need help, please.", "es": "Necesito ayuda, por favor.", "ht": "Mwen bezwen èd, tanpri."},
    "sound": {"en": "I cannot hear you.", "es": "No la oigo.", "ht": "Mwen pa tande w."},
    "done": {"en": "I am done!", "es": "¡Ya terminé!", "ht": "Mwen fini!"},
    "joke": {"en": "My cat wants to learn too.", "es": "Mi gato también quiere aprender.",
             "ht": "Chat mwen an vle aprann tou."},
}  # fmt: skip


# Where a question asks for a word.
WORDS: tuple[dict[Language, str], ...] = (
    {"en": "good", "es": "bien", "ht": "byen"},
    {"en": "tired", "es": "cansado", "ht": "fatige"},
    {"en": "ready", "es": "listo", "ht": "pare"},
)


class PracticeStudent(msgspec.Struct, frozen=True):
    """One invented student: `id` has the form of a person's."""

    id: str
    name: str


def cast(count: int, *, seed: int, same_first_name: bool = False) -> tuple[PracticeStudent, ...]:
    """Return so many invented students; the ids are new each time, the names follow the seed."""
    chance = random.Random(seed)  # noqa: S311, it chooses no secret
    firsts = chance.sample(_FIRST, count)
    if same_first_name and count > 1:
        firsts[1] = firsts[0]
    lasts = [chance.choice(_LAST) for _ in firsts]
    if same_first_name and count > 1:
        lasts[1] = lasts[0]  # the very same name: the class has to tell them apart
    return tuple(PracticeStudent(ids.new_id(), f"{first} {last}") for first, last in zip(firsts, lasts, strict=True))
