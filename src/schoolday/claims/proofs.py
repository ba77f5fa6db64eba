"""What was last proven, as it is kept in the folder proofs/."""

import msgspec

from schoolday.claims.claim import Proof, Shown
from schoolday.claims.tests_of_claims import ROOT

PROOFS = ROOT / "proofs"


def record(proof: Proof, *, only: str | None) -> None:
    """
    Keep a run: of an area in proofs/NAME.json or proofs/NAME.short.json, of one claim (`only`) in proofs/NAME/ID.json.

    A full run of the area is newer than what single claims showed before: those files go.
    """
    file = PROOFS / (f"{proof.name}.json" if proof.form == "full" else f"{proof.name}.short.json")
    alone = PROOFS / proof.name
    if only:
        file = alone / f"{only}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(proof), indent=2) + b"\n")
    if proof.form == "full" and not only:
        for old in alone.glob("*.json"):
            old.unlink()


def last_shown(area: str) -> dict[str, tuple[Shown, Proof]]:
    """Return by claim what it showed last, and in which run: of its full form, or of the short one if it has none."""
    files = [PROOFS / f"{area}.short.json", PROOFS / f"{area}.json", *sorted((PROOFS / area).glob("*.json"))]
    proofs = [msgspec.json.decode(file.read_bytes(), type=Proof) for file in files if file.exists()]
    return {shown.id: (shown, proof) for proof in proofs for shown in proof.claims}
