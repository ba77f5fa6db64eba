"""
The folder of plan files: one whole version readable at any moment, also after a kill in the middle.

Files of schools are named by their content and never overwritten; the index that names them is replaced in one
step at the end. What the index before named stays one version longer, for readers in the middle of it.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from schoolday.contracts import keys, plan
from schoolday.contracts.keys import KeySet
from schoolday.contracts.plan import DoorPeople, PlanIndex, SchoolFiles, SchoolPlan
from schoolday.lib.files import link_whole, sync_folder, write_whole
from schoolday.lib.signing import BadSignature, Signer, Verifier, read_footer, unb64

_FOLDERS = ("", "school", "doors", "doors/people")
_SIGNATURE_BYTES = 64
_HURRY = ".hurry"
_HURRY_SECONDS = 30.0
_LET_PASS_SECONDS, _LET_PASS_LOOKS = 0.05, 100


class _Inside(msgspec.Struct):
    """The one thing that is read of an index whose key is not known yet."""

    key_set: str


class PlanFolder:
    """What is published, and how to publish the next. `signer`: the office's key; `verifier`: all keys in force."""

    def __init__(self, folder: Path, *, signer: Signer, verifier: Verifier) -> None:
        self.folder = folder
        self._signer = signer
        self._verifier = verifier

    @contextlib.contextmanager
    def only_one(self, *, hurries: bool = False) -> Iterator[None]:
        """
        Let one publisher in at a time, over all processes; the others wait. A killed one leaves no lock behind.

        `hurries`: a full publish that is under way gives way (`is_hurried`).
        """
        for name in _FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder / ".publishing", os.O_RDWR | os.O_CREAT, 0o600)
        hurry = self.folder / _HURRY
        try:
            if hurries:
                hurry.touch()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if hurries:
                hurry.unlink(missing_ok=True)
            yield
        finally:
            os.close(descriptor)

    def is_hurried(self) -> bool:
        """Say whether a hurried publisher waits. One that was killed while it waited holds nobody up for long."""
        try:
            # A file's own time, so against the machine's clock and not one that a drill has shifted.
            return time.time() - (self.folder / _HURRY).stat().st_mtime < _HURRY_SECONDS
        except FileNotFoundError:
            return False

    def let_pass(self) -> None:
        """Wait, without the lock, until the hurried publisher has it; some seconds at most."""
        for _ in range(_LET_PASS_LOOKS):
            if not self.is_hurried():
                return
            time.sleep(_LET_PASS_SECONDS)

    def index(self) -> PlanIndex | None:
        """Return the index in force; None if there is none, or none that a reader would take."""
        try:
            return plan.open_index((self.folder / plan.INDEX_PATH).read_text(), self._verifier)
        except (FileNotFoundError, BadSignature, msgspec.MsgspecError, ValueError):
            return None

    def key_set(self, root_public: bytes) -> KeySet | None:
        """
        Return the key set that stands in the index, signed by the root key; None if there is none.

        Nothing else of the index is believed: it may be signed by a key that we do not know.
        """
        try:
            body = unb64((self.folder / plan.INDEX_PATH).read_text().strip().split(".")[2])
            inside = msgspec.json.decode(body[:-_SIGNATURE_BYTES], type=_Inside)
            return keys.open_key_set(inside.key_set, root_public=root_public)
        except (FileNotFoundError, IndexError, BadSignature, msgspec.MsgspecError, ValueError):
            return None

    def school(self, files: SchoolFiles, *, any_key: bool = False) -> SchoolPlan | None:
        """
        Return the school's plan that an index names; None if it is not there whole, signed by today's key.

        `any_key`: signed by any key in force will do.
        """
        token = self._read(plan.school_path(files.org, files.plan_sha256), files.plan_sha256, any_key=any_key)
        try:
            return plan.open_school(token, self._verifier) if token else None
        except (BadSignature, msgspec.MsgspecError):
            return None

    def people(self, files: SchoolFiles, *, any_key: bool = False) -> DoorPeople | None:
        """Return the school's people that an index names; None as `school`."""
        token = self._read(plan.people_path(files.org, files.people_sha256), files.people_sha256, any_key=any_key)
        try:
            return plan.open_people(token, self._verifier) if token else None
        except (BadSignature, msgspec.MsgspecError):
            return None

    def keep_school(self, value: SchoolPlan) -> str:
        """Write a school's plan and return its SHA-256. The newest copy for devices follows with `show_schools`."""
        token = plan.sign_school(value, self._signer)
        sha256 = plan.digest(token)
        self._write(plan.school_path(value.org, sha256), token)
        return sha256

    def keep_people(self, value: DoorPeople) -> str:
        """Write a school's people and return their SHA-256."""
        token = plan.sign_people(value, self._signer)
        sha256 = plan.digest(token)
        self._write(plan.people_path(value.org, sha256), token)
        return sha256

    def show_schools(self, schools: tuple[SchoolFiles, ...]) -> None:
        """Let the name that devices know mean the newest plan of each school."""
        linked = [
            link_whole(
                self.folder / plan.school_path(one.org),
                target=self.folder / plan.school_path(one.org, one.plan_sha256),
            )
            for one in schools
        ]
        if any(linked):
            sync_folder(self.folder / "school")

    def put_in_force(self, value: PlanIndex) -> str:
        """Replace the index, in one step, and return its SHA-256."""
        token = plan.sign_index(value, self._signer)
        write_whole(self.folder / plan.INDEX_PATH, token.encode())
        return plan.digest(token)

    def show_root(self, root_public: str) -> None:
        """Put the public root key (base64) beside the plan, unless it lies there already."""
        path = self.folder / plan.ROOT_PATH
        if not path.exists() or path.read_text() != root_public:
            write_whole(path, root_public.encode())

    def index_sha256(self) -> str:
        """Return the SHA-256 of the index in force."""
        return plan.digest((self.folder / plan.INDEX_PATH).read_text())

    def index_is_by_this_key(self) -> bool:
        """Say whether the index was signed by the office's key of now."""
        try:
            return read_footer((self.folder / plan.INDEX_PATH).read_text()).kid == self._signer.kid
        except (FileNotFoundError, BadSignature):
            return False

    def sweep(self, *indexes: PlanIndex | None) -> None:
        """Remove every plan file that none of these indexes names, and what killed publishers left."""
        named = {plan.INDEX_PATH}
        for index in filter(None, indexes):
            for files in index.schools:
                named |= {
                    plan.school_path(files.org, files.plan_sha256),
                    plan.people_path(files.org, files.people_sha256),
                }
        current = next(filter(None, indexes), None)
        named |= {plan.school_path(files.org) for files in current.schools} if current else set()
        for name in _FOLDERS:
            for path in (self.folder / name).glob("*"):
                is_ours = path.suffix == ".plan" or (path.name.startswith(".") and path.suffix == ".partial")
                if is_ours and path.relative_to(self.folder).as_posix() not in named:
                    path.unlink(missing_ok=True)

    def _read(self, name: str, sha256: str, *, any_key: bool) -> str:
        """Return a file that is whole and signed by the key of now; else nothing, so that it is written anew."""
        try:
            token = (self.folder / name).read_text()
            by = read_footer(token).kid
        except (FileNotFoundError, UnicodeDecodeError, BadSignature):
            return ""
        return token if plan.digest(token) == sha256 and (any_key or by == self._signer.kid) else ""

    def _write(self, name: str, token: str) -> None:
        path = self.folder / name
        if not (path.exists() and path.read_bytes() == token.encode()):
            write_whole(path, token.encode())
