"""The README's tables: what is proven, made from proofs/, and what still works when a part is dead."""

from schoolday.claims.areas import AREAS
from schoolday.claims.prove_command import read_proof

BEGIN = "<!-- proven: begin (scripts/readme-table writes this) -->"
END = "<!-- proven: end -->"
WORKS_BEGIN = "<!-- still works: begin (scripts/readme-table writes this) -->"
WORKS_END = "<!-- still works: end -->"


def table() -> str:
    """Return the table as Markdown, between its two marks. What `still_works` shows is not said twice."""
    lines = [BEGIN, "| claim | figure | aim | | date | command |", "|---|---|---|---|---|---|"]
    for area in AREAS:
        proof = read_proof(area)
        command = f"`make prove NAME={area}{' SHORT=1' if proof and proof.form == 'short' else ''}`"
        figures = {shown.id: shown for shown in proof.claims} if proof else {}
        for claim in filter(lambda claim: not claim.dead, AREAS[area]):
            shown = figures.get(claim.id)
            if proof and shown:
                lines.append(
                    f"| {shown.claim} | {shown.figure} | {shown.aim} | {shown.state} | {proof.date} | {command} |"
                )
            else:
                lines.append(f"| {claim.text} | not yet | {claim.aim} | | | {command} |")
    return "\n".join([*lines, END])


def still_works() -> str:
    """Return the table of dead parts as Markdown, between its two marks: each row with the command that shows it."""
    lines = [WORKS_BEGIN, "| dead | what still works | last figure | | date | command |", "|---|---|---|---|---|---|"]
    for area, claims in AREAS.items():
        proof = read_proof(area)
        figures = {shown.id: shown for shown in proof.claims} if proof else {}
        for claim in filter(lambda claim: claim.dead, claims):
            command = f"`make prove NAME={area} CLAIM={claim.id}`"
            shown = figures.get(claim.id)
            said = f"{shown.figure} | {shown.state} | {proof.date}" if proof and shown else "not yet | | "
            lines.append(f"| {claim.dead} | {claim.works} | {said} | {command} |")
    return "\n".join([*lines, WORKS_END])


def with_tables(readme: str) -> str:
    """Return the README's text with the tables of today's proofs."""
    for begin, end, text in ((BEGIN, END, table()), (WORKS_BEGIN, WORKS_END, still_works())):
        before, _, rest = readme.partition(begin)
        _, _, after = rest.partition(end)
        readme = before + text + after
    return readme
