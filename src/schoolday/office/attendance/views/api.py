"""JSON for the device app: evidence in, a section's register out."""

from collections.abc import Sequence
from datetime import date

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from schoolday.contracts.evidence import UPLOAD_AT_MOST_EVENTS, Evidence, Receipt, help_detail
from schoolday.lib import clock
from schoolday.lib.errors import BadRequest
from schoolday.office.attendance import queries, removals
from schoolday.office.attendance.access import access_section, is_guardian
from schoolday.office.attendance.actions import take_evidence
from schoolday.office.attendance.clean import read_events
from schoolday.office.attendance.queries import Line
from schoolday.office.attendance.recompute import MARK
from schoolday.office.attendance.times import to_seconds
from schoolday.office.http import answer, api, person_of, read
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section
from schoolday.office.signin.access import access_asker, cookie_or_day
from schoolday.office.timetable.zones import today

_SOURCE = "office"


class RawUpload(msgspec.Struct, frozen=True):
    """contracts.evidence.Upload, its events unread: one that is broken is refused alone."""

    sent_at: int
    events: tuple[msgspec.Raw, ...]


@cookie_or_day
@api("POST")
def evidence(request: HttpRequest) -> HttpResponse:
    """Keep a device's events and say which are safe here for good."""
    asker = access_asker(request)
    upload = read(request, RawUpload)
    if len(upload.events) > UPLOAD_AT_MOST_EVENTS:
        raise BadRequest(f"At most {UPLOAD_AT_MOST_EVENTS} events at a time.")
    events, unread = read_events(upload.events)
    device = asker.session.device if asker.session else ""
    ours, refused = _vouch(asker.person, events, sent_at=upload.sent_at, device=device)
    taken = take_evidence(ours, trusted_source=_SOURCE)
    refused |= taken.refused | {refusal.id: refusal.reason for refusal in unread if refusal.id}
    return answer(Receipt(kept=tuple(taken.kept), confirmed=True, refused=refused))


@api("GET")
def register(request: HttpRequest) -> HttpResponse:
    """Return the register of one section on one day (today by default), for its teachers and the school's staff."""
    person = person_of(request)
    section_id = request.GET.get("section", "")
    section = Section.objects.select_related("school__parent").filter(id=section_id).first()
    if section is None:
        raise NotYours
    on = read_date(request.GET.get("on")) or today(section.school)
    section = access_section(person, section_id, on=on)
    return answer({"meetings": [_meeting(sitting) for sitting in queries.sittings_of(section, on)]})


def read_date(text: str | None) -> date | None:
    """
    Return the date of `2026-09-01`, None for nothing.

    :raises BadRequest: for anything else
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(gettext_noop("Write the date as year-month-day, like 2026-09-01.")) from None


def _vouch(
    person: Person, events: Sequence[Evidence], *, sent_at: int, device: str
) -> tuple[list[Evidence], dict[str, str]]:
    """Return the events this person may tell of, stamped by us; a device is never believed who and when it is."""
    received_at = clock.now_ms()
    ours, refused = [], {}
    children: dict[str, bool] = {}
    for event in events:
        if event.kind == "parent_word":
            if event.sub not in children:
                children[event.sub] = is_guardian(person.id, event.sub)
            allowed = children[event.sub]
        else:
            # Taken out and let back in are a door's word alone: nobody says them of herself.
            allowed = event.kind == MARK or (event.sub == person.id and event.kind not in removals.KINDS)
        if not allowed:
            refused[event.id] = "this is about somebody else"
            continue
        by = person.id if event.kind in (MARK, "parent_word") else ""
        ours.append(
            msgspec.structs.replace(
                event,
                by=by,
                sent_at=sent_at,
                received_at=received_at,
                source=_SOURCE,
                device=device or event.device,
                detail=help_detail(event.detail) if event.kind == "help_asked" else event.detail,
            )
        )
    return ours, refused


def _meeting(sitting: queries.Sitting) -> dict[str, object]:
    meeting = sitting.meeting
    return {
        "id": meeting.id,
        "period": meeting.period,
        "starts_at": to_seconds(meeting.starts_at),
        "ends_at": to_seconds(meeting.ends_at),
        "entries": [_entry(line) for line in sitting.lines],
    }


def _entry(line: Line) -> dict[str, object]:
    entry = line.entry
    return {
        "sub": line.student.id,
        "status": entry.status if entry else "",
        "mark": entry.mark if entry else "",
        "minutes_tardy": (entry.shown_minutes_tardy if entry.mark else entry.minutes_tardy) if entry else 0,
        "arrived_at": to_seconds(entry.arrived_at) if entry else None,
        "left_at": to_seconds(entry.left_at) if entry else None,
        "left_early": entry.left_early if entry else False,
        "minutes_present": entry.minutes_present if entry else 0,
        "charged": entry.is_charged if entry else False,
        "not_charged_because": entry.amnesty.reason if entry and entry.amnesty else None,
    }
