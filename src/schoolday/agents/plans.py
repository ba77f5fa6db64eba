"""The plan as an agent reads it: the signed files beside the door's, checked like a door checks them, nothing kept."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from schoolday.contracts.keys import open_key_set
from schoolday.contracts.plan import (
    INDEX_PATH,
    DoorPeople,
    MeetingPlan,
    PlanIndex,
    SchoolFiles,
    SchoolPlan,
    digest,
    open_index,
    open_people,
    open_school,
    people_path,
    school_path,
)
from schoolday.lib import log, signing
from schoolday.lib.signing import BadSignature, Verifier

_SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class Found:
    """One meeting of one section of one school."""

    org: str
    section: str
    meeting: MeetingPlan


class _Inside(msgspec.Struct):
    key_set: str


class PlanReader:
    """
    Reads the plan folder again when its index changed; what is not signed leaves the last good one in force.

    A district's school file is read when a meeting of it is asked for first: about 5 ms, then 0.
    """

    def __init__(self, folder: Path, *, root_public: bytes, district: str) -> None:
        self._folder, self._root_public, self._district = folder, root_public, district
        self._stamp: tuple[int, int] = (0, 0)
        self._verifier: Verifier | None = None
        self._schools: dict[str, tuple[str, SchoolPlan]] = {}
        self._org_of: dict[str, str] = {}
        self.index: PlanIndex | None = None

    def refresh(self, *, now: int) -> PlanIndex | None:
        """Return the index in force, None before the first. `now`: seconds, for the keys."""
        path = self._folder / INDEX_PATH
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != self._stamp:
                self._take(path.read_text().strip(), now=now)
                self._stamp = stamp
        except (OSError, UnicodeDecodeError, ValueError, BadSignature, msgspec.MsgspecError) as error:
            log.get(__name__).warning("the plan is not taken", reason=type(error).__name__)
        return self.index

    def _take(self, text: str, *, now: int) -> None:
        # Unchecked, for one purpose: the key set in it is verified by the root key, and then the index by the set.
        inside = msgspec.json.decode(signing.unb64(text.split(".")[2])[:-_SIGNATURE_BYTES], type=_Inside)
        verifier = open_key_set(inside.key_set, root_public=self._root_public).verifier(at=now)
        index = open_index(text, verifier)
        if index.district != self._district or (self.index and index.version < self.index.version):
            raise BadSignature
        self.index, self._verifier = index, verifier

    def school(self, org: str) -> SchoolPlan | None:
        """Return a school's plan as the index in force names it."""
        files = self._files(org)
        if files is None or self._verifier is None:
            return None
        kept = self._schools.get(org)
        if kept and kept[0] == files.plan_sha256:
            return kept[1]
        text = self._signed(school_path(org, files.plan_sha256), files.plan_sha256)
        if text is None:
            return None
        value = open_school(text, self._verifier)
        if (value.district, value.org) != (self._district, org):
            return None
        self._schools[org] = files.plan_sha256, value
        return value

    def people(self, org: str) -> DoorPeople | None:
        """Return who is in which section of a school; read anew each time (a school of 1,000: 3 ms)."""
        files = self._files(org)
        if files is None or self._verifier is None:
            return None
        text = self._signed(people_path(org, files.people_sha256), files.people_sha256)
        value = open_people(text, self._verifier) if text is not None else None
        return value if value is not None and (value.district, value.org) == (self._district, org) else None

    def find(self, *, section: str, meeting: str, org: str = "") -> Found | None:
        """Return the meeting, if it is one of this section. `org`: where to look first."""
        schools = [files.org for files in self.index.schools] if self.index else []
        hints = [known for known in (self._org_of.get(section), org) if known in schools and known]
        for one in dict.fromkeys((*hints, *schools)):
            plan = self.school(one)
            for value in plan.sections if plan else ():
                if value.id == section:
                    self._org_of[section] = one
                    return next((Found(one, section, each) for each in value.meetings if each.id == meeting), None)
        return None

    def _files(self, org: str) -> SchoolFiles | None:
        return next((one for one in self.index.schools if one.org == org), None) if self.index else None

    def _signed(self, path: str, sha256: str) -> str | None:
        """Return a file's text if it is the one that the index means."""
        try:
            text = (self._folder / path).read_text().strip()
        except OSError:
            return None
        return text if digest(text) == sha256 else None
