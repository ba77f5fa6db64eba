"""
What an alternate shares with the main path: a Plan B that needs the same sign-on, company or line falls with Plan A.

Sources: the vendors' own pages on where they run and how one signs on, as of 2026; a line here is our judgement of
what a district would have to check, never a promise of a vendor.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from schoolday.contracts.plan import Alternate
from schoolday.live.alternates import OWN_BBB, host_of, is_below
from schoolday.settings_spec import Settings

What = Literal["sign_on", "company", "hosting", "line"]
NAMES = {
    "microsoft": "Microsoft", "google": "Google", "zoom": "Zoom", "cisco": "Cisco", "8x8": "8x8", "amazon": "Amazon",
    "aws": "Amazon Web Services", "azure": "Microsoft Azure", "oracle": "Oracle Cloud", "gcp": "Google Cloud",
}  # fmt: skip


class Vendor(NamedTuple):
    """Who stands behind a host. `sign_on`: whose sign-on a person needs to get in, when most meetings need one."""

    company: str
    sign_on: str = ""
    hosting: tuple[str, ...] = ()


_VENDORS: tuple[tuple[tuple[str, ...], Vendor], ...] = (
    (("teams.microsoft.com", "teams.microsoft.us", "teams.live.com"), Vendor("microsoft", "microsoft", ("azure",))),
    (("microsoft.com", "office.com", "sharepoint.com", "live.com"), Vendor("microsoft", "microsoft", ("azure",))),
    (("google.com", "youtube.com", "goo.gl"), Vendor("google", "google", ("gcp",))),
    (("zoom.us", "zoom.com"), Vendor("zoom", "", ("aws", "oracle"))),
    (("zoomgov.com",), Vendor("zoom", "", ("aws",))),
    (("webex.com",), Vendor("cisco", "", ())),
    (("meet.jit.si", "8x8.vc"), Vendor("8x8", "", ("oracle",))),
    (("chime.aws", "amazonaws.com"), Vendor("amazon", "", ("aws",))),
    (("azurewebsites.net", "azure.com", "windows.net"), Vendor("microsoft", "", ("azure",))),
)


class MainPath(NamedTuple):
    """What the live classes stand on, as MAIN_PATH_SHARES says. `hosts`: ours, which sit on our line."""

    sign_on: str = ""
    company: str = ""
    hosting: str = ""
    line: str = ""
    hosts: tuple[str, ...] = ()


class Shared(NamedTuple):
    """One thing that both stand on. `who`: a name of NAMES, or as the setting says it."""

    what: What
    who: str

    @property
    def name(self) -> str:
        return NAMES.get(self.who, self.who)


def main_path(settings: Settings) -> MainPath:
    """Return what the live classes stand on: by the setting, and the hosts of edge, doors and live servers."""
    said = settings["MAIN_PATH_SHARES"]
    urls = (*settings.site_urls, *settings.doors.values(), *settings.live_nodes.values())
    found = {urlsplit(url).hostname or "" for url in urls} - {"", "localhost", "127.0.0.1"}
    hosts = tuple(sorted(found | {said["domain"]})) if "domain" in said else tuple(sorted(found))
    parts = {name: said.get(name, "") for name in ("sign_on", "company", "hosting", "line")}
    return MainPath(hosts=hosts, **parts)


def vendor_of(host: str) -> Vendor | None:
    """Return who stands behind a host; None for one that we do not know."""
    return next((vendor for hosts, vendor in _VENDORS if is_below(host, hosts)), None)


def shared(alternate: Alternate, main: MainPath, *, bbb_url: str = "", led_to: str = "") -> tuple[Shared, ...]:
    """
    Return what an alternate shares with the main path; a telephone number and a packet share nothing.

    `bbb_url`: our own BigBlueButton; `led_to`: the host that a look at the link ended at, such as a sign-on page.
    """
    host = host_of(alternate.url) or (urlsplit(bbb_url).hostname or "" if alternate.url == OWN_BBB else "")
    if not host:
        return ()
    vendor, end = vendor_of(host), vendor_of(led_to)
    sign_ons = {one.sign_on for one in (vendor, end) if one}
    found: list[Shared] = []
    if main.sign_on and main.sign_on in sign_ons:
        found.append(Shared("sign_on", main.sign_on))
    if vendor and main.company == vendor.company and main.company:
        found.append(Shared("company", main.company))
    if vendor and main.hosting in vendor.hosting:
        found.append(Shared("hosting", main.hosting))
    if is_below(host, main.hosts):
        found.append(Shared("line", main.line or host))
    return tuple(found)


def shares_sign_on(alternates: Iterable[Alternate], main: MainPath, *, bbb_url: str = "") -> bool:
    """Say whether every one of these needs the sign-on of the main path; without any: no."""
    answers = [any(one.what == "sign_on" for one in shared(each, main, bbb_url=bbb_url)) for each in alternates]
    return bool(answers) and all(answers)
