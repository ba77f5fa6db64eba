"""A lesson for the tests of the class book: its notes, and how a device sends them."""

import io
import json
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schoolday.lib import clock
from schoolday.office.attendance.times import to_ms
from schoolday.office.people.models import Person
from tests.office.attendance.day import BELL

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def client_of(person: Person, *, strict: bool = False) -> Client:
    client = Client(enforce_csrf_checks=strict)
    client.force_login(person)
    return client


def note(kind: str = "hand", key: str = "", sub: str = "", after: float = 5, /, **body: Any) -> dict[str, Any]:
    """Return a note `after` minutes after the bell, as a device tells it."""
    at = to_ms(BELL) + round(after * 60_000)
    return {"kind": kind, "key": key or f"{kind}:{sub}:{after}", "sub": sub, "at": at, "body": body}


def send(client: Client, meeting: Any, *notes: Any, section: str = "", headers: dict[str, str] | None = None) -> Any:
    body = {
        "meeting": meeting.id,
        "section": section or meeting.section_id,
        "sent_at": clock.now_ms(),
        "notes": notes,
    }
    text = json.dumps(body)
    return client.post("/api/classbook/notes", text, content_type="application/json", headers=headers)


def put(client: Client, meeting: Any, data: bytes = PNG, /, name: str = "moon.png", **more: Any) -> Any:
    upload = SimpleUploadedFile(name, data, content_type=more.pop("sent_as", "image/png"))
    form = {"meeting": meeting.id, "section": meeting.section_id, "kind": "file", "file": upload} | more
    return client.post("/api/classbook/files", form)


def archive(**entries: str) -> bytes:
    """Return a zip archive; `__` in a name stands for a slash, `_dot_` for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in entries.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()
