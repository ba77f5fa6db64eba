"""
Keeping guesses slow: by account and by account and address, never by address alone.

Thousands of children share one school's address, so an address alone says nothing. Every try is written down as
a wrong one before the password is looked at and taken back when it was right, so a hundred tries at once are a
hundred tries. An address from which the account has signed on lately is not under the account's own limit: who
guesses from elsewhere does not lock the child out at home.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.db.models import Count, Max, QuerySet

from schoolday.lib import clock, signing
from schoolday.lib.errors import SchooldayError
from schoolday.office.signin.models import FailedSignOn, GoodSignOn

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 10  # a second-grader types hers wrong four times; our judgement
PER_ACCOUNT = 50  # from everywhere; a botnet of 1,000 addresses gets no more than this
FIRST_WAIT_SECONDS = 30
LONGEST_WAIT_SECONDS = 900
REMEMBERED = timedelta(days=30)
_SWEEP_ONE_IN = 200


class Wait(SchooldayError):
    """Too many wrong tries for this account; the answer says how long to wait."""

    code = "wait"
    status = HTTPStatus.TOO_MANY_REQUESTS
    text = "That was not right several times. Wait a little, then try again. Your teacher can let you in meanwhile."
    retryable = True


@dataclass(frozen=True)
class Try:
    """One try in progress."""

    row_id: int
    account: str
    account_and_address: str


def begin(user_name: str, address: str) -> Try:
    """
    Write a try down; five small queries at most.

    :raises Wait: if there were too many wrong ones in the last 15 minutes; this one is not counted then
    """
    now = clock.now()
    account, here = _key("account", user_name.lower()), _key("here", f"{user_name.lower()}|{address}")
    row = FailedSignOn.objects.create(account=account, account_and_address=here, at=now)
    since = now - WINDOW
    waits = [_wait_until(FailedSignOn.objects.filter(account_and_address=here), row.id, since, PER_ACCOUNT_AND_ADDRESS)]
    if not GoodSignOn.objects.filter(account_and_address=here, at__gt=now - REMEMBERED).exists():
        waits.append(_wait_until(FailedSignOn.objects.filter(account=account), row.id, since, PER_ACCOUNT))
    until = max(filter(None, waits), default=None)
    if until is not None and until > now:
        row.delete()
        raise Wait(retry_after_seconds=max(1, round((until - now).total_seconds())))
    if secrets.randbelow(_SWEEP_ONE_IN) == 0:
        sweep()
    return Try(row.id, account, here)


def succeeded(attempt: Try) -> None:
    """Forget the wrong tries of this account from this address, and remember that it signs on from here."""
    FailedSignOn.objects.filter(account_and_address=attempt.account_and_address).delete()
    GoodSignOn.objects.update_or_create(account_and_address=attempt.account_and_address, defaults={"at": clock.now()})


def not_tried(attempt: Try) -> None:
    """Take a try back: nobody looked at the password."""
    FailedSignOn.objects.filter(id=attempt.row_id).delete()


def sweep() -> None:
    """Drop what no limit looks at any more."""
    now = clock.now()
    FailedSignOn.objects.filter(at__lt=now - WINDOW).delete()
    GoodSignOn.objects.filter(at__lt=now - REMEMBERED).delete()


def _wait_until(rows: QuerySet[FailedSignOn], but: int, since: datetime, limit: int) -> datetime | None:
    found = rows.filter(at__gt=since).exclude(id=but).aggregate(wrong=Count("id"), latest=Max("at"))
    over = found["wrong"] - limit
    if over < 0:
        return None
    seconds = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(over, 10))
    latest: datetime = found["latest"]
    return latest + timedelta(seconds=seconds)


def _key(kind: str, value: str) -> str:
    """Return what is written down instead of a name or an address; nobody without the cell secret can guess back."""
    key = signing.derive(settings.SCHOOLDAY["CELL_SECRET"], "sign-on-throttle")
    return signing.mac(key, f"{kind}|{value}".encode(), length_bytes=32).hex()
