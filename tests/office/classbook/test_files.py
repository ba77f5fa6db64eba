import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from schoolday.lib import clock
from schoolday.office.classbook import storing
from schoolday.office.classbook.models import ClassFile
from schoolday.office.people.models import AuditEntry
from tests.cast import Cast
from tests.office.attendance.day import DURING, meet
from tests.office.classbook.lesson import PDF, PNG, archive, client_of, put


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(settings.SCHOOLDAY.values, "CLASSBOOK_DIR", str(tmp_path / "book"))
    return tmp_path / "book"


def content(response: Any) -> bytes:
    """Read a file to its end, which ends the request too."""
    return b"".join(response.streaming_content)


def status(client: Client, line: dict[str, Any]) -> int:
    """Return how loading a file is answered."""
    answer = client.get(f"/api/classbook/files/{line['id']}")
    if answer.streaming:
        content(answer)
    return int(answer.status_code)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_put_listed_loaded_taken_back_and_put_back(cast: Cast) -> None:
    meeting = meet(cast.section)
    teacher, student = client_of(cast.teacher), client_of(cast.student)
    with clock.at(DURING):
        answer = put(teacher, meeting, kind="board")
        assert answer.status_code == 201
        line = answer.json()
        assert (line["name"], line["media_type"], line["bytes"], line["kind"]) == (
            "moon.png",
            "image/png",
            len(PNG),
            "board",
        )
        listed = student.get("/api/classbook/files", {"meeting": meeting.id}).json()
        assert listed == {"files": [line]}
        loaded = student.get(f"/api/classbook/files/{line['id']}")
        assert content(loaded) == PNG
        assert teacher.delete(f"/api/classbook/files/{line['id']}").status_code == 200
        assert student.get(f"/api/classbook/files/{line['id']}").status_code == 404
        assert student.get("/api/classbook/files", {"meeting": meeting.id}).json() == {"files": []}
        assert teacher.post(f"/api/classbook/files/{line['id']}").status_code == 200
        assert content(student.get(f"/api/classbook/files/{line['id']}")) == PNG
        teacher.delete(f"/api/classbook/files/{line['id']}")
    with clock.at(DURING + timedelta(minutes=11)):
        assert teacher.post(f"/api/classbook/files/{line['id']}").status_code == 404
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["classbook.file", "classbook.file_back", "classbook.file_again", "classbook.file_back"]


def test_what_is_served_can_do_nothing_in_our_origin(cast: Cast) -> None:
    teacher = client_of(cast.teacher)
    line = put(teacher, meet(cast.section), PDF, name="moon.html", sent_as="text/html").json()
    assert (line["name"], line["media_type"]) == ("moon.pdf", "application/pdf")
    answer = teacher.get(f"/api/classbook/files/{line['id']}")
    assert content(answer) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="moon.pdf"'
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]


def test_the_same_file_sent_again_is_one(cast: Cast, own_folder: Path) -> None:
    meeting = meet(cast.section)
    teacher = client_of(cast.teacher)
    assert put(teacher, meeting).json()["id"] == put(teacher, meeting).json()["id"]
    other = put(client_of(cast.other_teacher), meet(cast.other_section), PNG)
    assert other.status_code == 201
    assert len(stored(own_folder)) == 1  # one content, whoever gave it


def test_a_board_saved_again_takes_the_place_of_the_one_before_and_can_be_put_back(cast: Cast) -> None:
    meeting = meet(cast.section)
    teacher = client_of(cast.teacher)
    with clock.at(DURING):
        first, other_page = (
            put(teacher, meeting, kind="board").json(),
            put(teacher, meeting, name="2.png", kind="board"),
        )
        again = put(teacher, meeting, PNG + b"more", kind="board").json()
        listed = teacher.get("/api/classbook/files", {"meeting": meeting.id}).json()["files"]
        assert [one["id"] for one in listed] == [other_page.json()["id"], again["id"]]
        assert teacher.post(f"/api/classbook/files/{first['id']}").status_code == 200
        assert content(teacher.get(f"/api/classbook/files/{first['id']}")) == PNG
        # A file is no board: who brings two of one name has two.
        put(teacher, meeting, name="plan.png"), put(teacher, meeting, PNG + b"more", name="plan.png")
        listed = teacher.get("/api/classbook/files", {"meeting": meeting.id}).json()["files"]
    assert [one["name"] for one in listed].count("plan.png") == 2
    assert AuditEntry.objects.filter(verb="classbook.file", detail__replaced=1).count() == 1


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0 picture", "image/jpeg"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"Leson 3: lalin nan.\n", "text/plain; charset=utf-8"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0" style="stroke:#000"/></svg>', "image/svg+xml"),
        (archive(mimetype="application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
        (
            archive(**{"[Content_Types]_dot_xml": "<t/>", "ppt__presentation_dot_xml": "<p/>"}),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
    ],
)
def test_what_a_file_is_its_content_says(cast: Cast, data: bytes, media_type: str) -> None:
    answer = put(client_of(cast.teacher), meet(cast.section), data, name="a.bin", sent_as="application/x-sh")
    assert (answer.status_code, answer.json()["media_type"]) == (201, media_type)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"<html><script>alert(1)</script></html>",
        b"\x7fELF\x02\x01\x01",
        b"MZ\x90\x00",
        b"%PDF-1.4\n/JavaScript (x)\n%%EOF\n",
        b"%PDF-1.4 cut off",
        archive(a="plain archive"),
        archive(**{"[Content_Types]_dot_xml": "", "word__vbaProject_dot_bin": "x", "word__document_dot_xml": ""}),
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://x.example/p.png"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><use href="javascript:alert(1)"/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><style>@import "https://x.example"</style></svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(https://x.example/a)"/></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b'<?xml version="1.0"?><note/>',
        b'<?xml version="1.0" encoding="UTF-7"?><svg xmlns="http://www.w3.org/2000/svg"></svg>',
        b"\x00\x01\x02\x03",
    ],
)
def test_what_no_class_needs_is_refused_and_nothing_is_kept(cast: Cast, own_folder: Path, data: bytes) -> None:
    answer = put(client_of(cast.teacher), meet(cast.section), data, name="lesson.pdf")
    assert (answer.status_code, ClassFile.objects.count(), stored(own_folder)) == (400, 0, [])


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\ruiz\\moon.png", "moon.png"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie_ x.png"),
        ("gnp.\u202ecod.exe", "gnp. cod.png"),
        ("x" * 300 + ".png", "x" * 190 + ".png"),
        ("...", "file.png"),
    ],
)
def test_a_name_is_for_people_and_no_path(cast: Cast, sent: str, kept: str) -> None:
    from schoolday.office.classbook.files import clean_name

    assert clean_name(sent, ending="png") == kept


@pytest.mark.parametrize("who", ["student", "twin", "guardian", "teacher", "principal", "operator"])
def test_whoever_is_of_the_class_loads_its_files(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    line = put(client_of(cast.teacher), meeting).json()
    client = client_of(getattr(cast, who))
    assert client.get("/api/classbook/files", {"meeting": meeting.id}).json()["files"] == [line]
    assert status(client, line) == 200


@pytest.mark.parametrize("who", ["other_student", "other_guardian", "other_teacher", "other_principal"])
def test_an_outsider_finds_nothing(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    line = put(client_of(cast.teacher), meeting).json()
    client = client_of(getattr(cast, who))
    assert client.get("/api/classbook/files", {"meeting": meeting.id}).status_code == 404
    for method in (client.get, client.post, client.delete):
        assert method(f"/api/classbook/files/{line['id']}").status_code == 404
    assert put(client, meeting).status_code == 404
    assert ClassFile.objects.get().deleted_at is None


@pytest.mark.parametrize("who", ["student", "guardian"])
def test_children_and_families_put_nothing_and_delete_nothing(cast: Cast, who: str) -> None:
    meeting = meet(cast.section)
    line = put(client_of(cast.teacher), meeting).json()
    client = client_of(getattr(cast, who))
    assert put(client, meeting).status_code == 404
    assert client.delete(f"/api/classbook/files/{line['id']}").status_code == 404
    assert ClassFile.objects.get().deleted_at is None


def test_whoever_has_left_the_class_loads_no_more(cast: Cast) -> None:
    with clock.at(DURING):
        line = put(client_of(cast.teacher), meet(cast.section)).json()
        cast.section.enrollments.filter(person=cast.student).update(ends_on="2026-09-01")
        assert status(client_of(cast.student), line) == 404
        assert status(client_of(cast.twin), line) == 200


def test_a_stranger_gets_nothing(cast: Cast) -> None:
    meeting = meet(cast.section)
    line = put(client_of(cast.teacher), meeting).json()
    assert Client().get(f"/api/classbook/files/{line['id']}").status_code == 401
    assert put(Client(), meeting).status_code == 401
    assert put(client_of(cast.teacher, strict=True), meeting).status_code == 403


def test_a_file_that_is_too_large_is_refused_before_it_is_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.SCHOOLDAY.values, "CLASSBOOK_FILE_MB", 1)
    meeting = meet(cast.section)
    answer = put(client_of(cast.teacher), meeting, PNG + b"\0" * 2**20)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = put(client_of(cast.teacher), meeting, PNG + b"\0" * (2**20 + 100_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert put(client_of(cast.teacher), meeting, PNG + b"\0" * (2**20 - len(PNG))).status_code == 201


def test_a_class_has_its_room_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.SCHOOLDAY.values, "CLASSBOOK_CLASS_MB", 1)
    meeting = meet(cast.section)
    half = PNG + b"\0" * (600 * 1024)
    assert put(client_of(cast.teacher), meeting, half).status_code == 201
    answer = put(client_of(cast.teacher), meeting, half + b"1")
    assert (answer.status_code, answer.json()["code"]) == (507, "class_full")
    assert put(client_of(cast.other_teacher), meet(cast.other_section), half).status_code == 201


def test_a_full_disk_is_said_and_leaves_no_half(cast: Cast, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_room)
    answer = put(client_of(cast.teacher), meet(cast.section))
    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (507, "disk_full", True)
    assert (ClassFile.objects.count(), stored(own_folder)) == (0, [])


def test_content_that_nobody_names_is_swept_and_what_is_named_stays(cast: Cast, own_folder: Path) -> None:
    meeting = meet(cast.section)
    put(client_of(cast.teacher), meeting)
    storing.keep(b"orphan of a kill")
    named = set(ClassFile.objects.values_list("sha256", flat=True))
    assert storing.sweep(named, older_than=0) == 0
    assert storing.sweep(named, older_than=clock.now().timestamp() + 10_000_000_000) == 1
    assert [path.name for path in stored(own_folder)] == list(named)
