"""Files of lesson packets: what kind a file is by its content, and where it lies beside the plan."""

import hashlib
import re
import unicodedata
from http import HTTPStatus
from pathlib import Path

from django.utils.translation import gettext as _

from schoolday.lib.errors import SchooldayError
from schoolday.lib.files import write_whole

FOLDER = "packets"
AT_MOST_BYTES = 5 * 2**20  # a class of thirty fetches it over phones' lines; our judgement
TEXT_AT_MOST_LETTERS = 20_000
NAME = re.compile(r"[0-9a-f]{64}\.(?:pdf|png|jpg|txt)")
_ACTIVE_IN_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/JS\r", b"/JS\n", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_ENDS = 1_024  # bytes at the end in which a PDF's own end may stand


class BadPacket(SchooldayError):
    """This cannot be a lesson packet; the sentence says why."""

    code = "bad_packet"
    status = HTTPStatus.BAD_REQUEST


def extension_of(data: bytes) -> str:
    """
    Return what a file is by its content: pdf, png, jpg or txt. Whatever its name says plays no part.

    :raises BadPacket: if it is too large, empty, something else, or a PDF that does things by itself
    """
    if not data.strip():
        raise BadPacket(_("This file is empty."))
    if len(data) > AT_MOST_BYTES:
        raise BadPacket(_("This file is too large. At most %(count)s MB.") % {"count": AT_MOST_BYTES // 2**20})
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-_ENDS:]:
        if any(word in data for word in _ACTIVE_IN_PDF):
            raise BadPacket(_("This PDF holds a program or another file. Print it as a new PDF, then choose that."))
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and b"IEND" in data[-16:]:
        return "png"
    if data.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in data[-64:]:
        return "jpg"
    if _is_text(data):
        return "txt"
    raise BadPacket(_("Choose a PDF, a picture (PNG or JPG) or a plain text."))


def keep_file(plan_dir: Path, data: bytes, extension: str) -> str:
    """
    Write the file, unless it is there, and return its SHA-256. Killed in the middle it leaves nothing a device sees.

    The name is the SHA-256 of the content, so a device can check what it fetched, and only who has it can guess it.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    folder = plan_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{sha256}.{extension}"
    if path.exists() and path.read_bytes() == data:
        path.touch()  # young again, so that nobody sweeps it before it is named
    else:
        write_whole(path, data)
    return sha256


def sweep_files(plan_dir: Path, named: set[str], *, older_than: float) -> int:
    """Remove packet files that nobody names and that are older than a time (seconds since 1970); return how many."""
    swept = 0
    for path in (plan_dir / FOLDER).glob("*"):
        is_ours = NAME.fullmatch(path.name) or path.name.endswith(".partial")
        if is_ours and path.name not in named and path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def _is_text(data: bytes) -> bool:
    """Say whether this is plain text in UTF-8; a page of HTML, which a browser might run, and half a PDF are none."""
    if data.startswith(b"%PDF-"):
        return False
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if re.search(r"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml)", text, re.IGNORECASE):
        return False
    return all(unicodedata.category(letter) != "Cc" or letter in "\t\r\n\f" for letter in text)
