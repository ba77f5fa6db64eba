"""The README tells the truth: its table is what was proven, its links lead somewhere."""

import re
from pathlib import Path

import pytest

from schoolday.claims.readme_table import with_tables

ROOT = Path(__file__).parents[2]


def test_the_table_of_what_is_proven_is_made_from_the_proofs() -> None:
    readme = (ROOT / "README.md").read_text()
    assert readme == with_tables(readme), "run scripts/readme-table"


@pytest.mark.parametrize("page", sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("*.md")))
def test_links_lead_somewhere(page: str) -> None:
    missing = [
        target for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text()) if not (ROOT / target).exists()
    ]
    assert not missing


def test_every_part_has_a_readme_of_at_most_40_lines() -> None:
    parts = [p for p in (ROOT / "src" / "schoolday").iterdir() if (p / "__init__.py").exists()]
    for part in [p for p in parts if p.name not in ("lib", "contracts", "claims")]:
        assert len((part / "README.md").read_text().splitlines()) <= 40, part.name
