"""What a file is by its content. Whatever its name or its sender says plays no part."""

import io
import re
import unicodedata
import zipfile
from http import HTTPStatus
from xml.etree import ElementTree

from django.utils.translation import gettext_noop

from schoolday.lib.errors import SchooldayError

_ACTIVE_IN_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/JS\r", b"/JS\n", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
_ENDS_BYTES = 1_024
_HTML = re.compile(r"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml)", re.IGNORECASE)
_OFFICE = {
    "word/": ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "ppt/": ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "xl/": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_MACROS = ("vbaProject.bin", "vbaData.xml", "Basic/", "Scripts/")
_SVG = "{http://www.w3.org/2000/svg}"
# What a drawing needs. Everything else, above all what runs or loads something, is no drawing.
_DRAWN = frozenset(
    {
        *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title"),
        *("desc", "defs", "style", "image", "use", "marker", "pattern", "linearGradient", "radialGradient", "stop"),
        *("clipPath", "mask", "symbol", "filter", "feGaussianBlur"),
    }
)
_XML_DECLARATION = re.compile(rb"<\?xml[^>]*\?>")
_PICTURE_IN_SVG = re.compile(r"(?:#|data:image/(?:png|jpeg|webp);base64,)")


class BadFile(SchooldayError):
    """This cannot be given to a class; the sentence says why."""

    code = "bad_file"
    status = HTTPStatus.BAD_REQUEST
    text = gettext_noop(
        "Choose a PDF, a picture, a plain text, or a document of an office program. Other files cannot be shared here."
    )


def media_type_of(data: bytes) -> tuple[str, str]:
    """
    Return the media type and the ending of a file.

    :raises BadFile: if it is empty, of a kind nobody needs in class, or does things by itself
    """
    if not data.strip():
        raise BadFile(gettext_noop("This file is empty."))
    found = _picture(data) or _document(data) or _text(data)
    if found is None:
        raise BadFile
    return found


def _picture(data: bytes) -> tuple[str, str] | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return "image/png", "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", "jpg"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif", "gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp", "webp"
    if data.lstrip()[:5] in (b"<?xml", b"<svg ", b"<svg>"):
        return _drawing(data)
    return None


def _drawing(data: bytes) -> tuple[str, str]:
    """
    Return the kind of a drawing that only draws: no program, no style or picture from elsewhere, no other document.

    :raises BadFile: if it is anything else
    """
    declared = _XML_DECLARATION.match(data.lstrip())
    # In another encoding the same bytes would say something else to us than to a browser.
    if b"<!" in data.replace(b"<!--", b"") or (declared and b"encoding" in declared[0] and not _is_utf8(declared[0])):
        raise BadFile
    try:
        # No document type, so no entity: nothing to expand and nothing to load.
        root = ElementTree.fromstring(data)  # noqa: S314  # see above; defusedxml would be a dependency for one line
    except ElementTree.ParseError as error:
        raise BadFile from error
    if root.tag != f"{_SVG}svg":
        raise BadFile
    for element in root.iter():
        tag = str(element.tag)
        if not tag.startswith(_SVG) or tag.removeprefix(_SVG) not in _DRAWN:
            raise BadFile
        for name, value in element.attrib.items():
            plain = name.rpartition("}")[2].lower()
            if plain.startswith("on") or (plain == "href" and not _PICTURE_IN_SVG.match(value)):
                raise BadFile
            if _loads(value):
                raise BadFile
        if tag.endswith("}style") and _loads(element.text or ""):
            raise BadFile
    return "image/svg+xml", "svg"


def _is_utf8(declaration: bytes) -> bool:
    return re.search(rb"encoding\s*=\s*['\"]utf-8['\"]", declaration, re.IGNORECASE) is not None


def _loads(css: str) -> bool:
    text = css.lower()
    outside = re.search(r"url\(\s*['\"]?(?!#|data:image/)", text)
    return outside is not None or "@import" in text or "javascript:" in text


def _document(data: bytes) -> tuple[str, str] | None:
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-_ENDS_BYTES:]:
        if any(word in data for word in _ACTIVE_IN_PDF):
            raise BadFile(
                gettext_noop("This PDF holds a program or another file. Print it as a new PDF, then choose that.")
            )
        return "application/pdf", "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _archive(data)
    return None


def _archive(data: bytes) -> tuple[str, str] | None:
    """Return which office document an archive is. Its list of names is read, and 100 letters: nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            kind = b""
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    kind = file.read(100)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return None
    if any(word in name for name in names for word in _MACROS):
        raise BadFile(gettext_noop("This document holds a program. Save it without macros, then choose that."))
    if (ending := _OPEN_DOCUMENT.get(kind.decode("ascii", "replace"))) is not None:
        return kind.decode(), ending
    if "[Content_Types].xml" in names:
        for folder, (ending, media_type) in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return media_type, ending
    return None


def _text(data: bytes) -> tuple[str, str] | None:
    """Return plain text in UTF-8; a page of HTML, which a browser might run, is none."""
    if data.startswith(b"%PDF-"):
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if _HTML.search(text) or any(unicodedata.category(x) == "Cc" and x not in "\t\r\n\f" for x in text):
        return None
    return "text/plain; charset=utf-8", "txt"
