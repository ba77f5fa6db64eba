"""The recording itself, by ranges, so that a player can seek."""

import re
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from schoolday.office.http import page, person_of
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.recordings import files
from schoolday.office.recordings.access import access_recording, is_grown_up

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@require_safe
@page
def media(request: HttpRequest, recording_id: str) -> HttpResponse:
    """Send the file, or the one range of it that was asked for; `?download` as a file to keep, for grown-ups."""
    person = person_of(request)
    found = access_recording(person, recording_id)
    copies = "download" in request.GET
    if found.finished_at is None or (copies and not is_grown_up(person, found.section)):
        raise NotYours
    path = files.path_of(found.id, found.media_type)
    if not path.exists():
        raise NotYours
    size = path.stat().st_size
    wanted = _range(request.headers.get("Range", ""), size)
    if wanted is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = wanted
    if first == 0:  # a player asks for hundreds of ranges: its first is the look
        audit.record(person, "look.recording_copy" if copies else "look.recording_file", "recording", found.id)
    partial = "Range" in request.headers
    headers = {
        "Content-Type": found.media_type.partition(";")[0],
        "Content-Length": str(last - first + 1),
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    if partial:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    if copies:
        name = f"{found.started_at:%Y-%m-%d}-{found.id}.{files.extension_of(found.media_type)}"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    status = 206 if partial else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    found_bytes = files.pieces(path, first=first, last=last)
    # Django's own types know no common base that decorators of views take.
    return cast(HttpResponse, StreamingHttpResponse(found_bytes, status=status, headers=headers))


def _range(text: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte; the whole file for no range or one that we do not know; None for one outside it."""
    found = _RANGE.fullmatch(text.strip())
    if found is None or found[1] == found[2] == "":
        return 0, size - 1
    if found[1] == "":
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (first, last) if first <= last and first < size else None
