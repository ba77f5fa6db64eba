"""The README's table of what is proven, made from proofs/."""

from schoolday.claims.areas import AREAS
from schoolday.claims.prove_command import read_proof

BEGIN = "<!-- proven: begin (scripts/readme-table writes this) -->"
END = "<!-- proven: end -->"


def table() -> str:
    """Return the table as Markdown, between its two marks."""
    lines = [BEGIN, "| claim | figure | aim | | date | command |", "|---|---|---|---|---|---|"]
    for area in AREAS:
        proof = read_proof(area)
        command = f"`make prove NAME={area}{' SHORT=1' if proof and proof.form == 'short' else ''}`"
        figures = {shown.id: shown for shown in proof.claims} if proof else {}
        for claim in AREAS[area]:
            shown = figures.get(claim.id)
            if proof and shown:
                lines.append(
                    f"| {shown.claim} | {shown.figure} | {shown.aim} | {shown.state} | {proof.date} | {command} |"
                )
            else:
                lines.append(f"| {claim.text} | not yet | {claim.aim} | | | {command} |")
    return "\n".join([*lines, END])


def with_table(readme: str) -> str:
    """Return the README's text with the table of today's proofs."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + table() + after
