"""
The quick way of detours and public words into the plan: each touched school's plan is taken from the folder in force,
dressed anew, signed, and the index put in force. No school is computed; the next full publish finds nothing to change.

Same lock and same guarantees as `publish_plan`: killed anywhere, the version before stays in force whole.
"""

from collections.abc import Collection
from datetime import date, timedelta

from msgspec.structs import replace

from schoolday.contracts.plan import PlanIndex, SchoolFiles, SchoolPlan
from schoolday.lib import clock, log
from schoolday.office.pathways.actions import (
    check_keys_are_the_newest,
    next_version,
    open_plan_folder,
    release_of,
)
from schoolday.office.pathways.detours.adopting import adopt_emergencies
from schoolday.office.pathways.detours.bells import keep_shifts, unshifted
from schoolday.office.pathways.detours.dressing import dress
from schoolday.office.pathways.detours.queries import for_plan, lately_changed
from schoolday.office.pathways.detours.resolve import may_touch_school
from schoolday.office.pathways.models import PlanRelease
from schoolday.office.pathways.plan_folder import PlanFolder
from schoolday.office.pathways.planning import alternates_of
from schoolday.office.pathways.public_words import words_of
from schoolday.office.people.models import Org, Person
from schoolday.office.signin.keys import key_set_token
from schoolday.office.timetable.models import Meeting

_log = log.get(__name__)
_DAYS_AROUND = timedelta(days=1)  # a plan's dates are the school's own, a meeting's date too


def publish_detours(*, actor: Person | None = None, said_in: Collection[str] = ()) -> PlanRelease | None:
    """
    Put the detours of this moment into the plan in force, and return what is in force then.

    `said_in`: schools in which notices and incidents say something else than before; what these say is put into the
    plans of all schools that are touched anyway.

    None when there is no plan that this way could change: none at all, one signed with other keys, or a damaged
    school; then a full publish is due, which has all detours in it. Under twenty queries for any number of
    schools, seconds for 50,000 students.

    :raises BadSettings: as `publish_plan`
    """
    folder = open_plan_folder()
    with folder.only_one(hurries=True):
        check_keys_are_the_newest(folder)
        before = folder.index()
        if before is None or not folder.index_is_by_this_key() or before.key_set != key_set_token():
            return None
        adopt_emergencies(before.emergencies)
        version = next_version(before)
        schools = _dressed(folder, before, version=version, said_in=said_in)
        if schools is None:
            return None
        last = PlanRelease.objects.filter(version=before.version).first()
        meetings = last.meetings if last else 0
        value = replace(before, version=version, made_at=clock.now_seconds(), schools=schools, emergencies=())
        if schools == before.schools and not before.emergencies:
            return release_of(before, meetings, sha256=folder.index_sha256(), actor=actor)
        folder.show_schools(value.schools)
        sha256 = folder.put_in_force(value)
        release = release_of(value, meetings, sha256=sha256, actor=actor)
        folder.sweep(value, before)
        changed = sum(one != other for one, other in zip(schools, before.schools, strict=True))
        _log.info("detours published", version=version, schools=changed)
        return release


def _dressed(
    folder: PlanFolder, before: PlanIndex, *, version: int, said_in: Collection[str]
) -> tuple[SchoolFiles, ...] | None:
    """Return the files of all schools, those of touched ones written anew; None if one of them cannot be read."""
    now = clock.now()
    detours = for_plan(now)
    scopes = [one.scope for one in (*detours, *lately_changed(now))]
    regions = dict(Org.objects.filter(id__in=[files.org for files in before.schools]).values_list("id", "region"))
    touched = [
        files
        for files in before.schools
        if files.org in said_in
        or any(may_touch_school(scope, school=files.org, region=regions.get(files.org, "")) for scope in scopes)
    ]
    found: dict[str, SchoolPlan] = {}
    for files in touched:
        school = folder.school(files)
        if school is None:
            return None
        found[files.org] = school
    times, kept_minutes = _timetable(list(found), before)
    days = {org: (date.fromisoformat(old.from_date), date.fromisoformat(old.until_date)) for org, old in found.items()}
    alternates = alternates_of(days)
    words = words_of(list(found), now)
    written: dict[str, SchoolFiles] = {}
    dressed = []
    for files in touched:
        old = found[files.org]
        new = dress(old, detours, now=int(now.timestamp()), times=times, alternates=alternates)
        new = replace(new, notices=words[files.org].notices, incidents=words[files.org].incidents)
        dressed.append(new)
        if new != old:
            written[files.org] = replace(files, plan_sha256=folder.keep_school(replace(new, version=version)))
    keep_shifts(dressed, times, kept_minutes=kept_minutes)
    return tuple(written.get(files.org, files) for files in before.schools)


def _timetable(schools: list[str], index: PlanIndex) -> tuple[dict[str, tuple[int, int]], dict[str, int]]:
    """Return when each meeting of the plan's days is by the bells, and by how much it is shifted now. One query."""
    days = (date.fromisoformat(index.from_date) - _DAYS_AROUND, date.fromisoformat(index.until_date) + _DAYS_AROUND)
    rows = Meeting.objects.filter(section__school__in=schools, on__range=days)
    found = list(rows.only("id", "starts_at", "ends_at", "shifted_minutes"))
    return unshifted(found), {one.id: one.shifted_minutes for one in found if one.shifted_minutes}
