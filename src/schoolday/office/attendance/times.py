"""Times between the contracts (ms) and the database (aware datetimes), exact to the millisecond."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(value: int) -> datetime:
    return _EPOCH + value * _MILLISECOND


def to_seconds(moment: datetime | None) -> int | None:
    """Return seconds since 1970 UTC, as the API says times; None stays None."""
    return None if moment is None else to_ms(moment) // 1000
