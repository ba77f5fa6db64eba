"""
Captions from a teacher's microphone to a student's screen, by the district's own program.

Her browser has no service to write speech with (Debian's chromium has no key of its maker's), so her device asks the
program: PocketSphinx, on this machine, without a network. The voice is a synthesizer's (tests/agents/speech.wav), over
and over, from the fake microphone; "seconds behind" is measured at the student's ear: from the end of a sentence as
her device plays it to its line on her screen.
"""

import difflib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests import figures
from tests.agents.test_captions import SPEECH, SPOKEN
from tests.browser.conftest import FLAGS
from tests.browser.people import HANGS_AFTER_SECONDS
from tests.in_class.people import come, plain
from tests.school_day import SchoolDay, wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.live,
    pytest.mark.slow,
    pytest.mark.timeout(HANGS_AFTER_SECONDS),
]

_SENTENCES_HEARD = 7
_OF_THE_WORDS = 0.6
_BEHIND_SECONDS = 6  # a bound against words that come when nobody knows any more what they were about; our judgement
_SENTENCES = ("good morning children", "please open your book on page ten", "today we learn about water and the sun")

# Levels of the sound as it is played, 40 times a second; a sentence ended when 0.3 s of silence follow.
_EAR = """() => {
  const element = [...document.querySelectorAll('audio')].find((one) => one.srcObject);
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, {fftSize: 1024});
  context.createMediaStreamSource(element.srcObject).connect(analyser);
  const wave = new Float32Array(1024);
  const ear = window.ear = {loudest: 0, loudAt: 0, ends: [], said: []};
  setInterval(() => {
    analyser.getFloatTimeDomainData(wave);
    const level = Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);
    ear.loudest = Math.max(ear.loudest, level);
    const now = performance.now();
    if (level > 0.1 * ear.loudest) ear.loudAt = now;
    else if (ear.loudAt && now - ear.loudAt > 300 && ear.ends.at(-1) !== ear.loudAt) ear.ends.push(ear.loudAt);
  }, 25);
  const seen = new Set();
  new MutationObserver(() => {
    for (const one of document.querySelectorAll('[data-testid="caption"][data-final="true"]')) {
      const text = one.lastElementChild.textContent;
      if (seen.has(one)) continue;
      seen.add(one);
      const now = performance.now();
      ear.said.push({text, who: one.firstElementChild.textContent, behind: (now - (ear.ends.at(-1) ?? NaN)) / 1000});
    }
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""


@pytest.fixture
def speaking(browser: Browser) -> Iterator[Browser]:
    """A browser whose microphone is somebody who speaks."""
    flags = [*FLAGS, f"--use-file-for-fake-audio-capture={SPEECH}"]
    one = browser.browser_type.launch(executable_path="/usr/bin/chromium", args=flags)
    yield one
    one.close()


def of_its_words(heard: str) -> float:
    """The share of the words of the sentence that this most likely was, in their order."""

    def share(sentence: str) -> float:
        blocks = difflib.SequenceMatcher(None, sentence.split(), heard.split()).get_matching_blocks()
        return sum(block.size for block in blocks) / len(sentence.split())

    return max(share(sentence) for sentence in _SENTENCES)


def test_a_student_reads_what_her_teacher_says(day: SchoolDay, browser: Browser, speaking: Browser) -> None:
    teacher, child = come(speaking, day, "teacher"), come(browser, day, "twin")
    wait_until(lambda: child.device.frames_from(teacher.id) > 0, seconds=60, what="the child sees the teacher")
    child.page.evaluate(_EAR)
    hers = teacher.page
    hers.keyboard.press("?")
    hers.get_by_test_id("schoolday.captions_spoken-en").check()
    hers.get_by_test_id("captions-class").click()
    # Her own browser is tried; it cannot, so the program is asked. She is told who writes.
    expect(hers.get_by_test_id("captions-by")).to_have_attribute("data-agent", "on", timeout=40_000)
    expect(child.page.get_by_test_id("captions")).to_be_visible(timeout=15_000)

    def said() -> list[dict[str, Any]]:
        return list(child.page.evaluate("window.ear.said"))

    wait_until(lambda: len(said()) > _SENTENCES_HEARD, seconds=90, what="the child reads sentences")
    heard = said()[1:]  # the first one may have begun before somebody listened
    name = hers.locator(f'[data-testid="tile-{teacher.id}"] figcaption').inner_text()
    assert all(one["who"] in name for one in heard), "the child's own beeps are nobody's words"
    share = sum(of_its_words(one["text"]) for one in heard) / len(heard)
    words = {word for one in heard for word in one["text"].split()}
    spoken = list(dict.fromkeys(SPOKEN.split()))
    behind = sorted(one["behind"] for one in heard)
    figures.say(
        "class-captions",
        f"a student reads {share:.0%} of the words of a synthesized voice from her teacher's microphone, {len(heard)}"
        f" sentences, {behind[len(behind) // 2]:.1f} s (median; {behind[-1]:.1f} at most) behind what she hears;"
        f" never right: {', '.join(word for word in spoken if word not in words) or 'none'}",
    )
    assert share >= _OF_THE_WORDS
    assert 0 < behind[len(behind) // 2] < _BEHIND_SECONDS

    # A student cannot ask for it, nor end it.
    outsider = plain(day, "other_twin")
    section, meeting = outsider.meeting_now()
    session = outsider.join(section=section, meeting=meeting["id"])["session"]
    wish = {"meeting": meeting["id"], "section": section, "on": False}
    with httpx.Client(base_url=day.url, timeout=20) as http:
        asked = http.post("/agents/captions", json=wish, headers={"Authorization": f"Day {session}"})
        assert asked.status_code == 403
        assert http.post("/agents/captions", json=wish).status_code == 401
        outsider.http.close()

        # Off: nobody reads, and the program leaves the class.
        hers.get_by_test_id("captions-class").click()
        expect(child.page.get_by_test_id("captions")).to_be_hidden(timeout=10_000)
        wait_until(
            lambda: http.get("/agents/captions/health").json()["classes"] == 0, seconds=20, what="the program left"
        )
    assert not teacher.device.errors + child.device.errors
