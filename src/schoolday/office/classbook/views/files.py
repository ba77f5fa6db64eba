"""Files of a class over HTTP: put in by its grown-ups, loaded by everybody in it, run by nobody's browser."""

import functools
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError

from schoolday.lib import clock
from schoolday.lib.errors import BadRequest
from schoolday.office.attendance.times import to_seconds
from schoolday.office.classbook import files, storing
from schoolday.office.classbook.access import access_files, access_writing
from schoolday.office.classbook.models import ClassFile
from schoolday.office.http import View, answer, api
from schoolday.office.people.access import NotYours
from schoolday.office.signin.access import access_asker, cookie_or_day

_FORM_BYTES = 65_536  # the other fields, and what stands between the parts
# Whoever opens such a file by its address sees it and no more: no script, no form, no request, an origin of its own.
_CSP = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


def _of_bearable_size(view: View) -> View:
    """Refuse by the length it says before a byte is read, and a disk that fills up while it is."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isascii() or not length.isdigit() or int(length) > files.at_most_bytes() + _FORM_BYTES:
            error = files.too_large()
            return answer(error.as_dict(), status=error.status)
        try:
            return view(request, *args, **kwargs)
        except OSError as error:
            if error.errno not in storing.FULL:
                raise
            full = storing.DiskFull()
            return answer(full.as_dict(), status=full.status)

    return wrapped


@_of_bearable_size
@cookie_or_day
@api("GET", "POST")
def all_files(request: HttpRequest) -> HttpResponse:
    """Return the files of a meeting, or take one in."""
    person = access_asker(request).person
    if request.method == "GET":
        meeting = access_files(person, request.GET.get("meeting", ""))
        return answer({"files": [_line(file) for file in files.files_of(meeting.id)]})
    try:
        form, upload = request.POST, request.FILES.get("file")
    except (MultiPartParserError, RequestDataTooBig, SuspiciousOperation) as error:
        raise BadRequest("Send the fields meeting, section, kind and file as multipart/form-data.") from error
    meeting = access_writing(person, form.get("meeting", ""), form.get("section", ""))
    if upload is None:
        raise BadRequest("Send the fields meeting, section, kind and file as multipart/form-data.")
    data = upload.read(files.at_most_bytes() + 1)
    file = files.put_file(meeting, kind=form.get("kind", "file"), name=upload.name or "", data=data, actor=person)
    return answer(_line(file), status=201)


@cookie_or_day
@api("GET", "HEAD", "DELETE", "POST")
def one_file(request: HttpRequest, file_id: str) -> HttpResponse:
    """Return one file's content, take it back (DELETE), or put it back within ten minutes (POST)."""
    person = access_asker(request).person
    file = ClassFile.objects.filter(id=file_id).first()
    if file is None:
        raise NotYours
    if request.method in ("GET", "HEAD"):
        access_files(person, file.meeting_id)
        if file.deleted_at is not None:
            raise NotYours
        return _content(file)
    access_writing(person, file.meeting_id)
    if request.method == "DELETE":
        files.take_back(file, actor=person)
        return answer({"undo_until": to_seconds(clock.now() + files.UNDO)})
    files.put_back(file, actor=person)
    file.refresh_from_db()
    return answer(_line(file))


def _content(file: ClassFile) -> HttpResponse:
    try:
        opened = storing.path_of(file.sha256).open("rb")
    except FileNotFoundError as error:
        raise NotYours from error
    response: HttpResponseBase = FileResponse(opened, as_attachment=True, filename=file.name)
    response["Content-Type"] = file.media_type
    response["Content-Security-Policy"] = _CSP
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Kept by her browser for a lesson; a content never changes under its id. Never by a proxy between.
    response["Cache-Control"] = "private, max-age=3600"
    return response  # type: ignore[return-value]  # Django's two kinds of answer have only their base in common


def _line(file: ClassFile) -> dict[str, object]:
    return {
        "id": file.id,
        "name": file.name,
        "kind": file.kind,
        "media_type": file.media_type,
        "bytes": file.size_bytes,
        "at": to_seconds(file.at),
        "by": file.by_id,
    }
