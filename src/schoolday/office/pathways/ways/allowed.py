"""What a school lets its teachers choose: kinds of alternates, and the hosts that links may lead to."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from django.db import transaction
from django.utils.translation import gettext as _

from schoolday.lib.errors import SchooldayError
from schoolday.live.alternates import KINDS
from schoolday.office.pathways.models import SchoolPathways
from schoolday.office.people import audit
from schoolday.office.people.models import Org, Person

HOSTS_AT_MOST = 50
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


class BadHost(SchooldayError):
    """This is no host; the sentence says which."""

    code = "bad_host"
    status = HTTPStatus.BAD_REQUEST


@dataclass(frozen=True)
class Allowed:
    """`hosts`: these and all below them; empty: any."""

    kinds: tuple[str, ...] = KINDS
    hosts: tuple[str, ...] = ()


def allowed_at(schools: Collection[str]) -> dict[str, Allowed]:
    """Return what each of these schools (ids) allows. One query."""
    rows = {row.school_id: row for row in SchoolPathways.objects.filter(school__in=schools)}
    return {
        school: Allowed(tuple(rows[school].kinds), tuple(rows[school].hosts)) if school in rows else Allowed()
        for school in schools
    }


def read_hosts(text: str) -> tuple[str, ...]:
    """
    Return the hosts that somebody typed, one a line or with spaces between, once each.

    :raises BadHost: naming the first that is none
    """
    hosts = [word.lower().strip(".") for word in re.split(r"[\s,]+", text) if word]
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise BadHost(_("“%(host)s” is no address. Write it as zoom.us, without https://.") % {"host": host[:80]})
    if len(hosts) > HOSTS_AT_MOST:
        raise BadHost(_("These are too many addresses: at most %(count)s.") % {"count": HOSTS_AT_MOST})
    return tuple(dict.fromkeys(hosts))


@transaction.atomic
def set_allowed(school: Org, allowed: Allowed, *, actor: Person | None) -> None:
    """Keep what a school allows. What sections have already stays, and is shown as not allowed any more."""
    Org.objects.select_for_update().get(id=school.id)
    if allowed_at([school.id])[school.id] == allowed:
        return
    SchoolPathways.objects.update_or_create(
        school=school, defaults={"kinds": list(allowed.kinds), "hosts": list(allowed.hosts)}
    )
    audit.record(actor, "pathways.allow", "org", school.id, kinds=list(allowed.kinds), hosts=len(allowed.hosts))
