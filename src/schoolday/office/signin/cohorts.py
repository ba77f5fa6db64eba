"""The cohort: grade band x region, the unit that is isolated and detoured."""

from schoolday.contracts.bands import band_of


def cohort_of(grades: str, *, region: str) -> str:
    """
    Return the cohort of a person or a section: `6-8`, `6-8@north`; `all` without a grade we know.

    `grades`: OneRoster codes, separated by commas; of several the lowest band counts, which opens first.
    """
    band = band_of(grades)
    return f"{band}@{region}" if region else band
