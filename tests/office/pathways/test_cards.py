"""What a card says: one place, why, until when; three languages; nothing of a child; nothing that could be abused."""

import re
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
import segno

from schoolday.contracts.plan import Alternate, SchoolPlan, SectionPlan
from schoolday.office.pathways.cards import grades, times
from schoolday.office.pathways.cards.facts import Site, safe_id
from schoolday.office.pathways.cards.places import place_of
from schoolday.office.pathways.cards.qr import qr_of
from schoolday.office.pathways.cards.school_pages import school_page, schools_page
from schoolday.office.pathways.cards.section_page import section_facts, section_page
from schoolday.office.pathways.cards.words import KINDS, LANGUAGES, WORDS
from tests.office.pathways.card_plans import HOST, MONDAY_830, PHONE, ZOOM, detour, meeting, school, section

SITE = Site("My School Online", HOST, f"{HOST}/plan", MONDAY_830 - 1_800)


class Text(HTMLParser):
    """What a reader sees, and where links lead."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.links: list[str] = []
        self.languages: set[str] = set()
        self._hidden = 0
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "script")
        named = dict(attrs)
        if tag == "a" and named.get("href"):
            self.links.append(str(named["href"]))
        self.languages.add(named.get("lang") or "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.seen.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(self.seen)


def card(one: SectionPlan, **of_school: object) -> Text:
    return Text(section_page(SITE, school("school000001", one, **of_school), one))


def test_a_live_class_is_at_the_portal_and_plan_b_stands_below() -> None:
    page = card(section())
    assert "Your class meets live. Open My School Online:" in page.text
    assert "Su clase es en vivo." in page.text
    assert "Klas ou a fèt an dirèk." in page.text
    assert page.links[:2] == [HOST, ZOOM.url]
    assert "If that does not open:" in page.text
    assert {*LANGUAGES} <= page.languages


def test_head_and_end_say_what_and_as_of_when() -> None:
    page = card(section())
    for said in (
        "Olinda Middle",
        "Math 7",
        "Elena Ruiz",
        "Grade 7",
        "Grado 7",
        "As of Monday, September 14, 8:00 AM EDT",
    ):
        assert said in page.text
    assert "tel:+13055550199" in page.links
    assert f"{HOST}/plan/go/school000001/section00001.html" in page.text


def test_times_are_the_schools_own() -> None:
    page = card(section())
    assert "8:30 AM – 9:15 AM" in page.text
    assert "lunes 14 de septiembre" in page.text
    assert "madi 15 septanm" in page.text
    assert "7:30 AM – 8:15 AM" in card(section(), time_zone="America/Chicago").text


def test_next_and_now_by_the_time_of_writing() -> None:
    one = section()
    for made_at, mark in ((MONDAY_830 - 60, "Next"), (MONDAY_830 + 60, "Now")):
        page = section_page(Site("P", HOST, "", made_at), school("o", one), one).decode()
        (row,) = re.findall(r'<tr data-from="(\d+)"[^>]*class="row-now">.*?class="mark">(\w+)', page)
        assert row == (str(MONDAY_830), mark)
    after = section_page(Site("P", HOST, "", MONDAY_830 + 10 * 86_400), school("o", one), one).decode()
    assert 'row-now">' not in after
    assert "Marked as of" not in after


def test_a_detour_leads_to_its_place_and_says_why_and_until_when() -> None:
    moved = detour(until_at=MONDAY_830 + 4 * 86_400, review_on="2026-09-17")
    one = section(meetings=(meeting(0, detour=moved.id, pathway="zoom"), meeting(1, detour=moved.id, pathway="zoom")))
    page = card(one, detours=(moved,))
    assert page.links[:2] == [ZOOM.url, PHONE.url]
    assert HOST not in page.links
    for said in ("Your class meets on Zoom.", "The video service is down.", "Sèvis videyo a pa mache."):
        assert said in page.text
    assert "Until Friday, September 18, 8:30 AM EDT." in page.text
    assert "Lo revisamos de nuevo el jueves 17 de septiembre." in page.text
    assert "+13055550100, 123456#" in page.text


def test_until_further_notice() -> None:
    one = section(meetings=(meeting(0, detour="d1d1d1d1d1d1", pathway="zoom"),))
    assert "Hasta nuevo aviso." in card(one, detours=(detour(),)).text


def test_two_places_on_two_days_are_two_boxes() -> None:
    one = section(meetings=(meeting(0), meeting(1, detour="d1d1d1d1d1d1", pathway="phone")))
    page = card(one, detours=(detour(pathway="phone"),))
    assert page.links[0] == HOST
    assert PHONE.url in page.links
    assert page.text.index("Your class meets live") < page.text.index("Your class meets by phone. Call:")


@pytest.mark.parametrize(
    ("pathway", "alternates", "kind", "url"),
    [
        ("", (PHONE, ZOOM), "phone", PHONE.url),  # as each teacher chose: her first
        ("zoom", (PHONE, ZOOM), "zoom", ZOOM.url),
        ("teams", (PHONE, ZOOM), "phone", PHONE.url),  # she has none: her first
        ("", (Alternate(kind="packet", url=""), ZOOM), "zoom", ZOOM.url),  # a lesson alone comes last
        ("packet", (ZOOM,), "packet", None),
        ("live", (ZOOM,), "live", None),
        ("zoom", (), "", None),
        ("", (Alternate(kind="packet", url=""),), "packet", None),
    ],
)
def test_where_a_detour_leads(pathway: str, alternates: tuple[Alternate, ...], kind: str, url: str | None) -> None:
    one = section(alternates=alternates, meetings=(meeting(0, detour="d1d1d1d1d1d1", pathway=pathway),))  # type: ignore[arg-type]  # as parametrized
    place = place_of(school("o", one, detours=(detour(),)), one, one.meetings[0])
    assert (place.kind, place.way.url if place.way else None) == (kind, url)


def test_a_staggered_start_moves_nothing_but_the_times() -> None:
    later = detour(pathway="", shift_minutes={"6-8": 30})
    one = section(meetings=(meeting(0, detour=later.id),))
    page = card(one, detours=(later,))
    assert "Your class meets live, at the times below." in page.text
    assert page.links[0] == HOST
    assert "The video service is down." in page.text


def test_a_detour_whose_place_is_unknown_says_so() -> None:
    one = section(alternates=(), meetings=(meeting(0, detour="d1d1d1d1d1d1", pathway="zoom"),))
    assert "its new place is not known yet" in card(one, detours=(detour(),)).text


def test_a_section_that_always_meets_elsewhere() -> None:
    page = card(section(pathway="zoom"))
    assert page.links[0] == ZOOM.url
    assert "moved" not in page.text


def test_no_class_planned() -> None:
    assert "No class is planned for these days." in card(section(meetings=())).text


def test_nothing_that_somebody_typed_becomes_html() -> None:
    evil = "</p><script>alert(1)</script>"
    ways = (Alternate(kind="link", url='javascript:alert("1")', label=evil),)
    one = section(title=evil, teachers=(evil,), alternates=ways, meetings=(meeting(0, detour="d1d1d1d1d1d1"),))
    page = section_page(SITE, school("o", one, name=evil, phone=evil, detours=(detour(pathway=""),)), one).decode()
    assert "<script>" not in page
    assert page.count("<script ") == 1
    assert 'href="javascript' not in page
    assert 'href="javascript' not in school_page(SITE, school("o", one, name=evil)).decode()
    assert "<script" not in schools_page(SITE, [("o", evil)]).decode()


def test_the_page_needs_no_script_and_asks_not_to_be_listed() -> None:
    page = section_page(SITE, school(), section()).decode()
    assert re.findall(r"<script[^>]*>", page) == ['<script src="../now.js" defer>']
    assert '<meta name="robots" content="noindex">' in page
    assert "default-src 'none'" in page
    assert " on" not in re.sub(r">[^<]*<", "><", page.split("<body>")[1]).replace(" on=", "")


def test_the_school_lists_by_grade_and_then_by_time() -> None:
    first = section("b", title="Reading", grades="KG", meetings=(meeting(0),))
    sections = (
        section("a", title="Algebra", grades="08", meetings=(meeting(1),)),
        section("c", title="Biology", grades="08", meetings=(meeting(0),)),
        section("d", title="Chess", grades="", meetings=()),
        first,
    )
    page = Text(school_page(SITE, school("school000001", *sections)))
    order = [page.text.index(title) for title in ("Kindergarten", "Reading", "Grade 8", "Biology", "Algebra", "Chess")]
    assert order == sorted(order)
    assert "school000001/b.html" in page.links
    assert "index.html" in page.links


def test_the_list_of_schools() -> None:
    page = Text(schools_page(SITE, [("a", "Olinda"), ("b", "Mangrove")]))
    assert {"a.html", "b.html", "../status/index.html"} <= set(page.links)


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ("07", "Grade 7"),
        ("08,07", "Grade 7-8"),
        ("KG", "Kindergarten"),
        ("KG,01", "Grade K-1"),
        ("PK", "Before kindergarten"),
        ("PK,KG,01", "Grade PK-1"),
        ("", "Other classes"),
        ("Other", "Other classes"),
    ],
)
def test_grades_as_families_read_them(codes: str, said: str) -> None:
    assert grades.named(section(grades=codes)).en == said


def test_noon_and_midnight() -> None:
    zone = ZoneInfo("UTC")
    assert [times.clock_time(hour * 3_600, zone) for hour in (0, 12, 13)] == ["12:00 AM", "12:00 PM", "1:00 PM"]


def test_the_qr_is_the_pages_address_and_is_kept() -> None:
    url = f"{HOST}/plan/go/a/b.html"
    drawn = qr_of(url)
    assert qr_of(url, old_page=f"<main>{drawn}</main>") is not drawn
    assert qr_of(url, old_page=f"<main>{drawn}</main>") == drawn
    assert qr_of(url, old_page=f"<main>{qr_of(url + '?')}</main>") == drawn
    assert qr_of(url, old_page=f'<main><svg class="qr" data-url="{url}">') == drawn
    made = segno.make_qr(url, error="m", mask=3, boost_error=False)
    assert made.svg_inline(border=4, omitsize=True, light="#fff", svgclass=None, lineclass=None)[4:] in drawn


def test_facts_change_with_what_a_card_shows_and_with_nothing_else() -> None:
    one, other = section(), section("section00002")
    here = school("o", one, other)

    def facts(of: SchoolPlan, looks: str = "1") -> str:
        return section_facts(of, of.sections[0], looks)

    assert facts(here) == facts(school("o", one, section("section00002", title="Else")))
    assert facts(here) == facts(school("o", one, version=7, detours=(detour(),)))
    changed = [
        facts(here, "2"),
        facts(school("o", one, phone="1")),
        facts(school("o", section(title="Else"))),
        facts(school("o", section(meetings=(meeting(0, detour="d1d1d1d1d1d1"),)), detours=(detour(),))),
        facts(
            school(
                "o", section(meetings=(meeting(0, detour="d1d1d1d1d1d1"),)), detours=(detour(review_on="2026-10-01"),)
            )
        ),
    ]
    assert len({facts(here), *changed}) == 6


def test_an_id_that_is_none_never_becomes_a_path() -> None:
    for bad in ("", "..", "a/b", "../../etc", "a" * 65):
        with pytest.raises(ValueError, match="path"):
            safe_id(bad)


def test_every_word_is_in_three_languages() -> None:
    for name, texts in {**WORDS, **KINDS}.items():
        for language in LANGUAGES:
            text = getattr(texts, language)
            assert text.strip(), name
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", texts.en)), name
