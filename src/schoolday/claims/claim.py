"""One claim, and what a run of it showed."""

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True)
class Claim:
    """
    What we say, what we aim at, and the tests (pytest node ids) that show it.

    `tests` run in one go with those of the other claims of the area; each must say a figure under `id`.
    `dead` and `works`: which part is dead in it, and what still works: a row of the README's table of these.
    """

    id: str
    text: str
    aim: str
    tests: tuple[str, ...]
    dead: str = ""
    works: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What one claim's run showed. `state`: PASS or FAIL."""

    id: str
    claim: str
    aim: str
    figure: str
    state: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """One run of an area; the content of proofs/<name>.json."""

    name: str
    date: str
    commit: str
    form: str
    machine: str
    versions: dict[str, str]
    seconds: int
    claims: tuple[Shown, ...]
