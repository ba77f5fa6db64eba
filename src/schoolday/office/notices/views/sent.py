"""A sent notice: how it goes, live; what can be done to it; and whom to call."""

import csv
import io
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from schoolday.office.attendance.export import BYTE_ORDER_MARK, harmless
from schoolday.office.attendance.views.staff import as_file
from schoolday.office.http import page, person_of
from schoolday.office.notices import actions, queries
from schoolday.office.notices.access import access_notice, access_sender, access_to_change
from schoolday.office.notices.models import Notice
from schoolday.office.notices.saying import LANGUAGES
from schoolday.office.notices.texts import words_of
from schoolday.office.notices.views.shared import own_zone, private
from schoolday.office.notices.words import CHANNEL_WORDS, LEVEL_WORDS, STATE_WORDS, reason_word
from schoolday.office.people import audit
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Org, Person
from schoolday.office.people.queries import is_operator

REFRESH_SECONDS = 3
COLUMNS = ("call", "guardian", "phone", "language", "student", "family_name", "given_name", "grade", "reason", "say")
_SCHOOLS_SHOWN = 100


@require_GET
@page
def notice(request: HttpRequest, notice_id: str) -> HttpResponse:
    """Show how it goes. Loads itself again while something is on its way; `?hold=1` does not."""
    person = person_of(request)
    found, schools = access_notice(person, notice_id)
    progress = queries.progress_of(found, schools)
    touched = schools if schools is not None else list(found.schools.order_by("name"))
    zone = own_zone()
    moving = found.state in (Notice.State.PREPARING, Notice.State.GOING)
    holds = bool(request.GET.get("hold"))
    try:
        access_to_change(person, notice_id)
        may_change = True
    except NotYours:
        may_change = False
    context = {
        "notice": found,
        "words": words_of(found, language=get_language() or "en", zone=zone),
        "all_words": [(code, words_of(found, language=code, zone=zone)) for code in LANGUAGES],
        "progress": progress,
        "lines": [(line, CHANNEL_WORDS.get(line.channel, line.channel)) for line in progress.lines],
        "nobody": [(reason_word(reason), count) for reason, count in progress.nobody.items()],
        "resting": [(CHANNEL_WORDS[x.channel], reason_word(x.resting)) for x in progress.lines if x.resting],
        "schools": touched[:_SCHOOLS_SHOWN],
        "more_schools": max(0, len(touched) - _SCHOOLS_SHOWN),
        "state": STATE_WORDS[found.state],
        "level": LEVEL_WORDS[found.level],
        "moving": moving,
        "holds": holds,
        "may_change": may_change,
        "cancelled_by": found.followed_by.filter(meaning=Notice.Meaning.CANCEL).first(),
        "zone": zone,
    }
    response = private(render(request, "notices/notice.html", context))
    if moving and not holds:
        response["Refresh"] = str(REFRESH_SECONDS)
    return response


@require_POST
@page
def do(request: HttpRequest, notice_id: str, verb: str) -> HttpResponse:
    """Stop, resume, send again what failed, or withdraw."""
    person = person_of(request)
    found = access_to_change(person, notice_id)
    if verb == "stop":
        count = actions.stop_notice(found, actor=person)
        text = ngettext("Stopped. %(n)s message waits.", "Stopped. %(n)s messages wait.", count) % {"n": count}
    elif verb == "resume":
        actions.resume_notice(found, actor=person)
        text = _("It goes on.")
    elif verb in ("resend", "resend-unknown"):
        count = actions.resend_failed(found, actor=person, also_unknown=verb == "resend-unknown")
        text = ngettext("%(n)s message goes out again.", "%(n)s messages go out again.", count) % {"n": count}
    elif verb == "withdraw":
        actions.withdraw_notice(found, actor=person)
        text = _("Withdrawn. The banner comes down with the next plan, within minutes.")
    else:
        raise NotYours
    messages.success(request, text)
    return redirect("notices:notice", notice_id=notice_id)


@require_GET
@page
def calls(request: HttpRequest, notice_id: str, school_id: str) -> HttpResponse:
    """Show the families of one school whom the notice did not reach."""
    person = person_of(request)
    found, school = _of_school(person, notice_id, school_id)
    unreached = queries.unreached(found, school)
    audit.record(person, "look.notice_calls", "notice", found.id, school=school.id, families=len(unreached.families))
    zone = own_zone()
    context = {
        "notice": found,
        "school": school,
        "pending": unreached.pending,
        "calls": [
            (family, reason_word(family.reason), words_of(found, language=family.language, zone=zone).text)
            for family in unreached.families
        ],
    }
    return private(render(request, "notices/calls.html", context))


@require_GET
@page
def calls_csv(request: HttpRequest, notice_id: str, school_id: str) -> HttpResponse:
    """Give out the call list as a file; that it was given out is in the audit."""
    person = person_of(request)
    found, school = _of_school(person, notice_id, school_id)
    audit.record(person, "look.notice_calls_file", "notice", found.id, school=school.id)
    return as_file(_lines(found, school), name=f"families-to-call-{found.id}.csv")


def _of_school(person: Person, notice_id: str, school_id: str) -> tuple[Notice, Org]:
    """Return a notice and one of its schools, when this person may call for that school."""
    found, _schools = access_notice(person, notice_id)
    touched = found.schools.select_related("parent").filter(id=school_id)
    if not is_operator(person):
        touched = touched.filter(id__in=[school.id for school in access_sender(person)])
    school = touched.first()
    if school is None:
        raise NotYours
    return found, school


def _lines(found: Notice, school: Org) -> Iterator[str]:
    """Yield the lines of the file, a row per student; rows of one `call` are one family."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(COLUMNS)
    for number, family in enumerate(queries.unreached(found, school).families, 1):
        say = words_of(found, language=family.language, zone=own_zone()).text
        for child in family.children:
            row = (
                number,
                "; ".join(guardian.name for guardian in family.guardians),
                "; ".join(family.phones),
                family.language,
                child.sourced_id,
                child.family_name,
                child.given_name,
                child.grade,
                family.reason,
                say,
            )
            writer.writerow([harmless(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()
