"""What the pages of one school are made from, and when it counts as changed."""

import hashlib
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import msgspec

from schoolday.contracts.plan import PlanIndex, SchoolPlan
from schoolday.office.pathways.cards.page import LOOK

# An id becomes part of a path here.
_SAFE = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True)
class Site:
    """What all pages share: the portal, where these pages lie, and when the plan in force was made."""

    portal_name: str
    portal_url: str
    base: str
    made_at: int
    time_zone: str = ""

    @classmethod
    def of(cls, index: PlanIndex) -> "Site":
        """An index of before it named the portal: its first door is behind the same edge."""
        base = index.plan_hosts[0].rstrip("/") if index.plan_hosts else ""
        portal = index.portal_url or "/".join((index.doors[0].url if index.doors else base).split("/")[:3])
        return cls(index.portal_name, portal, base, index.made_at)

    def looks(self) -> str:
        """Return what changes every page when it changes; the time of making is not among it."""
        return digest([LOOK, self.portal_name, self.portal_url, self.base])


def zone_of(school: SchoolPlan) -> ZoneInfo:
    return ZoneInfo(school.time_zone)


def safe_id(text: str) -> str:
    """
    Return an id that may stand in a path.

    :raises ValueError: if it is of another form
    """
    if not _SAFE.fullmatch(text):
        raise ValueError("an id of this plan cannot stand in a path")
    return text


def digest(value: object) -> str:
    """Return 16 letters that change when the value does. 5 microseconds for a section."""
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:16]
