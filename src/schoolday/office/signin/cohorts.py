"""The cohort: grade band x region, the unit that is isolated and detoured."""

_BANDS = (
    ("PK-5", frozenset({"IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05"})),
    ("6-8", frozenset({"06", "07", "08"})),
    ("9-12", frozenset({"09", "10", "11", "12", "13"})),
)  # CEDS grade levels, as OneRoster has them


def cohort_of(grades: str, *, region: str) -> str:
    """
    Return the cohort of a person or a section: `6-8`, `6-8@north`; `all` without a grade we know.

    `grades`: OneRoster codes, separated by commas; of several the lowest band counts, which opens first.
    """
    codes = {code.strip().upper() for code in grades.split(",")}
    band = next((name for name, members in _BANDS if codes & members), "all")
    return f"{band}@{region}" if region else band
