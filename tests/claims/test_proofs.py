"""What is kept of runs: the last word on each claim, in its full form where there is one."""

from pathlib import Path

import pytest

from schoolday.claims import proofs
from schoolday.claims.claim import Proof, Shown


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "PROOFS", tmp_path)


def run(form: str, **figures: str) -> Proof:
    shown = tuple(Shown(id=id_, claim=id_, aim="", figure=figure, state="PASS") for id_, figure in figures.items())
    return Proof(
        name="area", date="2026-11-22", commit="c", form=form, machine="m", versions={}, seconds=1, claims=shown
    )


def figures() -> dict[str, str]:
    return {id_: shown.figure for id_, (shown, _) in proofs.last_shown("area").items()}


def test_nothing_is_proven_at_first() -> None:
    assert figures() == {}


def test_a_full_run_of_one_claim_goes_before_the_short_run_of_all() -> None:
    proofs.record(run("short", one="1", two="2"), only=None)
    proofs.record(run("full", two="22"), only="two")
    assert figures() == {"one": "1", "two": "22"}
    assert proofs.last_shown("area")["two"][1].form == "full"
    # The next short run takes nothing away from it.
    proofs.record(run("short", one="11", two="2"), only=None)
    assert figures() == {"one": "11", "two": "22"}


def test_a_full_run_of_all_is_the_last_word() -> None:
    proofs.record(run("full", two="22"), only="two")
    proofs.record(run("full", one="111", two="222"), only=None)
    assert figures() == {"one": "111", "two": "222"}
