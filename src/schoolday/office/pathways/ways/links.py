"""The worker's looks at the links of alternates: each link once, however many sections use it."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from schoolday.lib import clock
from schoolday.office.pathways.models import Alternate, LinkCheck
from schoolday.office.pathways.ways.fetch import Fetcher, Seen
from schoolday.settings_spec import Settings

EVERY_SECONDS = 30.0
_AT_ONCE = 100
_THREADS = 8
_GOOD_FOR = timedelta(hours=20)  # once a day, at the time at which it was added
_AGAIN_AFTER = timedelta(hours=1)
_KEPT = timedelta(days=30)
_OUR_LINE = frozenset({"no_host", "no_answer"})
_HOSTS_TO_TELL = 4  # as many hosts at once do not die by themselves: then it is our own line
FAILED = ("gone", "server_error", "private", "no_host", "no_answer", "bad_tls", "unprotected", "too_many")


class LookAtLinks:
    """One round of the worker: up to 100 links that were not looked at lately. Killed in the middle it begins again."""

    def __init__(self, settings: Settings, *, fetcher: Fetcher | None = None) -> None:
        self._is_on = settings["LINK_CHECK"]
        self._fetcher = fetcher or Fetcher(allow_private=settings["LINK_CHECK_PRIVATE"])

    def __call__(self) -> object:
        if not self._is_on:
            return None
        now = clock.now()
        due = due_links(now)
        if not due:
            return None
        with ThreadPoolExecutor(_THREADS, "links") as threads:
            seen = dict(zip(due, threads.map(self._fetcher.look, due), strict=True))
        keep_seen(_unless_our_line(seen), now=now)
        LinkCheck.objects.filter(checked_at__lt=now - _KEPT).delete()
        return {"links": len(seen), "failed": sum(one.state in FAILED for one in seen.values())}


def due_links(now: datetime) -> list[str]:
    """Return links that nobody looked at lately, a good one for a day, a bad one for an hour. One query."""
    fresh = Q(state="answered", checked_at__gt=now - _GOOD_FOR) | Q(checked_at__gt=now - _AGAIN_AFTER)
    looked = LinkCheck.objects.filter(fresh, url=OuterRef("url"))
    links = Alternate.objects.filter(~Exists(looked), url__startswith="https://", section__is_active=True)
    return list(links.order_by().values_list("url", flat=True).distinct()[:_AT_ONCE])


def keep_seen(seen: dict[str, Seen], *, now: datetime) -> None:
    """Write what was seen; of two workers at once the later counts."""
    LinkCheck.objects.bulk_create(
        [
            LinkCheck(url=url, state=one.state, http_status=one.http_status, led_to=one.led_to[:255], checked_at=now)
            for url, one in seen.items()
        ],
        update_conflicts=True,
        unique_fields=["url"],
        update_fields=["state", "http_status", "led_to", "checked_at"],
    )


def looks_at(urls: Iterable[str]) -> dict[str, LinkCheck]:
    """Return the last look at each of these links. One query."""
    return {check.url: check for check in LinkCheck.objects.filter(url__in=set(urls))}


def _unless_our_line(seen: dict[str, Seen]) -> dict[str, Seen]:
    """A round in which nobody at all answers says nothing of the links, and much of our own line."""
    hosts = {one.led_to for one in seen.values()}
    if len(hosts) < _HOSTS_TO_TELL or any(one.state not in _OUR_LINE for one in seen.values()):
        return seen
    return {url: Seen("unknown", led_to=one.led_to) for url, one in seen.items()}
