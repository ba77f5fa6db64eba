"""Making the pass of a device: what is decided in the evening, so that the morning needs no office."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from schoolday.contracts import passes
from schoolday.contracts.bundle import BundlePerson, PassWithTag
from schoolday.contracts.passes import Kind, Pass, Place
from schoolday.lib import clock
from schoolday.office.people.models import Org, Person
from schoolday.office.signin.cohorts import cohort_of
from schoolday.office.signin.keys import office_signer

ENTERS_CLASSES: frozenset[Kind] = frozenset({"student", "teacher", "operator"})
_CLOCKS_APART_SECONDS = 60


def enters_classes(person: BundlePerson) -> bool:
    """Say whether this person gets a pass: who runs a school or its systems only while she has duty in one."""
    return person.kind in ENTERS_CLASSES and (person.kind != "operator" or bool(person.duty))


def make_pass(
    person: Person,
    *,
    kind: Kind,
    org: Org,
    sections: tuple[str, ...],
    grades: str,
    doors: tuple[str, ...],
    ends: tuple[datetime, datetime],
    jti: str,
    thumbprint: str,
    places: Mapping[str, Place] | None = None,
) -> PassWithTag:
    """Return the signed pass with its tag; 50 microseconds, no I/O but a `stat`. `grades`: for the cohort."""
    now = clock.now()
    value = Pass(
        iss=settings.SCHOOLDAY["DISTRICT"],
        sub=person.id,
        kind=kind,
        org=org.id,
        cohort=cohort_of(grades, region=org.region),
        sections=sections,
        doors=doors,
        nbf=int(now.timestamp()) - _CLOCKS_APART_SECONDS,
        exp=int(ends[0].timestamp()),
        grace=int(ends[1].timestamp()),
        jti=jti,
        epoch=person.epoch,
        cnf=thumbprint,
        places=dict(places or {}),
    )
    token = passes.sign_pass(value, office_signer())
    tag = passes.tag_pass(token, cell_secret=settings.SCHOOLDAY["CELL_SECRET"], day=f"{now:%Y%m%d}")
    return PassWithTag(token=token, tag=tag, valid_until=value.exp)
