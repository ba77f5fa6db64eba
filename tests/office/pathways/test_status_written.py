"""The status page beside a plan: what is, for whom, until when, and when there is more; from the plan alone."""

import json
import re
from typing import Any

from schoolday.contracts.plan import Texts
from tests.office.pathways.card_plans import (
    MONDAY_830,
    ONE,
    REASON,
    Publisher,
    detour,
    incident,
    meeting,
    notice,
    school,
    section,
    status_names,
    write_all,
)


def status(publisher: Publisher) -> tuple[str, dict[str, Any]]:
    write_all(publisher)
    page = (publisher.folder / "status/index.html").read_text()
    return page, json.loads((publisher.folder / "status/status.json").read_text())


def status_in(publisher: Publisher, name: str) -> str:
    return (publisher.folder / f"status/{name}.html").read_text()


def test_status_when_all_is_well(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE, section("section00002", cohort="9-12")))
    page, data = status(publisher)
    assert "All classes meet live, as always." in page
    assert "Todas son en vivo" in status_in(publisher, "index.es")
    assert 'class="answer well"' in page
    (one,) = data["schools"]
    assert [(band["band"], band["sections"], band["live"]) for band in one["bands"]] == [("6-8", 1, 1), ("9-12", 1, 1)]
    assert "Last updated Monday, September 14, 8:00 AM EDT" in page
    assert "Next update by Tuesday, September 15, 12:00 AM EDT" in page


def test_status_of_a_detour_by_grade_band(publisher: Publisher) -> None:
    moved = (meeting(0, detour="d1d1d1d1d1d1", pathway="zoom"),)
    sections = (
        section("section00001", cohort="PK-5"),
        section("section00002", cohort="9-12", meetings=moved),
        section("section00003", cohort="9-12", meetings=moved),
        section("section00004", cohort="9-12"),
    )
    told = detour(review_on="2026-09-18")
    publisher.publish(school("school000001", *sections, detours=(told,)), school("school000002", detours=(told,)))
    page, data = status(publisher)
    assert "Some classes moved." in page
    assert page.count("The video service is down.") == 1
    assert "Schools: 2" in page
    assert "Lo revisamos de nuevo el viernes 18 de septiembre" in status_in(publisher, "index.es")
    assert 'class="answer changed"' in page
    bands = {one["org"]: one["bands"] for one in data["schools"]}["school000001"]
    assert [(band["band"], band["live"], band["moved"]) for band in bands] == [
        ("PK-5", 1, {}),
        ("9-12", 1, {"zoom": 2}),
    ]
    assert "2 of 3" in page
    own = (publisher.folder / "status/school000001.html").read_text()
    assert "2 of 3" in own
    assert "../go/school000001.html" in own


def test_status_of_a_staggered_start(publisher: Publisher) -> None:
    later = detour(pathway="", shift_minutes={"6-8": 30})
    publisher.publish(school("school000001", section(meetings=(meeting(0, detour=later.id),)), detours=(later,)))
    page, _ = status(publisher)
    assert "Live, at other times" in page
    assert "as each teacher chose" not in page


def test_notices_stand_there_once_and_say_when_the_next_word_is_due(publisher: Publisher) -> None:
    told = notice(next_at=MONDAY_830 + 900)
    worse = notice("n2n2n2n2n2n2", level="emergency", at=MONDAY_830 - 3_600)
    publisher.publish(school(notices=(told, worse)), school("school000002", section("section00009"), notices=(told,)))
    page, data = status(publisher)
    assert page.count("School is open.") == 2
    assert page.index("<h2>School is open.</h2>") < page.index("8:20 AM"), "the emergency stands above all"
    assert "School is on." not in page, "beside an emergency nobody says so"
    assert "More news here by 8:45 AM EDT." in page
    assert data["next_update_at"] == MONDAY_830 + 900


def test_status_needs_no_script(publisher: Publisher) -> None:
    publisher.publish(school())
    page, data = status(publisher)
    assert 'http-equiv="refresh"' not in page, "nobody is thrown back to its top while she reads"
    assert '<a class="screen-only" href="index.html">Look for news</a>' in page
    assert f'data-version="{data["digest"]}"' in page
    assert (publisher.folder / "status/again.js").exists()


def test_a_district_without_schools(publisher: Publisher) -> None:
    publisher.publish()
    page, _ = status(publisher)
    assert "No class is planned for these days." in page


def test_an_incident_stands_in_the_answer_until_it_is_over(publisher: Publisher) -> None:
    broken = incident(next_at=MONDAY_830 + 900, bands=("6-8",))
    over = incident("i2i2i2i2i2i2", over_at=MONDAY_830 - 2_400, text=REASON)
    publisher.publish(
        school(incidents=(broken, over)),
        school("school000002", section("section00009"), incidents=(over,)),
    )
    page, data = status(publisher)
    answer = page.split('<section class="answer broken">')[1].split("</section>")[0]
    for said in (
        "School is on. Something does not work right now.",
        "Signing on is slow.",
        "Since 7:50 AM EDT.",
        "by 8:45 AM EDT",
    ):
        assert said in answer
    assert "Grades: 6-8" in answer
    assert "Schools: 1" in answer
    assert "This is over. It ended: 7:50 AM EDT." in page.split("What is over")[1]
    assert page.count(REASON.en) == 1
    assert "Schools: 2" not in page, "what touches all schools need not say how many"
    assert data["next_update_at"] == MONDAY_830 + 900
    assert data["schools"][0]["incidents"][0]["over_at"] == 0
    other = status_in(publisher, "school000002")
    assert "Something does not work" not in other
    assert 'class="answer well"' in other
    haitian = status_in(publisher, "school000001.ht")
    assert '<html lang="ht"' in haitian
    assert "Koneksyon an dousman." in haitian
    assert "Pwochen nouvèl pa pita pase 8:45 AM EDT." in haitian


def test_what_somebody_typed_of_an_incident_is_text(publisher: Publisher) -> None:
    nasty = Texts(en="<script>alert(1)</script>", es="<b>x</b>", ht="&amp;")
    publisher.publish(school(incidents=(incident(text=nasty, bands=("<i>",)),)))
    page, _ = status(publisher)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<i>" not in page
    assert "<b>x" not in status_in(publisher, "index.es")


def test_a_promise_of_another_day_says_which(publisher: Publisher) -> None:
    publisher.publish(school(incidents=(incident(next_at=MONDAY_830 + 86_400),)))
    page, _ = status(publisher)
    assert "More news here by Tuesday, September 15, 8:30 AM EDT." in page


def test_a_promise_that_has_passed_is_not_made_again(publisher: Publisher) -> None:
    publisher.publish(school(incidents=(incident(next_at=MONDAY_830 - 3_600),)))
    page, _ = status(publisher)
    assert "More news here" not in page
    assert "Next update by Tuesday" in page


def test_each_language_leads_to_the_others(publisher: Publisher) -> None:
    publisher.publish(school("school000001", ONE))
    write_all(publisher)
    for path in status_names("index", "school000001"):
        page = (publisher.folder / path).read_text()
        name = path.removeprefix("status/").split(".")[0]
        others = re.findall(r'<a lang="(..)" hreflang="\1" href="([^"]+)">', page)
        assert len(others) == 2, path
        for _language, href in others:
            assert f"status/{href}" in status_names(name)
            assert (publisher.folder / "status" / href).exists()
