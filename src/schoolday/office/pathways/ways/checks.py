"""What stands beside each alternate: a check mark, or what is wrong, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from schoolday.contracts.plan import Alternate
from schoolday.live import sharing
from schoolday.live.alternates import OWN_BBB, BadAlternate, check_allowed, read_alternate
from schoolday.live.sharing import MainPath
from schoolday.office.pathways.models import LinkCheck
from schoolday.office.pathways.ways import words
from schoolday.office.pathways.ways.allowed import Allowed
from schoolday.office.pathways.ways.links import FAILED

Level = Literal["good", "warning", "bad", "unknown"]


@dataclass(frozen=True)
class Finding:
    """One sentence about an alternate. `at`: when its link was looked at."""

    level: Level
    text: str
    at: datetime | None = None


@dataclass(frozen=True)
class Checked:
    """One line of the list, with what was found. `level`: the worst of its findings."""

    way: Alternate
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        levels = {one.level for one in self.findings}
        worst: tuple[Level, ...] = ("bad", "warning", "unknown")
        return next((level for level in worst if level in levels), "good")

    @property
    def kind_name(self) -> str:
        return str(words.KIND_NAMES[self.way.kind])

    @property
    def shown(self) -> str:
        return _("our own BigBlueButton") if self.way.url == OWN_BBB else words.shown(self.way.url)

    @property
    def typed(self) -> str:
        return words.typed(self.way.url)


def check_all(ways: Sequence[Alternate], *, allowed: Allowed, looks: Mapping[str, LinkCheck]) -> list[Checked]:
    """Return every alternate with what was found. Opens no link: `looks` is what the worker saw. Makes no query."""
    main = sharing.main_path(settings.SCHOOLDAY)
    return [Checked(way, tuple(_findings(way, allowed=allowed, look=looks.get(way.url), main=main))) for way in ways]


def _findings(way: Alternate, *, allowed: Allowed, look: LinkCheck | None, main: MainPath) -> list[Finding]:
    found = [*_form(way, allowed)]
    if way.url.startswith("https://"):
        found.append(_look(look))
    led_to = look.led_to if look else ""
    shared = sharing.shared(way, main, bbb_url=settings.SCHOOLDAY["BBB_URL"], led_to=led_to)
    found += [Finding("warning", words.sentence(one, kind=way.kind)) for one in shared]
    if way.kind == "phone":
        found.append(Finding("good", _("A phone needs no sign-on and no internet. Call it once to try it.")))
    elif not shared and all(one.level == "good" for one in found):
        found.append(Finding("good", _("It shares nothing with the live class that we know of.")))
    return found


def _form(way: Alternate, allowed: Allowed) -> list[Finding]:
    """Check the form again: a list that came in another way, or before the school changed its rules."""
    try:
        read_alternate(way.url, kind=way.kind, label=way.label)
        check_allowed(way, kinds=allowed.kinds, hosts=allowed.hosts)
    except BadAlternate as problem:
        return [Finding("bad", words.reason(problem))]
    if way.url == OWN_BBB and not settings.SCHOOLDAY["BBB_URL"]:
        return [Finding("bad", _("Your district has no BigBlueButton of its own."))]
    return []


def _look(look: LinkCheck | None) -> Finding:
    if look is None:
        return Finding("unknown", _("We will look at this link within minutes."))
    text = str(words.STATES[look.state])
    level: Level = "bad" if look.state in FAILED else "good" if look.state == "answered" else "unknown"
    return Finding(level, text, look.checked_at)
