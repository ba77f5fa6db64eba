"""Grade bands: what office and door alike call a group of grades. Codes: CEDS grade levels, as OneRoster has them."""

BANDS = (
    ("PK-5", frozenset({"IT", "PR", "PK", "TK", "KG", "01", "02", "03", "04", "05"})),
    ("6-8", frozenset({"06", "07", "08"})),
    ("9-12", frozenset({"09", "10", "11", "12", "13"})),
)
NO_BAND = "all"


def band_of(grades: str) -> str:
    """
    Return the band: `6-8`; `all` without a grade we know.

    `grades`: codes, separated by commas; of several the lowest band counts, which opens first.
    """
    codes = {code.strip().upper() for code in grades.split(",")}
    return next((name for name, members in BANDS if codes & members), NO_BAND)
