"""
Reading the plan from its folder, and refusing it: a plan that is not whole, not ours or not newer never counts.

The index is signed by a key of the key set, and the key set stands inside the index. So its text is taken out
of the index unchecked, for one purpose: to be verified by the root key, which the door has from its settings.
That is safe because nothing else of the unchecked index is looked at: whoever forges an index can put in
any key set that the root key ever signed, not one of his own, and must then sign by a key in it. An old key
set does not serve him either: `issued_at` must not be lower than that of the set in force.
"""

import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from schoolday.contracts.keys import KeySet, open_key_set
from schoolday.contracts.plan import (
    FILE_AT_MOST_BYTES,
    INDEX_AT_MOST_BYTES,
    INDEX_PATH,
    PlanIndex,
    SchoolFiles,
    open_index,
    open_people,
    open_school,
    people_path,
    school_path,
)
from schoolday.door.meeting_columns import SchoolMeetings, SectionIndex
from schoolday.door.people_columns import BadgeIndex, SchoolPeople
from schoolday.door.plan import Plan, School
from schoolday.lib import signing
from schoolday.lib.errors import SchooldayError
from schoolday.lib.signing import BadSignature, Verifier

_SIGNATURE_BYTES = 64
_BREATH_SECONDS = 0.001  # after each school, so that reading a new plan never stands in the way of a join


class PlanRefused(SchooldayError):
    """The files in the plan folder are not a plan that may come into force. The last good one stays."""

    code = "plan_refused"


class _Inside(msgspec.Struct):
    """The one thing that is read of an unchecked index."""

    key_set: str


class Floor(msgspec.Struct, frozen=True):
    """The lowest plan that may come into force; kept on the disk, so that a restart takes no old one either."""

    version: int = 0
    keys_issued_at: int = 0


def read_plan(
    folder: Path, *, root_public: bytes, district: str, now: int, floor: Floor, before: Plan | None = None
) -> Plan:
    """
    Return the plan in `folder`. `before`: the one in force, whose unchanged schools are taken over.

    Six seconds for 900,000 students; a few milliseconds when little has changed. `now`: seconds.

    :raises PlanRefused: saying which file, and what is wrong with it
    """
    text = _read(folder / INDEX_PATH, at_most_bytes=INDEX_AT_MOST_BYTES)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    key_set = _key_set(text, root_public=root_public, district=district)
    if key_set.issued_at < floor.keys_issued_at:
        raise PlanRefused(f"{INDEX_PATH}: its key set is older than the one in force.")
    verifier = key_set.verifier(at=now)
    index = _index(text, verifier, district=district)
    if index.version < floor.version:
        raise PlanRefused(f"{INDEX_PATH}: version {index.version} is lower than {floor.version}, which is in force.")
    if before and index.version == before.index.version and sha256 != before.index_sha256:
        raise PlanRefused(f"{INDEX_PATH}: another plan has version {index.version} too.")
    known = {school.org: school for school in before.schools} if before else {}
    schools = []
    for files in index.schools:
        schools.append(_school(folder, files, verifier, district=district, before=known.get(files.org)))
        if before:
            time.sleep(_BREATH_SECONDS)
    return _plan(index, sha256, key_set, schools)


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


def keep_floor(path: Path, plan: Plan) -> None:
    """Keep the floor that `plan` sets, durably."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(msgspec.json.encode(Floor(plan.index.version, plan.key_set.issued_at)))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _plan(index: PlanIndex, sha256: str, key_set: KeySet, schools: Sequence[School]) -> Plan:
    try:
        return Plan(
            index=index,
            index_sha256=sha256,
            key_set=key_set,
            schools=schools,
            sections=SectionIndex([school.meetings for school in schools]),
            badges=BadgeIndex([school.people for school in schools]),
            jtis=frozenset(index.deny.jtis),
            removed=frozenset(index.deny.removed),
            live_urls={node.id: node.url for node in index.live},
            school_numbers={school.org: number for number, school in enumerate(schools)},
        )
    except (ValueError, OverflowError) as error:
        raise PlanRefused(f"The plan does not fit together: {error}.") from error


def _key_set(text: str, *, root_public: bytes, district: str) -> KeySet:
    parts = text.split(".")
    if len(parts) != 4 or parts[:2] != ["v4", "public"]:
        raise PlanRefused(f"{INDEX_PATH}: this is no signed plan.")
    try:
        inside = msgspec.json.decode(signing.unb64(parts[2])[:-_SIGNATURE_BYTES], type=_Inside)
        key_set = open_key_set(inside.key_set, root_public=root_public)
    except (ValueError, msgspec.MsgspecError) as error:
        raise PlanRefused(f"{INDEX_PATH}: this is no signed plan.") from error
    except BadSignature as error:
        raise PlanRefused(f"{INDEX_PATH}: the root key did not sign its key set.") from error
    if key_set.district != district:
        raise PlanRefused(f"{INDEX_PATH}: its key set is of district {key_set.district!r}, not {district!r}.")
    return key_set


def _index(text: str, verifier: Verifier, *, district: str) -> PlanIndex:
    try:
        index = open_index(text, verifier)
    except BadSignature as error:
        raise PlanRefused(f"{INDEX_PATH}: no key in force signed it.") from error
    except msgspec.MsgspecError as error:
        raise PlanRefused(f"{INDEX_PATH}: {error}.") from error
    if index.district != district:
        raise PlanRefused(f"{INDEX_PATH}: it is of district {index.district!r}, not {district!r}.")
    return index


def _school(folder: Path, files: SchoolFiles, verifier: Verifier, *, district: str, before: School | None) -> School:
    if before and (before.plan_sha256, before.people_sha256) == (files.plan_sha256, files.people_sha256):
        return before
    if before and before.plan_sha256 == files.plan_sha256:
        meetings = before.meetings
    else:
        meetings = _meetings(folder, files, verifier, district=district)
    if before and before.people_sha256 == files.people_sha256:
        people = before.people
    else:
        people = _people(folder, files, verifier, district=district)
        if before and people.same_as(before.people):
            people = before.people
    return School(files.org, files.plan_sha256, files.people_sha256, meetings, people)


def _meetings(folder: Path, files: SchoolFiles, verifier: Verifier, *, district: str) -> SchoolMeetings:
    path = school_path(files.org, files.plan_sha256)
    text = _read_exactly(folder, path, sha256=files.plan_sha256)
    try:
        source = open_school(text, verifier)
        _must_be_of(path, (source.district, source.org), (district, files.org))
        return SchoolMeetings(source)
    except (BadSignature, msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise PlanRefused(f"{path}: {error}") from error


def _people(folder: Path, files: SchoolFiles, verifier: Verifier, *, district: str) -> SchoolPeople:
    path = people_path(files.org, files.people_sha256)
    text = _read_exactly(folder, path, sha256=files.people_sha256)
    try:
        source = open_people(text, verifier)
        _must_be_of(path, (source.district, source.org), (district, files.org))
        return SchoolPeople(source)
    except (BadSignature, msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise PlanRefused(f"{path}: {error}") from error


def _must_be_of(path: str, found: tuple[str, str], wanted: tuple[str, str]) -> None:
    if found != wanted:
        raise PlanRefused(f"{path}: it is of {'/'.join(found)}, not of {'/'.join(wanted)}.")


def _read(path: Path, *, at_most_bytes: int) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(at_most_bytes + 1)
    except OSError as error:
        raise PlanRefused(f"{path.name}: {error.strerror}.") from error
    if not raw:
        raise PlanRefused(f"{path.name}: it is empty.")
    if len(raw) > at_most_bytes:
        raise PlanRefused(f"{path.name}: it has more than {at_most_bytes} bytes.")
    try:
        return raw.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise PlanRefused(f"{path.name}: this is no signed plan.") from error


def _read_exactly(folder: Path, path: str, *, sha256: str) -> str:
    if "/" in path.removeprefix("school/").removeprefix("doors/people/"):
        raise PlanRefused(f"{path}: not a path of the plan.")
    text = _read(folder / path, at_most_bytes=FILE_AT_MOST_BYTES)
    if hashlib.sha256(text.encode()).hexdigest() != sha256:
        raise PlanRefused(f"{path}: it is not the file that the index means.")
    return text
