"""Reading the plan from its folder, and refusing it: a plan that is not whole, not ours or not newer never counts."""

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from schoolday.contracts.plan import (
    FILE_AT_MOST_BYTES,
    INDEX_AT_MOST_BYTES,
    INDEX_PATH,
    SchoolFiles,
    people_path,
    school_path,
)
from schoolday.door import plan_checks
from schoolday.door.meeting_columns import SectionIndex
from schoolday.door.people_columns import BadgeIndex
from schoolday.door.plan import Plan, School
from schoolday.door.plan_checks import CheckedIndex, Floor, PlanRefused
from schoolday.lib.files import write_whole
from schoolday.lib.signing import Verifier

__all__ = ["Floor", "PlanRefused", "forget_freed_memory", "keep_floor", "read_floor", "read_plan", "read_text"]
_BREATH_SECONDS = 0.001  # after each school, so that reading a new plan never stands in the way of a join


def read_plan(
    folder: Path, *, root_public: bytes, district: str, now: int, floor: Floor, before: Plan | None = None
) -> Plan:
    """
    Return the plan in `folder`. `before`: the one in force, whose unchanged schools are taken over.

    Six seconds for 900,000 students; a few milliseconds when little has changed. `now`: seconds.

    :raises PlanRefused: saying which file, and what is wrong with it
    """
    checked = plan_checks.check_index(
        read_text(folder / INDEX_PATH, at_most_bytes=INDEX_AT_MOST_BYTES),
        root_public=root_public,
        district=district,
        now=now,
        floor=floor,
        in_force=(before.index.version, before.index_sha256) if before else None,
    )
    known = {school.org: school for school in before.schools} if before else {}
    schools = []
    for files in checked.index.schools:
        schools.append(_school(folder, files, checked.verifier, district=district, before=known.get(files.org)))
        if before:
            time.sleep(_BREATH_SECONDS)
    return _plan(checked, schools)


def forget_freed_memory() -> None:
    """Give back to the system what reading a plan has freed; glibc keeps it otherwise."""
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def read_floor(path: Path) -> Floor:
    """Return the floor that was kept; a damaged file counts as none, and is written again."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Floor)
    except (FileNotFoundError, msgspec.MsgspecError):
        return Floor()


def keep_floor(path: Path, floor: Floor) -> None:
    """Keep a floor, durably."""
    write_whole(path, msgspec.json.encode(floor))


def read_text(path: Path, *, at_most_bytes: int) -> str:
    """
    Return the text of a plan file; reads no more than a byte beyond its ceiling.

    :raises PlanRefused: if there is none that could be a plan
    """
    try:
        with path.open("rb") as file:
            raw = file.read(at_most_bytes + 1)
    except OSError as error:
        raise PlanRefused(f"{path.name}: {error.strerror}.") from error
    return plan_checks.text_of(raw, path.name, at_most_bytes=at_most_bytes)


def _plan(checked: CheckedIndex, schools: Sequence[School]) -> Plan:
    index = checked.index
    try:
        return Plan(
            index=index,
            index_text=checked.text.encode(),
            index_sha256=checked.sha256,
            key_set=checked.key_set,
            schools=schools,
            sections=SectionIndex([school.meetings for school in schools]),
            badges=BadgeIndex([school.people for school in schools]),
            jtis=frozenset(index.deny.jtis),
            removed=frozenset(index.deny.removed),
            out=frozenset(index.deny.out),
            live_urls={node.id: node.url for node in index.live},
            school_numbers={school.org: number for number, school in enumerate(schools)},
        )
    except (ValueError, OverflowError) as error:
        raise PlanRefused(f"The plan does not fit together: {error}.") from error


def _school(folder: Path, files: SchoolFiles, verifier: Verifier, *, district: str, before: School | None) -> School:
    if before and (before.plan_sha256, before.people_sha256) == (files.plan_sha256, files.people_sha256):
        return before
    if before and before.plan_sha256 == files.plan_sha256:
        meetings = before.meetings
    else:
        text = read_text(folder / school_path(files.org, files.plan_sha256), at_most_bytes=FILE_AT_MOST_BYTES)
        meetings = plan_checks.read_meetings(text, files, verifier, district=district)
    if before and before.people_sha256 == files.people_sha256:
        people = before.people
    else:
        text = read_text(folder / people_path(files.org, files.people_sha256), at_most_bytes=FILE_AT_MOST_BYTES)
        people = plan_checks.read_people(text, files, verifier, district=district)
        if before and people.same_as(before.people):
            people = before.people
    return School(files.org, files.plan_sha256, files.people_sha256, meetings, people)
