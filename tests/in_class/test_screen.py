"""A shown screen: the sound of a tab is heard by the class, and a child shows hers with leave only."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import FLAGS
from tests.figures import say
from tests.in_class.lesson import SOON_MS, Lesson
from tests.school_day import SchoolDay, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.slow]
_FILM = "A film about plants"
# A tone at full level, as a film in another tab would sound: 0.707 of 1 is its mean (RMS).
_PLAY = """() => {
  const context = (window.playing = new AudioContext());
  const tone = context.createOscillator();
  tone.frequency.value = 440;
  tone.connect(context.destination);
  tone.start();
}"""


@pytest.fixture(scope="module")
def presenting(browser: Browser) -> Iterator[Browser]:
    """
    The teacher's browser: it really captures the tab she chooses, with its sound.

    With the pretended dialog (`use-fake-ui`) or muted, Chromium gives a pretended screen that beeps, or silence.
    """
    made = browser.browser_type.launch(
        executable_path="/usr/bin/chromium",
        args=[
            *(flag for flag in FLAGS if "use-fake-ui" not in flag),
            f"--auto-select-tab-capture-source-by-title={_FILM}",
        ],
        ignore_default_args=["--mute-audio"],
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def lesson(browser: Browser, presenting: Browser, day: SchoolDay) -> Iterator[Lesson]:
    lesson = Lesson(browser, day, presents=presenting)
    yield lesson
    assert not lesson.errors, lesson.errors


def _film(lesson: Lesson) -> Page:
    """Another tab of hers, which plays."""
    page = lesson.teacher.device.context.new_page()
    page.goto("about:blank")
    page.set_content(f"<title>{_FILM}</title><body style='background:#c00'>")
    page.evaluate(_PLAY)
    lesson.teacher.page.bring_to_front()
    return page


# The colour in the middle of what is shown: the film is red; the test cameras and a pretended screen are green.
_IS_FILM = """(figure) => {
  const video = figure.querySelector('video');
  if (!video || !video.videoWidth) return false;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [8, 8];
  const context = canvas.getContext('2d');
  context.drawImage(video, video.videoWidth * 0.4, video.videoHeight * 0.4, 16, 16, 0, 0, 8, 8);
  const [red, green, blue] = context.getImageData(4, 4, 1, 1).data;
  return red > 120 && green < 80 && blue < 80;
}"""

# The level of the loudest steady sound that is played here but the beeping test microphones: those are short, so the
# quietest of 20 looks counts.
_HEARD = """async () => {
  const context = (window.listening ??= new AudioContext());
  let best = 0;
  for (const element of document.querySelectorAll('audio')) {
    if (!element.srcObject || element.muted) continue;
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(element.srcObject).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let least = 1;
    for (let look = 0; look < 20; look++) {
      await new Promise((next) => setTimeout(next, 100));
      analyser.getFloatTimeDomainData(samples);
      least = Math.min(least, Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
    }
    best = Math.max(best, least);
  }
  return best;
}"""


def test_the_sound_of_a_shown_tab_is_heard(lesson: Lesson) -> None:
    """The app's own button; the browser captures another tab in which a tone is played."""
    teacher, student = lesson.teacher.page, lesson.student.page
    film = _film(lesson)
    silence = float(student.evaluate(_HEARD))
    assert silence < 0.01
    lesson.opens("screen").get_by_test_id("share-start").click()
    expect(teacher.get_by_test_id("sharing")).to_have_attribute("data-sound", "true", timeout=SOON_MS)
    shown = student.get_by_test_id(f"screen-{lesson.teacher.id}")
    expect(shown).to_be_visible(timeout=SOON_MS)
    wait_until(lambda: bool(shown.evaluate(_IS_FILM)), seconds=40, what="the film itself is seen")
    levels: list[float] = []

    def is_heard() -> bool:
        levels.append(float(student.evaluate(_HEARD)))
        return levels[-1] > 0.1

    wait_until(is_heard, seconds=40, what=f"the tone of the shown tab sounds at a student: {levels}")
    # It is the tab's sound and nothing else: it stops when the film does.
    film.evaluate("() => window.playing.suspend()")
    wait_until(lambda: float(student.evaluate(_HEARD)) < 0.01, seconds=40, what="the tone stops with the film")
    say("class-screen-sound", f"level {levels[-1]:.3f} of 1 at a student, {silence:.3f} before")
    teacher.get_by_test_id("share-end").click()
    expect(shown).to_be_hidden(timeout=SOON_MS)
    film.close()


def test_a_child_shows_her_screen_with_leave_only(lesson: Lesson) -> None:
    teacher, student, other = lesson.pages
    expect(student.get_by_test_id("share-mine")).to_be_hidden()
    lesson.opens("screen").get_by_test_id(f"sharer-{lesson.student.id}").check()
    student.get_by_test_id("share-mine").click(timeout=SOON_MS)
    expect(other.get_by_test_id(f"screen-{lesson.student.id}")).to_be_visible(timeout=SOON_MS)
    teacher.get_by_test_id(f"sharer-{lesson.student.id}").uncheck()
    expect(other.get_by_test_id(f"screen-{lesson.student.id}")).to_be_hidden(timeout=SOON_MS)
    expect(student.get_by_test_id("sharing")).to_be_hidden(timeout=SOON_MS)
