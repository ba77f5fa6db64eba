"""The README's tables: what is proven, made from proofs/, and what still works when a part is dead."""

from schoolday.claims.areas import AREAS
from schoolday.claims.claim import Proof
from schoolday.claims.proofs import last_shown

BEGIN = "<!-- proven: begin (scripts/readme-table writes this) -->"
END = "<!-- proven: end -->"
WORKS_BEGIN = "<!-- still works: begin (scripts/readme-table writes this) -->"
WORKS_END = "<!-- still works: end -->"


def table() -> str:
    """Return the table as Markdown, between its two marks. What `still_works` shows is not said twice."""
    lines = [BEGIN, "| claim | figure | aim | | date | command |", "|---|---|---|---|---|---|"]
    for area in AREAS:
        found = last_shown(area)
        for claim in filter(lambda claim: not claim.dead, AREAS[area]):
            if claim.id in found:
                shown, proof = found[claim.id]
                said = f"{shown.claim} | {shown.figure} | {shown.aim} | {shown.state} | {proof.date}"
                lines.append(f"| {said} | {_command(proof)} |")
            else:
                lines.append(f"| {claim.text} | not yet | {claim.aim} | | | `make prove NAME={area}` |")
    return "\n".join([*lines, END])


def _command(proof: Proof) -> str:
    alone = f" CLAIM={proof.claims[0].id}" if len(proof.claims) == 1 else ""
    return f"`make prove NAME={proof.name}{' SHORT=1' if proof.form == 'short' else ''}{alone}`"


def still_works() -> str:
    """Return the table of dead parts as Markdown, between its two marks: each row with the command that shows it."""
    lines = [WORKS_BEGIN, "| dead | what still works | last figure | | date | command |", "|---|---|---|---|---|---|"]
    for area, claims in AREAS.items():
        found = last_shown(area)
        for claim in filter(lambda claim: claim.dead, claims):
            command = f"`make prove NAME={area} CLAIM={claim.id}`"
            said = "not yet | | "
            if claim.id in found:
                shown, proof = found[claim.id]
                said = f"{shown.figure} | {shown.state} | {proof.date}"
            lines.append(f"| {claim.dead} | {claim.works} | {said} | {command} |")
    return "\n".join([*lines, WORKS_END])


def with_tables(readme: str) -> str:
    """Return the README's text with the tables of today's proofs."""
    for begin, end, text in ((BEGIN, END, table()), (WORKS_BEGIN, WORKS_END, still_works())):
        before, _, rest = readme.partition(begin)
        _, _, after = rest.partition(end)
        readme = before + text + after
    return readme
