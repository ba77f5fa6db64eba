"""The lesson of a day on every device: what may be one, where it lies, and when it goes."""

import hashlib
import os
import struct
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schoolday.lib import clock
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.models import Packet
from schoolday.office.pathways.ways.packet_files import AT_MOST_BYTES, BadPacket, extension_of
from schoolday.office.pathways.ways.packets import path_of, put_packet, sweep_packets
from schoolday.office.people.models import AuditEntry
from schoolday.office.rosters.models import Section
from tests.cast import Cast, enroll, make_person
from tests.office.pathways.plans import Reader
from tests.office.pathways.test_alternates import as_person

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = date(2026, 9, 14), date(2026, 9, 15)
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(20) + b"\xff\xd9"


def png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def address(section: Section) -> str:
    return f"/office/sections/{section.id}/packets/"


def put(client: Client, section: Section, *, on: date = TODAY, data: bytes | None = None, **values: Any) -> Any:
    body = {"do": "put", "on": on.isoformat(), "title": "Fractions", **values}
    if data is not None:
        body["file"] = SimpleUploadedFile("whatever.exe", data)
    return client.post(address(section), body)


def file_of(packet: Packet) -> Path:
    return settings.SCHOOLDAY.plan_dir / path_of(packet)


@pytest.mark.parametrize(
    ("data", "extension"),
    [(PDF, "pdf"), (png(), "png"), (JPG, "jpg"), ("Lee la página 3, después…\n".encode(), "txt"), (b"1 < 2\n", "txt")],
)
def test_what_may_be_a_lesson(data: bytes, extension: str) -> None:
    assert extension_of(data) == extension


@pytest.mark.parametrize(
    "data",
    [
        b"", b"  \n", b"\x00\x01\x02", b"MZ\x90\x00", b"<!DOCTYPE html><p>", b"hello <script>alert(1)</script>",
        b"< svg onload=x>", b"\xef\xbb\xbf<?xml version='1.0'?>", b"PK\x03\x04zip", b"caf\xe9 in latin-1", PDF[:-7],
        PDF.replace(b"/Type", b"/JavaScript (app.alert) /Type"), PDF.replace(b"/Type", b"/EmbeddedFile /Type"),
        b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a" + bytes(20), b"x" * (AT_MOST_BYTES + 1),
    ],
    ids=range(17),
)  # fmt: skip
def test_what_may_not(data: bytes) -> None:
    with pytest.raises(BadPacket) as refused:
        extension_of(data)
    assert refused.value.text


def test_a_teacher_puts_a_lesson_and_the_plan_names_it(belled: Cast, reader: Reader) -> None:
    client, section = as_person(belled.teacher), belled.section
    assert "No lesson is kept" in client.get(address(section)).content.decode()
    assert put(client, section, data=PDF).status_code == 302
    packet = Packet.objects.get()
    assert (packet.section_id, packet.on, packet.title, packet.extension) == (section.id, TODAY, "Fractions", "pdf")
    assert packet.sha256 == hashlib.sha256(PDF).hexdigest()
    assert file_of(packet).read_bytes() == PDF
    assert oct(file_of(packet).stat().st_mode)[-3:] == "644", "the edge may read it"
    assert f"/plan/packets/{packet.sha256}.pdf" in client.get(address(section)).content.decode()
    publish_plan()
    (alternate,) = reader.section(section.id).alternates
    assert (alternate.kind, alternate.url, alternate.label) == ("packet", f"packets/{packet.sha256}.pdf", "Fractions")
    assert file_of(packet).exists(), "publishing sweeps only its own"
    entry = AuditEntry.objects.get(verb="packet.put")
    assert (entry.actor_id, entry.subject_id) == (belled.teacher.id, section.id)
    assert client.post(address(section), {"do": "remove", "on": TODAY.isoformat()}).status_code == 302
    publish_plan()
    assert reader.section(section.id).alternates == ()
    assert AuditEntry.objects.filter(verb="packet.remove").count() == 1


def test_tomorrows_lesson_is_in_todays_plan_with_its_date(belled: Cast, reader: Reader) -> None:
    client = as_person(belled.teacher)
    put(client, belled.section, on=TODAY, text="Read page 3.")
    put(client, belled.section, on=TOMORROW, text="Read page 4.", title="Decimals")
    put(client, belled.section, on=TODAY + timedelta(days=2), text="Read page 5.", title="Later")
    publish_plan()
    labels = [one.label for one in reader.section(belled.section.id).alternates]
    assert labels == ["Fractions", "Decimals · 2026-09-15"]
    with clock.shifted(timedelta(days=1)):
        publish_plan()
        labels = [one.label for one in reader.section(belled.section.id).alternates]
        assert labels == ["Decimals", "Later · 2026-09-16"]


def test_a_text_is_kept_as_it_was_written(cast: Cast) -> None:
    put(as_person(cast.teacher), cast.section, text="  Lee la página 3.\r\nLuego, dibuja.  ")
    assert file_of(Packet.objects.get()).read_bytes() == "Lee la página 3.\nLuego, dibuja.\n".encode()


def test_the_second_of_a_day_takes_the_place_of_the_first(cast: Cast) -> None:
    client = as_person(cast.teacher)
    put(client, cast.section, data=PDF)
    put(client, cast.section, data=png(), title="Better")
    packet = Packet.objects.get()
    assert (packet.title, packet.extension) == ("Better", "png")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": " "}, "Write a title"),
        ({"title": "x" * 108}, "too long"),
        ({"on": date(2026, 9, 13)}, "Choose one of the days"),
        ({"on": date(2027, 9, 13)}, "Choose one of the days"),
        ({"data": None}, "Choose a file or write a text."),
        ({"text": "also"}, "not both"),
        ({"data": None, "text": "x" * 20_001}, "too long"),
        ({"data": b"MZ\x90"}, "Choose a PDF"),
        ({"data": b"x" * (AT_MOST_BYTES + 1)}, "too large"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_kept(cast: Cast, values: dict[str, Any], sentence: str) -> None:
    answer = put(as_person(cast.teacher), cast.section, **{"data": PDF, **values})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Packet.objects.exists()


def test_nobody_else_puts_or_sees_one(cast: Cast, client: Client) -> None:
    aide = make_person("an.aide", "An", "Aide", "aide", cast.school)
    enroll(cast.section, aide, "aide")
    put(as_person(cast.teacher), cast.section, data=PDF)
    for person in (
        cast.student, cast.guardian, cast.other_guardian, cast.other_student, cast.other_teacher,
        cast.other_principal, aide,
    ):  # fmt: skip
        assert as_person(person).get(address(cast.section)).status_code == 404
        assert put(as_person(person), cast.section, text="x").status_code == 404
        assert as_person(person).post(address(cast.section), {"do": "remove", "on": "2026-09-14"}).status_code == 404
    assert put(client, cast.section, text="x").status_code == 302
    assert Packet.objects.get().extension == "pdf"
    for person in (cast.principal, cast.operator):
        assert as_person(person).get(address(cast.section)).status_code == 200


@pytest.mark.parametrize("body", [{"do": "fly"}, {"do": "remove"}, {"do": "remove", "on": "soon"}])
def test_what_is_no_act_is_nothing_here(cast: Cast, body: dict[str, str]) -> None:
    assert as_person(cast.teacher).post(address(cast.section), body).status_code == 404


def test_old_ones_are_swept_and_those_in_use_stay(cast: Cast) -> None:
    kept = put_packet(cast.section, TODAY, title="Kept", data=PDF, actor=cast.teacher)
    gone = put_packet(cast.section, TODAY - timedelta(days=8), title="Old", data=JPG, actor=cast.teacher)
    orphan = settings.SCHOOLDAY.plan_dir / "packets" / f"{'0' * 64}.txt"
    young = settings.SCHOOLDAY.plan_dir / "packets" / f"{'1' * 64}.txt"
    stranger = settings.SCHOOLDAY.plan_dir / "packets" / "readme.md"
    for path in (orphan, young, stranger):
        path.write_text("x")
    hours_ago = clock.now().timestamp() - 7200
    for path in (orphan, stranger, file_of(kept), file_of(gone)):
        os.utime(path, (hours_ago, hours_ago))
    os.utime(young, (hours_ago + 7000, hours_ago + 7000))
    assert sweep_packets() == {"packets": 1, "files": 2}
    assert file_of(kept).exists()
    assert young.exists(), "an upload that is not written down yet"
    assert stranger.exists()
    assert not file_of(gone).exists()
    assert not orphan.exists()
    assert sweep_packets() is None


def test_killed_between_file_and_row_it_is_done_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("schoolday.office.pathways.ways.packets.audit.record", killed)
        with pytest.raises(KeyboardInterrupt):
            put_packet(cast.section, TODAY, title="x", data=PDF, actor=cast.teacher)
    assert not Packet.objects.exists(), "the transaction is rolled back"
    packet = put_packet(cast.section, TODAY, title="x", data=PDF, actor=cast.teacher)
    assert file_of(packet).read_bytes() == PDF


def test_a_damaged_file_is_written_anew(cast: Cast) -> None:
    packet = put_packet(cast.section, TODAY, title="x", data=PDF, actor=cast.teacher)
    file_of(packet).write_bytes(b"half")
    put_packet(cast.section, TODAY, title="x", data=PDF, actor=cast.teacher)
    assert file_of(packet).read_bytes() == PDF


def test_the_same_number_of_queries_for_one_and_three(belled: Cast) -> None:
    client = as_person(belled.teacher)

    def queries(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    put_packet(belled.section, TODAY, title="x", data=PDF, actor=belled.teacher)
    publish_plan()
    page = queries(lambda: client.get(address(belled.section)))
    for days in (1, 2):
        put_packet(belled.section, TODAY + timedelta(days=days), title="x", data=PDF, actor=belled.teacher)
    put_packet(belled.other_section, TODAY, title="x", data=PDF, actor=belled.teacher)
    assert queries(lambda: client.get(address(belled.section))) == page
