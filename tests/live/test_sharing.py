"""What a Plan B shares with Plan A."""

from dataclasses import replace

import pytest

from schoolday import settings_spec
from schoolday.contracts.plan import Alternate, PathwayKind
from schoolday.live.sharing import MainPath, main_path, shared, shares_sign_on, vendor_of

COUNTY = MainPath(sign_on="microsoft", company="", hosting="aws", line="county", hosts=("school.example",))


def way(kind: PathwayKind, url: str) -> Alternate:
    return Alternate(kind=kind, url=url)


@pytest.mark.parametrize(
    ("alternate", "found"),
    [
        (way("teams", "https://teams.microsoft.com/meet/1"), ["sign_on"]),
        (way("zoom", "https://bay.zoom.us/j/1"), ["hosting"]),
        (way("meet", "https://meet.google.com/abc-defg-hij"), []),
        (way("link", "https://class.school.example/x"), ["line"]),
        (way("link", "https://notschool.example/x"), []),
        (way("link", "https://school.example/x"), ["line"]),
        (way("phone", "tel:+13055550100"), []),
        (way("packet", "packets/abc.pdf"), []),
        (way("bbb", "bbb:"), ["line"]),
        (way("link", "https://bay-my.sharepoint.com/x"), ["sign_on"]),
    ],
)
def test_sign_on_hosting_and_line(alternate: Alternate, found: list[str]) -> None:
    values = shared(alternate, COUNTY, bbb_url="https://bbb.school.example/bigbluebutton")
    assert [one.what for one in values] == found


def test_a_link_that_ends_at_a_sign_on_page_needs_that_sign_on() -> None:
    link = way("link", "https://short.example/math")
    assert shared(link, COUNTY) == ()
    assert [one.what for one in shared(link, COUNTY, led_to="login.microsoft.com")] == ["sign_on"]


def test_nothing_said_of_the_main_path_flags_nothing() -> None:
    for url in ("https://teams.microsoft.com/meet/1", "https://zoom.us/j/1", "https://unknown.example/"):
        assert shared(way("link", url), MainPath()) == ()


def test_all_on_one_sign_on() -> None:
    teams, zoom = way("teams", "https://teams.microsoft.com/meet/1"), way("zoom", "https://zoom.us/j/1")
    assert shares_sign_on([teams], COUNTY)
    assert not shares_sign_on([teams, zoom], COUNTY)
    assert not shares_sign_on([], COUNTY)


def test_names_are_for_people() -> None:
    (one,) = shared(way("teams", "https://teams.microsoft.com/meet/1"), COUNTY)
    assert (one.who, one.name) == ("microsoft", "Microsoft")
    (line,) = shared(way("link", "https://school.example/x"), COUNTY)
    assert line.name == "county"


def test_a_host_that_only_looks_like_a_vendor_is_none() -> None:
    assert vendor_of("teams.microsoft.com.evil.example") is None
    assert vendor_of("evilzoom.us") is None


def test_the_settings_say_what_the_main_path_stands_on() -> None:
    before = settings_spec.load()
    values = {
        "MAIN_PATH_SHARES": {"sign_on": "google", "line": "county", "domain": "bay.example"},
        "PUBLIC_URL": "https://portal.bay.example",
        "PUBLIC_URL_B": "https://other.example",
        "DOORS": {"d1": "https://door.example/door/d1"},
        "LIVE_NODES": {"n1": "wss://live.example/live/n1"},
    }
    main = main_path(replace(before, values={**before.values, **values}))
    assert (main.sign_on, main.line, main.company) == ("google", "county", "")
    assert main.hosts == ("bay.example", "door.example", "live.example", "other.example", "portal.bay.example")


@pytest.mark.parametrize("text", ["microsoft", "sign_on=", "=x", "colour=blue"])
def test_a_setting_that_says_nothing_is_refused(text: str) -> None:
    setting = next(one for one in settings_spec.SETTINGS if one.name == "MAIN_PATH_SHARES")
    with pytest.raises(ValueError, match="say "):
        setting.kind(text)
