"""
A detour when the office is gone: from the plan folder and the office's key alone. No database, no settings.

What moves whom is decided by the same pure function, from what the plan itself tells. The index remembers the detour,
so that the office makes it its own when it is back, and no later plan undoes it silently. Killed anywhere the plan
before stays in force; say the command again.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from schoolday.contracts import keys, plan
from schoolday.contracts.plan import Detour, DetourScope, PathwayChoice, PlanIndex, SchoolFiles, SchoolPlan
from schoolday.lib import clock
from schoolday.lib.errors import BadSettings
from schoolday.lib.ids import new_id
from schoolday.lib.signing import BadSignature, Signer, Verifier, unb64
from schoolday.office.pathways.detours.dressing import dress
from schoolday.office.pathways.detours.reasons import reason_of
from schoolday.office.pathways.detours.resolve import facts_of, touches
from schoolday.office.pathways.plan_folder import PlanFolder

REVIEW_AFTER_DAYS = 7


@dataclass(frozen=True)
class Declared:
    """What is in force then; `schools`, `sections`: how many it moves."""

    id: str
    version: int
    schools: int
    sections: int
    review_on: str


def declare_in_plan(
    *,
    plan_dir: Path,
    signer: Signer,
    root_public: str,
    scope: DetourScope,
    pathway: PathwayChoice,
    reason_key: str,
    until_at: int = 0,
) -> Declared:
    """
    Put an emergency detour from now on into the plan in a folder, signed with the office's key.

    About two seconds for 400 schools; only touched schools are written. Doors take it at their next look.

    :raises BadSettings: if the key is not in force for this plan, a file of it is missing or altered, or no class of
        it is in the scope; nothing has changed then
    :raises BadReason: for a reason that is none of ours
    """
    reason = reason_of(reason_key)
    verifier = _verifier(plan_dir, signer=signer, root_public=root_public)
    folder = PlanFolder(plan_dir, signer=signer, verifier=verifier)
    with folder.only_one():
        index = folder.index()
        if index is None:
            raise BadSettings(f"{plan_dir / plan.INDEX_PATH} is damaged: bring it from a door or another plan host.")
        now = clock.now_seconds()
        review_on = datetime.fromtimestamp(now, UTC).date() + timedelta(days=REVIEW_AFTER_DAYS)
        detour = Detour(
            id=new_id(),
            pathway=pathway,
            from_at=now,
            until_at=until_at,
            review_on=review_on.isoformat(),
            reason=reason,
            scope=scope,
            emergency=True,
            made_at=clock.now_ms(),
        )
        _check_in_time(index, now=now)
        dressed = [(files, *_dressed(folder, files, detour, now=now)) for files in index.schools]
        if not any(_is_touched(old, scope) for _files, old, _new in dressed):
            raise BadSettings("No class of this plan is in this scope, so nothing has changed: look at --scope.")
        version = max(index.version + 1, now)
        schools = tuple(
            replace(files, plan_sha256=folder.keep_school(replace(new, version=version))) if new is not old else files
            for files, old, new in dressed
        )
        value = replace(index, version=version, made_at=now, schools=schools, emergencies=(*index.emergencies, detour))
        folder.show_schools(schools)
        folder.put_in_force(value)
        folder.sweep(value, index)
    moved = [_moved(new, detour.id) for _files, _old, new in dressed]
    return Declared(detour.id, version, sum(1 for one in moved if one), sum(moved), detour.review_on)


def _dressed(folder: PlanFolder, files: SchoolFiles, detour: Detour, *, now: int) -> tuple[SchoolPlan, SchoolPlan]:
    """Return a school's plan as it is and as it will be; the very same where nothing changes."""
    old = folder.school(files, any_key=True)
    if old is None:
        raise BadSettings(
            f"A file of school {files.org} is missing or altered in {folder.folder}: bring it from a door or another "
            "plan host."
        )
    if not _may_touch(old, detour):
        return old, old
    new = dress(old, [*old.detours, detour], now=now)
    return old, (old if new == old else new)


def _may_touch(school: SchoolPlan, detour: Detour) -> bool:
    scope = detour.scope
    return not scope.schools or school.org in scope.schools


def _is_touched(school: SchoolPlan, scope: DetourScope) -> bool:
    facts = (facts_of(section=one.id, school=school.org, cohort=one.cohort) for one in school.sections)
    return any(touches(scope, one) for one in facts)


def _moved(school: SchoolPlan, detour_id: str) -> int:
    return sum(any(meeting.detour == detour_id for meeting in section.meetings) for section in school.sections)


def _check_in_time(index: PlanIndex, *, now: int) -> None:
    """A plan of the day before yesterday has no meeting that could move: say so, and do not seem to have helped."""
    last = date.fromisoformat(index.until_date) + timedelta(days=1)
    if datetime.combine(last, datetime.min.time(), ZoneInfo("Etc/GMT+12")).timestamp() <= now:
        raise BadSettings(f"The plan ends on {index.until_date}: it has no meeting any more that a detour could move.")


def _verifier(plan_dir: Path, *, signer: Signer, root_public: str) -> Verifier:
    """Return the keys of the plan in force, after checking that the root key vouches for them, and ours is one."""
    if not (plan_dir / plan.INDEX_PATH).exists():
        raise BadSettings(f"{plan_dir} holds no plan: there is no {plan.INDEX_PATH}.")
    unknown = PlanFolder(plan_dir, signer=signer, verifier=Verifier({}))
    try:
        key_set: keys.KeySet | None = unknown.key_set(unb64(root_public))
    except ValueError as error:
        raise BadSettings("The public root key is not base64.") from error
    if key_set is None:
        raise BadSettings(f"The plan in {plan_dir} was not made with this root key, or its index is damaged.")
    now = clock.now_seconds()
    in_force = {key.kid: unb64(key.public) for key in key_set.keys if key.not_before <= now < key.not_after}
    if in_force.get(signer.kid) != signer.public_bytes():
        raise BadSettings(
            "The office's key is not in force for this plan, doors would refuse it: see docs/operate/keys.md."
        )
    try:
        plan.open_index((plan_dir / plan.INDEX_PATH).read_text(), key_set.verifier(at=now))
    except (BadSignature, ValueError) as error:
        raise BadSettings(f"{plan_dir / plan.INDEX_PATH} is not signed by a key in force.") from error
    return key_set.verifier(at=now)
