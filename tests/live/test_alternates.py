"""Links that people type: what they are, in one form, and what is wrong with them."""

import pytest

from schoolday.live.alternates import BadAlternate, kind_of, read_alternate


@pytest.mark.parametrize(
    ("text", "kind", "url"),
    [
        ("https://zoom.us/j/123456789?pwd=abc", "zoom", "https://zoom.us/j/123456789?pwd=abc"),
        (" HTTPS://Dadeschools.Zoom.US/j/123 ", "zoom", "https://dadeschools.zoom.us/j/123"),
        ("https://zoom.us/my/ms.ruiz?utm_source=mail", "zoom", "https://zoom.us/my/ms.ruiz"),
        (
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d",
            "teams",
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7B%7D",
        ),
        ("https://meet.google.com/abc-defg-hij", "meet", "https://meet.google.com/abc-defg-hij"),
        ("https://meet.jit.si/Math7Ruiz", "jitsi", "https://meet.jit.si/Math7Ruiz"),
        ("https://bbb.school.example/b/rui-abc-def", "bbb", "https://bbb.school.example/b/rui-abc-def"),
        ("https://class.example:8443/x#y", "link", "https://class.example:8443/x#y"),
        ("https://class.example:443/x", "link", "https://class.example/x"),
        ("+1 (305) 555-0100,,1234#", "phone", "tel:+13055550100,,1234#"),
        ("tel:305.555.0100x77", "phone", "tel:3055550100,77"),
    ],
)
def test_a_link_has_a_kind_and_one_form(text: str, kind: str, url: str) -> None:
    read = read_alternate(text, label="By phone")
    assert (read.kind, read.url, read.label) == (kind, url, "By phone")
    assert read_alternate(read.url).url == url, "its one form stays as it is"
    assert kind_of(url) == kind


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "hello", "http://zoom.us/j/123", "javascript:alert(1)", "https://", "https://localhost/j/1",
        "//zoom.us/j/1", "https://zoom.us/", "https://zoom.us/signin", "https://meet.google.com/", "https://teams.microsoft.com/",
        "https://user:secret@zoom.us/j/1", "https://zoom.us/j/1?uname=Leo", "https://x.example/?displayName=Leo",
        "https://zo om.us/j/1", "https://zoom.us/j/1\n", "https://x.example/<script>", "https://[::1/j", "tel:",
        "tel:abc", "https://x.example/" + "x" * 500, "https://x.example:99999/", "https://zoom.us@evil.example/j/1",
        "https://zoom\u3002us/j/1", "data:text/html,x",
    ],
)  # fmt: skip
def test_what_no_child_should_be_sent_to_is_refused(text: str) -> None:
    if text.strip() != text:
        text = text.strip() + "\nx"
    with pytest.raises(BadAlternate) as refused:
        read_alternate(text)
    assert len(refused.value.text) > 10


def test_a_host_that_only_looks_like_zoom_is_a_link() -> None:
    assert read_alternate("https://zoom.us.evil.example/j/1").kind == "link"
    assert read_alternate("https://notzoom.us/j/1").kind == "link"
