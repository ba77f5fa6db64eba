"""The worker's looks at links: each once, not too often, and honest when it is our own line that is cut."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from schoolday.contracts import plan
from schoolday.lib import clock
from schoolday.office.pathways.models import LinkCheck
from schoolday.office.pathways.ways import links
from schoolday.office.pathways.ways.fetch import Fetcher, Seen
from schoolday.office.pathways.ways.links import LookAtLinks, due_links, looks_at
from schoolday.office.pathways.ways.lists import set_alternates
from schoolday.office.rosters.models import Section
from tests.cast import Cast
from tests.office.pathways.settings_for import with_settings

pytestmark = pytest.mark.django_db


class Looker(Fetcher):
    """Answers by the host; keeps what it was asked."""

    def __init__(self, answer: Callable[[str], Seen]) -> None:
        super().__init__()
        self.answer = answer
        self.asked: list[str] = []

    def look(self, url: str) -> Seen:
        self.asked.append(url)
        return self.answer(url)


def good(url: str) -> Seen:
    return Seen("answered", 200, url.split("/")[2])


def put(section: Section, *urls: str) -> None:
    set_alternates(section, [plan.Alternate(kind="link", url=url) for url in urls], actor=None)


def run(looker: Looker) -> object:
    return LookAtLinks(settings.SCHOOLDAY, fetcher=looker)()


def test_each_link_once_however_many_sections_use_it(cast: Cast) -> None:
    put(cast.section, "https://a.example/1", "https://b.example/2")
    put(cast.other_section, "https://a.example/1")
    set_alternates(
        cast.other_section,
        [plan.Alternate(kind="link", url="https://a.example/1"), plan.Alternate(kind="phone", url="tel:+13055550100")],
        actor=None,
    )
    looker = Looker(good)
    assert run(looker) == {"links": 2, "failed": 0}
    assert sorted(looker.asked) == ["https://a.example/1", "https://b.example/2"]
    assert run(looker) is None, "and not again at once"
    assert len(looker.asked) == 2


def test_a_good_link_is_good_for_a_day_a_bad_one_for_an_hour(cast: Cast) -> None:
    put(cast.section, "https://good.example/", "https://gone.example/")
    looker = Looker(lambda url: good(url) if "good" in url else Seen("gone", 404, "gone.example"))
    assert run(looker) == {"links": 2, "failed": 1}
    with clock.shifted(timedelta(minutes=61)):
        assert due_links(clock.now()) == ["https://gone.example/"]
        looker.answer = good
        assert run(looker) == {"links": 1, "failed": 0}
        check = looks_at(["https://gone.example/"])["https://gone.example/"]
        assert (check.state, check.http_status) == ("answered", 200)
        assert clock.now() - check.checked_at < timedelta(minutes=1)
        assert LinkCheck.objects.count() == 2
    with clock.shifted(timedelta(hours=20, minutes=1)):
        assert due_links(clock.now()) == ["https://good.example/"]


def test_when_nobody_at_all_answers_it_is_our_line(cast: Cast) -> None:
    put(cast.section, *(f"https://{name}.example/" for name in "abcd"))
    run(Looker(lambda url: Seen("no_answer", led_to=url.split("/")[2])))
    assert set(LinkCheck.objects.values_list("state", flat=True)) == {"unknown"}
    with clock.shifted(timedelta(minutes=61)):
        run(Looker(lambda url: good(url) if "a." in url else Seen("no_answer", led_to=url.split("/")[2])))
        states = sorted(LinkCheck.objects.values_list("state", flat=True))
        assert states == ["answered", "no_answer", "no_answer", "no_answer"], (
            "one that answers shows that we have a line"
        )


def test_a_single_dead_link_is_dead(cast: Cast) -> None:
    put(cast.section, "https://a.example/")
    run(Looker(lambda url: Seen("no_host", led_to="a.example")))
    assert LinkCheck.objects.get().state == "no_host"


def test_many_links_take_several_rounds(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_AT_ONCE", 2)
    put(cast.section, *(f"https://{name}.example/" for name in "abc"))
    looker = Looker(good)
    assert [run(looker), run(looker), run(looker)] == [{"links": 2, "failed": 0}, {"links": 1, "failed": 0}, None]


def test_switched_off_it_looks_at_nothing(cast: Cast) -> None:
    put(cast.section, "https://a.example/")
    looker = Looker(good)
    with with_settings(LINK_CHECK=False) as changed:
        assert LookAtLinks(changed, fetcher=looker)() is None
    assert looker.asked == []


def test_what_was_seen_long_ago_is_forgotten(cast: Cast) -> None:
    LinkCheck.objects.create(url="https://old.example/", state="answered", checked_at=clock.now() - timedelta(days=31))
    put(cast.section, "https://a.example/")
    run(Looker(good))
    assert list(LinkCheck.objects.values_list("url", flat=True)) == ["https://a.example/"]
