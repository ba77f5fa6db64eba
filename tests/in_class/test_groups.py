"""A class in groups, in real browsers: a place of its own and a grown-up in each, and everyone back with sound."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import figures
from tests.device import Device
from tests.in_class.at_live import Server
from tests.in_class.groups_people import MOVE_MS, back, in_group, open_groups, panel, place, quiet
from tests.in_class.hearing import HEARD, HUMS, MEASURE, chime_peak, level, playing, received, silent
from tests.in_class.lesson import IN_THE_BOOK_SECONDS
from tests.in_class.people import come, plain
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(500)]

_SOON_MS = 20_000


class Lesson:
    """A teacher and three students: the student and one twin in the first group, the other twin in the second."""

    def __init__(self, browser: Browser, day: SchoolDay) -> None:
        self.teacher = come(browser, day, "teacher", before=MEASURE)
        self.student = come(browser, day, "student", before=MEASURE)
        self.twin = come(browser, day, "twin", before=MEASURE, language="es-US", width=390, height=844)
        self.other = come(browser, day, "other_twin", before=MEASURE + HUMS)
        self.students = (self.student, self.twin, self.other)
        self._shown: list[str] = []

    def showed(self, what: str) -> None:
        self._shown.append(what)

    @property
    def figure(self) -> str:
        return "; ".join(self._shown)

    def open(self) -> None:
        of = {self.student.id: "1", self.twin.id: "1", self.other.id: "2"}
        open_groups(self.teacher.page, count=2, of=of)
        for one in self.students:
            in_group(one.page, of[one.id])


def flows(page: Page, what: str, *, seconds: float = 30) -> None:
    first = received(page)[what]
    wait_until(lambda: received(page)[what] > first, seconds=seconds, what=f"{what} flows")


@pytest.fixture(scope="module")
def lesson(day: SchoolDay, browser: Browser) -> Iterator[Lesson]:
    made = Lesson(browser, day)
    made.open()
    yield made
    everybody = (made.teacher, *made.students)
    errors = [error for one in everybody for error in one.device.errors]
    for one in everybody:
        one.device.context.close()
    assert not errors


def test_a_group_is_a_place_of_its_own(lesson: Lesson) -> None:
    """Pictures and sound inside a group and not between groups; a grown-up is in each, and no black tile."""
    student, twin, other, teacher = lesson.student, lesson.twin, lesson.other, lesson.teacher
    assert place(student) == place(twin)
    assert len({place(student), place(other), place(teacher)}) == 3
    for one, mate in ((student, twin), (twin, student)):
        expect(one.page.get_by_test_id(f"tile-{mate.id}")).to_be_visible(timeout=MOVE_MS)
        expect(one.page.get_by_test_id("group-looked-after")).to_be_visible(timeout=MOVE_MS)
        expect(one.page.get_by_test_id(f"tile-{teacher.id}")).to_have_count(0)
        quiet(one.page, "false")
        flows(one.page, "energy")
        flows(one.page, "frames")
    expect(other.page.locator('[data-testid^="tile-"]')).to_have_count(1, timeout=_SOON_MS)
    quiet(other.page, "false")
    before = received(other.page)
    time.sleep(3)
    after = received(other.page)
    assert (after["seconds"], after["frames"]) == (before["seconds"], before["frames"]), "nothing comes here"
    watched = received(teacher.page)
    time.sleep(3)
    assert received(teacher.page)["frames"] == watched["frames"], "looking after groups receives no picture"
    for group, here in (("1", "2"), ("2", "1")):
        expect(teacher.page.get_by_test_id(f"groups-view-{group}")).to_have_attribute(
            "data-here", here, timeout=_SOON_MS
        )
    lesson.showed("2 groups: sound and pictures inside each, nothing between them, the teacher present in both")


def test_the_teacher_sees_who_is_where_and_who_speaks_and_hears_a_call_for_help(lesson: Lesson) -> None:
    """A hand, a voice, a call: in the list of each group, on top of the page, in its title, and aloud."""
    student, teacher = lesson.student, lesson.teacher.page
    for one, group in ((student, "1"), (lesson.twin, "1"), (lesson.other, "2")):
        member = teacher.get_by_test_id(f"groups-view-{group}").get_by_test_id(f"groups-member-{one.id}")
        expect(member).to_have_attribute("data-there", "true", timeout=_SOON_MS)
    speaks = teacher.get_by_test_id(f"groups-member-{lesson.other.id}")
    expect(speaks).to_have_attribute("data-speaking", "true", timeout=_SOON_MS)
    student.page.get_by_test_id("hand").click()
    expect(teacher.get_by_test_id(f"groups-member-{student.id}")).to_have_attribute(
        "data-hand", "true", timeout=_SOON_MS
    )
    student.page.get_by_test_id("hand").click()
    teacher.get_by_test_id("groups").click()  # the panel is closed: a call shows all the same
    wait_until(lambda: silent(teacher), seconds=20, what="the chime of the hand ended")
    began = time.monotonic()
    lesson.other.page.get_by_test_id("group-help").click()
    expect(teacher.get_by_test_id("group-call")).to_have_attribute("data-group", "2", timeout=_SOON_MS)
    seen = time.monotonic() - began
    expect(teacher).to_have_title(re.compile(r"^\(1!\) "))
    wait_until(lambda: chime_peak(teacher) > 0.05, seconds=5, what="the page plays the chime")
    peak = chime_peak(teacher)
    expect(lesson.other.page.get_by_test_id("group-banner")).to_have_attribute("data-help", "shown", timeout=_SOON_MS)
    teacher.reload()
    expect(teacher.get_by_test_id("group-call")).to_have_attribute("data-group", "2", timeout=MOVE_MS)
    wait_until(lambda: chime_peak(teacher) > 0.05, seconds=20, what="it is heard again until it is tapped")
    teacher.get_by_test_id("group-call-go").click()
    expect(teacher.get_by_test_id("group-call")).to_have_count(0)
    in_group(teacher, "2")
    expect(lesson.other.page.get_by_test_id(f"tile-{lesson.teacher.id}")).to_be_visible(timeout=MOVE_MS)
    for one in lesson.students:
        quiet(one.page, "false")
    teacher.get_by_test_id("group-leave").click()
    expect(lesson.other.page.get_by_test_id("group-looked-after")).to_be_visible(timeout=MOVE_MS)
    expect(teacher.get_by_test_id("group-banner")).to_have_count(0)
    # One who calls again is told the truth when the teacher does not come yet.
    lesson.other.page.get_by_test_id("group-help").click()
    teacher.get_by_test_id("group-call-seen").click(timeout=_SOON_MS)
    expect(lesson.other.page.get_by_test_id("group-banner")).to_have_attribute("data-help", "later", timeout=_SOON_MS)
    lesson.showed(f"a call for help on her screen after {seen:.1f} s, aloud (peak {peak:.2f}), again after a reload")


def test_words_and_voice_to_all_groups(lesson: Lesson) -> None:
    """And a group's own chat stays in the group: the teacher reads of which it is."""
    teacher, other = lesson.teacher.page, lesson.other.page
    panel(teacher)
    expect(teacher.locator('[data-testid^="groups-view-"][data-open="true"]')).to_have_count(2, timeout=MOVE_MS)
    teacher.get_by_test_id("groups-write").fill("Five minutes more")
    teacher.get_by_test_id("groups-send").click()
    for one in lesson.students:
        expect(one.page.get_by_test_id("group-said")).to_contain_text("Five minutes more", timeout=_SOON_MS)
    assert level(other, seconds=1) == 0, "nobody else is in her group"
    teacher.get_by_test_id("groups-speak").click()
    wait_until(lambda: level(other, seconds=1) > HEARD, seconds=30, what="her voice where nobody else is")
    heard = level(other)
    assert playing(other) == 1
    teacher.get_by_test_id("microphone").click()  # whoever mutes herself is heard nowhere
    expect(teacher.get_by_test_id("groups-speak")).to_have_attribute("aria-pressed", "false")
    wait_until(lambda: level(other, seconds=1) == 0, seconds=20, what="silence again")
    teacher.get_by_test_id("microphone").click()
    student = lesson.student.page
    student.get_by_test_id("chat").click()
    student.get_by_test_id("chat-input").fill("our answer is seven")
    student.get_by_test_id("chat-send").click()
    expect(student.get_by_test_id("chat-message").last).to_contain_text("our answer is seven", timeout=_SOON_MS)
    teacher.get_by_test_id("chat").click()
    message = teacher.get_by_test_id("chat-message").filter(has_text="our answer is seven")
    expect(message.get_by_test_id("chat-group")).to_be_visible()
    other.get_by_test_id("chat").click()
    expect(other.get_by_test_id("chat-message").filter(has_text="Five minutes more")).to_have_count(1)
    expect(other.get_by_test_id("chat-message").filter(has_text="seven")).to_have_count(0)
    for page in (teacher, other, student):
        page.get_by_test_id("chat").click()
    lesson.showed(f"words to all on every screen, her voice in a group where nobody else is (level {heard:.3f})")


def test_a_frozen_class_is_frozen_in_its_groups_at_the_live_server(lesson: Lesson, day: SchoolDay) -> None:
    """LiveKit itself says what a child in a group may send: nothing while it is frozen, all again after it."""
    server = server_of_group(lesson, day, 1)
    teacher = lesson.teacher.page

    def may_publish() -> list[bool]:
        people = server.ask("ListParticipants").json()["participants"]
        return [bool(one["permission"].get("can_publish")) for one in people if one["attributes"]["role"] == "student"]

    assert may_publish() == [True, True]
    teacher.get_by_test_id("freeze").click()
    wait_until(lambda: may_publish() == [False, False], seconds=15, what="LiveKit lets nobody in the group send")
    teacher.get_by_test_id("freeze").click()
    wait_until(lambda: may_publish() == [True, True], seconds=15, what="all may send again")
    for one in (lesson.student, lesson.twin):
        expect(one.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "true", timeout=_SOON_MS)


def test_a_reload_in_a_group_comes_back_to_it(lesson: Lesson) -> None:
    student = lesson.student
    before = place(student)
    began = time.monotonic()
    student.page.reload()
    in_group(student.page, "1", timeout=60_000)
    seconds = time.monotonic() - began
    assert place(student) == before
    quiet(student.page, "false")
    assert level(student.page) > HEARD
    assert place(student) == before
    lesson.showed(f"a child who reloads is in her group again after {seconds:.0f} s, with sound")


def test_without_their_grown_up_the_groups_go_quiet_until_she_is_back(lesson: Lesson, day: SchoolDay) -> None:
    """The children read who comes and have one button; the door says that the class is alone; then all goes on."""
    device = plain(day, "teacher")
    section, meeting = device.meeting_now()
    session = device.join(section=section, meeting=meeting["id"])["session"]

    def alone() -> bool:
        told = device.http.get("/door/d1/watch", headers={"Authorization": f"Day {session}"}).json()["alone"]
        return meeting["id"] in [one["meeting"] for one in told]

    assert not alone()
    lesson.teacher.page.goto("about:blank")
    began = time.monotonic()
    for one in lesson.students:
        quiet(one.page, "true")
        expect(one.page.get_by_test_id("quiet")).to_be_visible()
        expect(one.page.get_by_test_id("call-adult")).to_be_visible()
        expect(one.page.get_by_test_id("group-help")).to_have_count(0)
        assert playing(one.page) == 0
    seconds = time.monotonic() - began
    assert seconds > 5
    wait_until(alone, seconds=40, what="the door tells those on duty that the class is alone")
    told = time.monotonic() - began
    lesson.teacher.page.go_back()
    for one, group in ((lesson.student, "1"), (lesson.twin, "1"), (lesson.other, "2")):
        quiet(one.page, "false", timeout=90_000)
        in_group(one.page, group)
    wait_until(lambda: not alone(), seconds=40, what="the door sees her again")
    entries = {one["sub"]: one for one in device.register(section, meeting["id"])}
    for one in lesson.students:
        entry = entries[one.id]
        assert entry["status"] in ("present", "tardy"), entry
        assert (entry["left_at"], entry["left_early"]) == (None, False), entry
    wait_until(
        # In the class itself she was a few seconds before the groups opened.
        lambda: spoke(device, meeting["id"]).get(lesson.other.id, 0) >= 20,
        seconds=IN_THE_BOOK_SECONDS + 60,
        what="in the class book is how long a child spoke in her group",
    )
    in_book = spoke(device, meeting["id"])[lesson.other.id]
    device.http.close()
    figures.say(
        "class-groups-adult",
        f"teacher's tab closed: all groups quiet within {seconds:.0f} s, each child reads who comes and can call; told"
        f" to duty within {told:.0f} s; open again when she is back; in the register every child stays in class, "
        f"and {in_book} s that one spoke in her group are in the class book",
    )


def spoke(device: Device, meeting: str) -> dict[str, int]:
    """By child: the seconds of her speaking in the class book."""
    page, told = (device.http.get(f"/office/book/{meeting}/{file}") for file in ("", "export.json"))
    children = re.findall(r'<tr data-child="(\w+)">', page.text)
    return {child: int(line["spoke_seconds"]) for child, line in zip(children, told.json()["children"], strict=True)}


def test_everyone_comes_back_with_sound_and_who_hangs_is_fetched(lesson: Lesson, day: SchoolDay) -> None:
    """One child's page does nothing more: she is put out of the group meanwhile, and is in class when it wakes."""
    teacher = lesson.teacher.page
    panel(teacher)
    expect(teacher.get_by_test_id("groups-view-1")).to_have_attribute("data-here", "2", timeout=MOVE_MS)
    server = server_of_group(lesson, day, 1)
    devtools = lesson.twin.device.context.new_cdp_session(lesson.twin.page)
    devtools.send("Debugger.enable")
    devtools.send("Debugger.pause")
    began = time.monotonic()
    teacher.get_by_test_id("groups-back").click()
    for one in (lesson.student, lesson.other):
        back(one.page)
    seconds = time.monotonic() - began
    assert lesson.twin.id in server.people()
    wait_until(lambda: lesson.twin.id not in server.people(), seconds=30, what="she is put out of the group")
    devtools.send("Debugger.resume")
    devtools.detach()
    woke = time.monotonic()
    back(lesson.twin.page)
    wait_until(lambda: place(lesson.twin) == place(lesson.teacher), seconds=30, what="she is in the class")
    fetched = time.monotonic() - woke
    levels = []
    for one in (*lesson.students, lesson.teacher):
        assert place(one) == place(lesson.teacher)
        plays_three(one.page)
        levels.append(level(one.page))
        expect(one.page.get_by_test_id("microphone")).to_have_attribute("aria-pressed", "true")
    for one in lesson.students:
        expect(teacher.get_by_test_id(f"tile-{one.id}")).to_be_visible()
    figures.say(
        "class-groups-back",
        f"everyone back in class after {seconds:.1f} s, microphones as before; all four hear three others, level"
        f" {min(levels):.3f} to {max(levels):.3f}; who hung is put out and back {fetched:.1f} s after her page wakes",
    )


def plays_three(page: Page) -> None:
    """She plays the sound of the other three, and it is not silence."""
    wait_until(lambda: playing(page) == 3, seconds=30, what="plays the sound of the other three")
    wait_until(lambda: level(page, seconds=1) > HEARD, seconds=20, what="sound is received")


def test_at_random_kept_and_with_a_time_that_ends_them(lesson: Lesson) -> None:
    """Mixed evenly, kept over a reload; with a time all read how long is left, and are back by themselves."""
    teacher = lesson.teacher.page
    panel(teacher)
    teacher.get_by_test_id("groups-count").fill("2")
    teacher.get_by_test_id("groups-deal").click()
    chosen = dealt(lesson)
    assert sorted(chosen.values()) in (["1", "1", "2"], ["1", "2", "2"])
    teacher.get_by_test_id("groups-save-name").fill("Readers")
    teacher.get_by_test_id("groups-save").click()
    kept = teacher.get_by_role("button", name="Readers", exact=True)
    kept.wait_for()
    teacher.get_by_test_id("groups-forget").click()
    expect(kept).to_have_count(0)
    teacher.get_by_test_id("groups-unforget").click()
    kept.wait_for()
    teacher.reload()
    panel(teacher)
    for one in lesson.students:
        teacher.get_by_test_id(f"groups-put-{one.id}").wait_for(timeout=MOVE_MS)
    kept.click()
    assert dealt(lesson) == chosen
    teacher.get_by_test_id("groups-minutes").fill("0.7")
    teacher.get_by_test_id("groups-open").click()
    began = time.monotonic()
    for one in lesson.students:
        in_group(one.page, chosen[one.id])
    for one in lesson.students:
        expect(one.page.get_by_test_id("group-warning")).to_be_visible(timeout=60_000)
    for one in lesson.students:
        back(one.page)
    seconds = time.monotonic() - began
    assert 41 < seconds < 75
    lesson.showed("at random evenly, kept for the class over a reload, ended by the time with a word before")
    figures.say("class-groups", lesson.figure)


def server_of_group(lesson: Lesson, day: SchoolDay, group: int) -> Server:
    """LiveKit, asked about one group with a grown-up's seat in it."""
    device = plain(day, "teacher")
    section, meeting = device.meeting_now()
    joined = device.join(section=section, meeting=meeting["id"])
    node = lesson.teacher.page.get_by_test_id("live-room").get_attribute("data-node")
    url = next(seat["url"] for seat in joined["ticket"]["seats"] if seat["node"] == node)
    body = {"meeting": meeting["id"], "section": section, "watch": [group]}
    given = device.http.post("/door/d1/groups", json=body, headers={"Authorization": f"Day {joined['session']}"}).json()
    device.http.close()
    return Server({"url": url, "token": given["watch"][str(group)]})


def dealt(lesson: Lesson) -> dict[str, str]:
    """Student -> group, as the teacher's panel has it."""
    page = lesson.teacher.page
    return {one.id: page.get_by_test_id(f"groups-put-{one.id}").input_value() for one in lesson.students}
