"""`POST /api/class-moves`: a teacher moves her own class in the middle of a meeting, and back, from her device."""

from datetime import timedelta
from http import HTTPStatus

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from schoolday.contracts.plan import DetourScope, PathwayChoice
from schoolday.lib import clock, log
from schoolday.lib.errors import SchooldayError
from schoolday.office.http import answer, api, read
from schoolday.office.pathways.detours import actions, queries
from schoolday.office.pathways.detours.access import access_new, may_undo
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.new import NewDetour
from schoolday.office.pathways.detours.publishing import publish_detours
from schoolday.office.pathways.models import Alternate
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.signin.access import access_asker, cookie_or_day
from schoolday.office.timetable.models import Meeting
from schoolday.office.timetable.zones import today

_log = log.get(__name__)


class NoSuchWay(SchooldayError):
    """The class has no such alternate, or the meeting is over."""

    code = "no_such_way"
    status = HTTPStatus.CONFLICT
    text = "This class has no such alternate, or it is over."


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """`back`: the class is here again, whatever `pathway` says."""

    section: str
    meeting: str
    pathway: PathwayChoice = ""
    back: bool = False


@cookie_or_day
@api("POST")
def class_moves(request: HttpRequest) -> HttpResponse:
    """Send latecomers where the class went, until the end of its meeting. Asked twice it is one detour."""
    person = access_asker(request).person
    asked = read(request, Move)
    meeting = Meeting.objects.select_related("section__school__parent").filter(id=asked.meeting).first()
    if meeting is None or meeting.section_id != asked.section:
        raise NotYours
    with transaction.atomic():
        changed = _move(person, meeting, asked)
    return answer({"published": changed and _published(person)})


def _move(person: Person, meeting: Meeting, asked: Move) -> bool:
    now = clock.now()
    new = NewDetour(
        scope=DetourScope(sections=(meeting.section_id,)),
        pathway=asked.pathway,
        from_at=now,
        until_at=meeting.ends_at,
        review_on=today(meeting.section.school) + timedelta(days=1),
        reason_key="as_teacher",
    )
    if meeting.ends_at <= now:
        raise NoSuchWay
    access_new(person, new)
    own = [one for one in queries.in_force(now).filter(made_by=person) if one.sections == [meeting.section_id]]
    own = [one for one in own if may_undo(person, one)]
    if asked.back:
        for one in own:
            actions.undo(one, actor=person)
        return bool(own)
    return _go(person, new, own)


def _go(person: Person, new: NewDetour, own: list[Detour]) -> bool:
    section = new.scope.sections[0]
    if not new.pathway or not Alternate.objects.filter(section=section, kind=new.pathway).exists():
        raise NoSuchWay
    if own and own[0].pathway == new.pathway:
        return False
    actions.declare(new, actor=person, replaces=own[0] if own else None)
    return True


def _published(person: Person) -> bool:
    """Put it into the plan now; where that does not work, the worker does it within seconds."""
    try:
        return publish_detours(actor=person) is not None
    except (SchooldayError, OSError) as error:
        _log.error("class move not published by the call", error=type(error).__name__)
        return False
