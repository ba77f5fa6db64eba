"""Taking a request on, being done with it, and giving it back. All of one person's waiting ones go together."""

from django.db import transaction
from django.db.models import QuerySet

from schoolday.lib import clock
from schoolday.office.incidents.models import HelpRequest
from schoolday.office.people import audit
from schoolday.office.people.models import Person

State = HelpRequest.State


def take(actor: Person, request: HelpRequest) -> None:
    """Say that this person sees to it; who took it before has it no longer."""
    _write(actor, request, "help.take", state=State.TAKEN, taken_by=actor, taken_at=clock.now(), done_at=None)


def finish(actor: Person, request: HelpRequest) -> None:
    """Say that she is in, or helped."""
    _write(actor, request, "help.done", state=State.DONE, done_at=clock.now())


def give_back(actor: Person, request: HelpRequest) -> None:
    """Undo: it waits for somebody again."""
    _write(actor, request, "help.undo", state=State.OPEN, taken_by=None, taken_at=None, done_at=None)


@transaction.atomic
def _write(actor: Person, request: HelpRequest, verb: str, **values: object) -> None:
    """Write it on this request and on the same person's earlier ones that are not done."""
    earlier = HelpRequest.objects.filter(person=request.person_id, asked_at__lte=request.asked_at)
    earlier = earlier.filter(section=request.section_id).exclude(state=State.DONE)
    changed: QuerySet[HelpRequest] = earlier | HelpRequest.objects.filter(id=request.id)
    changed.update(**values)
    audit.record(actor, verb, "help", request.id, cause=request.cause)
