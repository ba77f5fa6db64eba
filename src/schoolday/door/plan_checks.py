"""
Is this a plan that may come into force? The checks, of texts alone, that a door and `schoolday pull` make alike.

The index is signed by a key of the key set, and the key set stands inside the index. So its text is taken out
of the index unchecked, for one purpose: to be verified by the root key, which the door has from its settings.
That is safe because nothing else of the unchecked index is looked at: whoever forges an index can put in
any key set that the root key ever signed, not one of his own, and must then sign by a key in it. An old key
set does not serve him either: `issued_at` must not be lower than that of the set in force.
"""

import hashlib
import re
from dataclasses import dataclass

import msgspec

from schoolday.contracts.keys import KeySet, open_key_set
from schoolday.contracts.plan import (
    INDEX_PATH,
    PlanIndex,
    SchoolFiles,
    open_index,
    open_people,
    open_school,
    people_path,
    school_path,
)
from schoolday.door.meeting_columns import SchoolMeetings
from schoolday.door.people_columns import SchoolPeople
from schoolday.lib import ids, signing
from schoolday.lib.errors import SchooldayError
from schoolday.lib.signing import BadSignature, Verifier

_SIGNATURE_BYTES = 64
_is_sha256 = re.compile(r"[0-9a-f]{64}").fullmatch


class PlanRefused(SchooldayError):
    """These files are not a plan that may come into force. The last good one stays."""

    code = "plan_refused"


class _Inside(msgspec.Struct):
    """The one thing that is read of an unchecked index."""

    key_set: str


class Floor(msgspec.Struct, frozen=True):
    """The lowest plan that may come into force; kept on the disk, so that a restart takes no old one either."""

    version: int = 0
    keys_issued_at: int = 0


@dataclass(frozen=True)
class CheckedIndex:
    """An index that may come into force, and by what its schools' files are checked."""

    index: PlanIndex
    text: str
    sha256: str
    key_set: KeySet
    verifier: Verifier

    @property
    def floor(self) -> Floor:
        """The floor that this index sets once it is in force."""
        return Floor(self.index.version, self.key_set.issued_at)


def text_of(raw: bytes, name: str, *, at_most_bytes: int) -> str:
    """
    Return the text of a plan file.

    :raises PlanRefused: if it is empty, too large or no signed text
    """
    if not raw:
        raise PlanRefused(f"{name}: it is empty.")
    if len(raw) > at_most_bytes:
        raise PlanRefused(f"{name}: it has more than {at_most_bytes} bytes.")
    try:
        return raw.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise PlanRefused(f"{name}: this is no signed plan.") from error


def check_index(
    text: str, *, root_public: bytes, district: str, now: int, floor: Floor, in_force: tuple[int, str] | None
) -> CheckedIndex:
    """
    Return the index, if it may come into force after the one that is. `in_force`: its version and SHA-256.

    :raises PlanRefused: saying what is wrong with it
    """
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    key_set = _key_set(text, root_public=root_public, district=district)
    if key_set.issued_at < floor.keys_issued_at:
        raise PlanRefused(f"{INDEX_PATH}: its key set is older than the one in force.")
    verifier = key_set.verifier(at=now)
    index = _index(text, verifier, district=district)
    if index.version < floor.version:
        raise OlderPlan(f"{INDEX_PATH}: version {index.version} is lower than {floor.version}, which is in force.")
    if in_force and index.version == in_force[0] and sha256 != in_force[1]:
        raise PlanRefused(f"{INDEX_PATH}: another plan has version {index.version} too.")
    for files in index.schools:
        _check_names(files)
    return CheckedIndex(index, text, sha256, key_set, verifier)


class OlderPlan(PlanRefused):
    """A good plan, but one from before the one in force."""


def read_meetings(text: str, files: SchoolFiles, verifier: Verifier, *, district: str) -> SchoolMeetings:
    """
    Return what a school's plan file holds.

    :raises PlanRefused: if it is not the file that the index means, or not of this school
    """
    path = school_path(files.org, files.plan_sha256)
    _check_digest(path, text, files.plan_sha256)
    try:
        source = open_school(text, verifier)
        _must_be_of(path, (source.district, source.org), (district, files.org))
        return SchoolMeetings(source)
    except (BadSignature, msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise PlanRefused(f"{path}: {error}") from error


def read_people(text: str, files: SchoolFiles, verifier: Verifier, *, district: str) -> SchoolPeople:
    """Return what the file of a school's people holds; errors as `read_meetings`."""
    path = people_path(files.org, files.people_sha256)
    _check_digest(path, text, files.people_sha256)
    try:
        source = open_people(text, verifier)
        _must_be_of(path, (source.district, source.org), (district, files.org))
        return SchoolPeople(source)
    except (BadSignature, msgspec.MsgspecError, ValueError, OverflowError) as error:
        raise PlanRefused(f"{path}: {error}") from error


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


def _check_names(files: SchoolFiles) -> None:
    """Whoever signs the index names files, and never a path out of the plan's folder."""
    if not ids.is_id(files.org) or not _is_sha256(files.plan_sha256) or not _is_sha256(files.people_sha256):
        raise PlanRefused(f"{INDEX_PATH}: it names a school in another form than ours.")


def _check_digest(path: str, text: str, sha256: str) -> None:
    if hashlib.sha256(text.encode()).hexdigest() != sha256:
        raise PlanRefused(f"{path}: it is not the file that the index means.")


def _must_be_of(path: str, found: tuple[str, str], wanted: tuple[str, str]) -> None:
    if found != wanted:
        raise PlanRefused(f"{path}: it is of {'/'.join(found)}, not of {'/'.join(wanted)}.")
