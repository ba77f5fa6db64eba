"""Feeds beside the plan: Atom as a feed reader sees it, CAP by its schema; banners in the plan; web hooks."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
import xmlschema

from schoolday.contracts import plan
from schoolday.lib import clock
from schoolday.office.notices import actions
from schoolday.office.notices.audience import Audience
from schoolday.office.notices.models import Delivery, Notice
from schoolday.office.pathways.models import BannerNotice
from schoolday.office.pathways.public_words import words_of
from schoolday.office.people.models import Org
from tests import figures
from tests.cast import Cast
from tests.office.notices.http_server import Call, http_end
from tests.office.notices.sending import moved, send_all, states, with_settings

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("cap.xsd"))
MONDAY = datetime(2026, 11, 16, 13, 0, tzinfo=UTC)


def banners(school: Org, now: datetime) -> tuple[plan.Notice, ...]:
    return words_of([school.id], now)[school.id].notices


@pytest.fixture
def feeds(settings: Any, tmp_path: Path) -> Path:
    settings.SCHOOLDAY = with_settings(PLAN_DIR=str(tmp_path / "plan"))
    return tmp_path / "plan" / "feeds"


def read_cap(path: Path) -> ET.Element:
    SCHEMA.validate(path)
    return ET.fromstring(path.read_text())  # noqa: S314  # our own file


def test_a_feed_reader_reads_each_language(cast: Cast, feeds: Path, tmp_path: Path) -> None:
    with clock.at(MONDAY):
        notice = moved(cast)
        send_all("feeds", folder=tmp_path)
    titles = {}
    for language, name in (("en", ".atom"), ("es", ".es.atom"), ("ht", ".ht.atom")):
        feed = feedparser.parse((feeds / f"{cast.school.id}{name}").read_bytes())
        assert not feed.bozo
        assert feed.version == "atom10"
        entry = feed.entries[0]
        titles[language] = entry.title
        assert entry.id == f"tag:demo.schoolday,2026:notice:{notice.id}:{language}"
        assert entry.updated == "2026-11-16T13:00:00Z"
        assert any(link.type == "application/cap+xml" and notice.id in link.href for link in entry.links)
    assert titles == {"en": "Classes have moved", "es": "Las clases cambiaron de lugar", "ht": "Klas yo chanje plas"}
    assert not (feeds / f"{cast.other_school.id}.atom").exists(), "not theirs"
    assert len(feedparser.parse((feeds / "district.atom").read_bytes()).entries) == 1


def test_cap_is_valid_in_three_languages_and_the_same_bytes_each_time(cast: Cast, feeds: Path, tmp_path: Path) -> None:
    with clock.at(MONDAY):
        notice = moved(cast)
        send_all("feeds", folder=tmp_path)
    alert = read_cap(feeds / f"{notice.id}.cap.xml")
    assert alert.findtext(f"{CAP}identifier") == f"schoolday.demo.{notice.id}"
    assert alert.findtext(f"{CAP}sent") == "2026-11-16T08:00:00-05:00"
    assert alert.findtext(f"{CAP}msgType") == "Alert"
    infos = alert.findall(f"{CAP}info")
    assert [info.findtext(f"{CAP}language") for info in infos] == ["en-US", "es-US", "ht"]
    assert infos[0].findtext(f"{CAP}expires") == "2026-11-20T15:00:00-05:00"
    assert infos[0].findtext(f"{CAP}area/{CAP}areaDesc") == "Olinda Middle"
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in feeds.iterdir()}
    Delivery.objects.filter(channel="feeds").update(state=State.QUEUED)
    with clock.at(MONDAY + timedelta(hours=3)):
        send_all("feeds", folder=tmp_path)
    assert before == {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in feeds.iterdir()}
    feeds_read = [feedparser.parse(path.read_bytes()) for path in sorted(feeds.glob("*.atom"))]
    assert not any(feed.bozo for feed in feeds_read)
    alerts = [read_cap(path) for path in sorted(feeds.glob("*.cap.xml"))]
    figures.say(
        "feeds",
        f"{len(alerts)} CAP 1.2 files valid by the schema, each in {len(infos)} languages; {len(feeds_read)} Atom "
        "feeds read by feedparser; written again, the same bytes",
    )


def test_a_correction_and_a_withdrawal_name_what_they_follow(cast: Cast, feeds: Path, tmp_path: Path) -> None:
    with clock.at(MONDAY):
        first = moved(cast)
    with clock.at(MONDAY + timedelta(hours=1)):
        second = moved(cast, follows=first, sentences=["all_well"])
    with clock.at(MONDAY + timedelta(hours=2)):
        last = actions.withdraw_notice(second, actor=cast.operator)
        assert actions.withdraw_notice(second, actor=cast.operator) == last, "asked twice, done once"
        send_all("feeds", folder=tmp_path)
    update, cancel = read_cap(feeds / f"{second.id}.cap.xml"), read_cap(feeds / f"{last.id}.cap.xml")
    assert update.findtext(f"{CAP}msgType") == "Update"
    one = f"localhost,schoolday.demo.{first.id},2026-11-16T08:00:00-05:00"
    two = f"localhost,schoolday.demo.{second.id},2026-11-16T09:00:00-05:00"
    assert update.findtext(f"{CAP}references") == one
    assert cancel.findtext(f"{CAP}msgType") == "Cancel"
    assert cancel.findtext(f"{CAP}references") == f"{two} {one}"
    assert {info.findtext(f"{CAP}urgency") for info in cancel.findall(f"{CAP}info")} == {"Past"}
    assert (feeds / f"{cast.school.id}.cap.xml").read_bytes() == (feeds / f"{last.id}.cap.xml").read_bytes()


def test_words_with_marks_of_xml_stay_words(cast: Cast, feeds: Path, tmp_path: Path) -> None:
    text = 'A & B <script>alert("x")</script> ]]>'
    notice = moved(cast, sentences=[], facts={}, free={"en": text, "es": text, "ht": text})
    send_all("feeds", folder=tmp_path)
    assert read_cap(feeds / f"{notice.id}.cap.xml").findtext(f"{CAP}info/{CAP}description") == text
    entry = feedparser.parse((feeds / "district.atom").read_bytes(), sanitize_html=False).entries[0]
    assert entry.content[0].value == text
    assert entry.content[0].type == "text/plain"


def test_what_is_for_some_grades_says_so_and_for_single_classes_is_not_public(
    cast: Cast, feeds: Path, tmp_path: Path
) -> None:
    for_grades = moved(cast, audience=Audience(bands=("6-8",)))
    for_class = moved(cast, audience=Audience(sections=(cast.section.id,)))
    send_all("feeds", folder=tmp_path)
    entries = feedparser.parse((feeds / "district.es.atom").read_bytes()).entries
    assert [entry.title for entry in entries] == ["Grados 6-8: Las clases cambiaron de lugar"]
    assert "feeds" in for_grades.channels
    assert "feeds" not in for_class.channels
    assert not BannerNotice.objects.filter(notice_id=for_class.id).exists()


def test_a_full_disk_is_tried_again(cast: Cast, feeds: Path, tmp_path: Path) -> None:
    notice = moved(cast)
    feeds.parent.mkdir(parents=True)
    feeds.write_text("a file where the folder should be")
    send_all("feeds", folder=tmp_path)
    assert states(notice, "feeds") == {State.QUEUED: 1}
    feeds.unlink()
    with clock.at(clock.now() + timedelta(minutes=1)):
        send_all("feeds", folder=tmp_path)
    assert states(notice, "feeds") == {State.SENT: 1}


class TestBanners:
    def test_the_plan_of_each_school_it_is_for_carries_it_until_it_is_over(self, cast: Cast) -> None:
        with clock.at(MONDAY):
            notice = moved(cast)
        found = banners(cast.school, MONDAY)
        assert [(one.id, one.level) for one in found] == [(notice.id, "warning")]
        assert found[0].text.ht.startswith("Kounye a klas yo")
        assert banners(cast.other_school, MONDAY) == ()
        assert banners(cast.school, datetime(2026, 11, 20, 20, 1, tzinfo=UTC)) == ()

    def test_a_correction_takes_the_first_one_down_and_emergencies_are_on_top(self, cast: Cast) -> None:
        with clock.at(MONDAY):
            first = moved(cast)
            urgent = moved(cast, sentences=["stay_safe"], facts={})
            second = moved(cast, sentences=["all_well"], facts={}, follows=first)
            assert [one.id for one in banners(cast.school, MONDAY)] == [urgent.id, second.id]
            actions.withdraw_notice(urgent, actor=cast.operator)
            assert [one.id for one in banners(cast.school, MONDAY)] == [second.id]

    def test_each_school_reads_its_own_clock(self, cast: Cast) -> None:
        Org.objects.filter(id=cast.other_school.id).update(time_zone="America/Los_Angeles")
        with clock.at(MONDAY):
            moved(cast, audience=Audience())
        texts = [banners(school, MONDAY)[0].text.en for school in Org.objects.filter(kind="school").order_by("name")]
        assert "Friday, November 20, 12:00 p.m." in texts[0]
        assert "Friday, November 20, 3:00 p.m." in texts[1]


class TestWebhooks:
    def test_each_kind_gets_its_form_and_json_is_signed(self, cast: Cast, settings: Any, tmp_path: Path) -> None:
        def answer(call: Call) -> tuple[int, Any]:
            return 200, b"ok"

        with http_end(answer) as end:
            hooks = {kind: f"{end.url}/{kind}" for kind in ("slack", "teams", "json")}
            settings.SCHOOLDAY = with_settings(WEBHOOKS=hooks, WEBHOOK_SECRET="shared")
            notice = moved(cast)
            send_all("webhooks", folder=tmp_path)
        calls = {call.path.strip("/"): call for call in end.calls}
        assert states(notice, "webhooks") == {State.SENT: 3}
        assert "*Klas yo chanje plas*" in json.loads(calls["slack"].body)["text"]
        card = json.loads(calls["teams"].body)["attachments"][0]["content"]
        assert card["type"] == "AdaptiveCard"
        assert card["body"][0]["text"] == "Classes have moved"
        said = json.loads(calls["json"].body)
        assert (said["id"], said["level"], set(said["texts"])) == (notice.id, "warning", {"en", "es", "ht"})
        parts = dict(part.split("=") for part in calls["json"].headers["x-schoolday-signature"].split(","))
        wanted = hmac.new(b"shared", f"{parts['t']}.".encode() + calls["json"].body, hashlib.sha256).hexdigest()
        assert parts["v1"] == wanted

    def test_a_hook_that_fails_holds_no_other_up_and_without_a_secret_nothing_is_signed(
        self, cast: Cast, settings: Any, tmp_path: Path
    ) -> None:
        with http_end(lambda call: (500, b"") if call.path == "/a" else (200, b"")) as end:
            hooks = {"slack": f"{end.url}/a", "slack-2": f"{end.url}/b", "json": f"{end.url}/c"}
            settings.SCHOOLDAY = with_settings(WEBHOOKS=hooks)
            notice = moved(cast)
            send_all("webhooks", folder=tmp_path)
        rows = {row.target: (row.state, row.reason) for row in notice.deliveries.filter(channel="webhooks")}
        assert rows["slack"] == (State.QUEUED, "http_500")
        assert rows["slack-2"] == (State.SENT, "")
        assert rows["json"] == (State.UNDELIVERABLE, "no_secret")
        assert [call.path for call in end.calls] == ["/a", "/b"]


def test_a_notice_that_was_withdrawn_is_told_to_nobody_else(cast: Cast, feeds: Path, tmp_path: Path) -> None:
    notice = moved(cast)
    cancel = actions.withdraw_notice(notice, actor=cast.operator)
    send_all("feeds", "mail", folder=tmp_path)
    assert not cancel.deliveries.exclude(person=None).exists()
    notice.refresh_from_db()
    assert notice.state == Notice.State.DONE
    with pytest.raises(actions.CannotNow):
        actions.withdraw_notice(cancel, actor=cast.operator)
