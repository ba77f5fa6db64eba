"""What somebody who would forge a token tries first."""


def altered(text: str, place: int = -5) -> str:
    """Return `text` with another letter at `place`: never by chance the same, as one fixed letter would be at times."""
    other = "A" if text[place] != "A" else "B"
    at = place % len(text)
    return text[:at] + other + text[at + 1 :]
