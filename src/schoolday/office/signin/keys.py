"""
The office's signing keys, and the root key that says which of them are in force.

In the folder keys/ of SCHOOLDAY_HOME:
  root.private    signs key sets and nothing else; is taken away after use (mode 600)
  root.public     what devices and doors know from the start
  office.keys     current, next and last key of the office (mode 600); next is ready, so a rotation needs no waiting
  keyset.paseto   the public halves, signed by the root key; goes into every plan
Every rotation writes the key set first: a kill in between leaves a set that knows more keys than are used.
"""

import contextlib
import functools
from pathlib import Path

import msgspec
from django.conf import settings

from schoolday.contracts import keys
from schoolday.contracts.keys import KeySet, PublicKey
from schoolday.lib import clock, ids
from schoolday.lib.errors import BadSettings
from schoolday.lib.files import write_whole
from schoolday.lib.signing import ROOT_KID, Signer, b64, unb64

KEY_DAYS = 400  # longer than a school year: badges are printed once a year and are read until the key ends
_DAY_SECONDS = 86_400
_CLOCKS_APART_SECONDS = 300  # a door's clock may be behind the office's


class OfficeKey(msgspec.Struct, frozen=True, kw_only=True):
    """One key pair of the office. `private`: 32 bytes, base64, empty for one that only verifies."""

    kid: str
    private: str
    public: str
    not_before: int
    not_after: int

    def public_key(self) -> PublicKey:
        return PublicKey(kid=self.kid, public=self.public, not_before=self.not_before, not_after=self.not_after)

    def signer(self) -> Signer:
        return Signer.from_bytes(self.kid, unb64(self.private))


class OfficeKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in office.keys. `last`: verifies what was signed before the last rotation."""

    v: int = 1
    district: str
    issued_at: int
    current: OfficeKey
    next: OfficeKey
    last: OfficeKey | None = None

    def in_force(self) -> tuple[OfficeKey, ...]:
        return tuple(key for key in (self.current, self.next, self.last) if key)


class KeyFolder:
    """The folder keys/ of one installation."""

    def __init__(self, folder: Path, *, district: str) -> None:
        self.folder = folder
        self.district = district
        self.root_private = folder / "root.private"
        self.root_public = folder / "root.public"
        self.office_keys = folder / "office.keys"
        self.key_set = folder / "keyset.paseto"

    def create(self) -> OfficeKeys:
        """
        Make root key, office keys and key set.

        :raises BadSettings: if there are keys already; nothing is overwritten
        """
        for path in (self.root_private, self.root_public, self.office_keys, self.key_set):
            if path.exists():
                raise BadSettings(
                    f"{path} is there already, and passes and badges hang on it: nothing was changed. "
                    "Say 'schoolday keys rotate' for new signing keys."
                )
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        root = Signer.generate(ROOT_KID)
        value = OfficeKeys(district=self.district, issued_at=clock.now_seconds(), current=_new_key(), next=_new_key())
        write_whole(self.root_private, b64(root.private_bytes()).encode() + b"\n", mode=0o600)
        write_whole(self.root_public, b64(root.public_bytes()).encode() + b"\n")
        self._write(value, root)
        return value

    def rotate(self, *, root_file: Path | None = None, leaked: bool = False) -> OfficeKeys:
        """
        Put the next key in force and make a new next one. `root_file`: where root.private lies today.

        `leaked`: all keys of office.keys are known to others: none of them stays in force, so every pass and every
        printed badge signed until now is dead (typed badge codes still work) once the next plan is out.

        :raises BadSettings: if the root key is missing or is another one
        """
        old, root = self.load(), self._root(root_file)
        value = OfficeKeys(
            district=self.district,
            issued_at=max(clock.now_seconds(), old.issued_at + 1),
            current=_new_key() if leaked else old.next,
            next=_new_key(),
            last=None if leaked else msgspec.structs.replace(old.current, private=""),
        )
        self._write(value, root)
        return value

    def begin_anew(self, root: Signer, *, after: int) -> OfficeKeys:
        """
        Make new office keys, whatever is or is not in this folder; none of the old ones stays in force.

        For an emergency without the office. `after`: `issued_at` of the key set that is to be replaced.

        :raises BadSettings: if the folder belongs to another root key
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        public = b64(root.public_bytes())
        if self.root_public.exists() and self.root_public.read_text().strip() != public:
            raise BadSettings(f"{self.folder} holds the keys of another installation: nothing was changed.")
        with contextlib.suppress(BadSettings):
            after = max(after, self.load().issued_at)
        issued_at = max(clock.now_seconds(), after + 1)
        value = OfficeKeys(district=self.district, issued_at=issued_at, current=_new_key(), next=_new_key())
        write_whole(self.root_public, public.encode() + b"\n")
        self._write(value, root)
        return value

    def load(self) -> OfficeKeys:
        """
        Return the keys of the office.

        :raises BadSettings: if there are none, or the file is damaged
        """
        try:
            return msgspec.json.decode(self.office_keys.read_bytes(), type=OfficeKeys)
        except FileNotFoundError:
            raise BadSettings(f"{self.office_keys} is missing: run 'schoolday keys' first.") from None
        except msgspec.MsgspecError as error:
            raise BadSettings(f"{self.office_keys} is damaged ({error}): put it back from your copy.") from error

    def key_set_token(self) -> str:
        """
        Return the signed key set.

        :raises BadSettings: if there is none
        """
        try:
            return self.key_set.read_text().strip()
        except FileNotFoundError:
            raise BadSettings(f"{self.key_set} is missing: run 'schoolday keys' first.") from None

    def _root(self, root_file: Path | None) -> Signer:
        path = root_file or self.root_private
        root = read_root(path)
        if b64(root.public_bytes()) != self.root_public.read_text().strip():
            raise BadSettings(f"{path} is the root key of another installation: {self.root_public} is not its half.")
        return root

    def _write(self, value: OfficeKeys, root: Signer) -> None:
        public = tuple(key.public_key() for key in value.in_force())
        token = keys.sign_key_set(KeySet(district=value.district, issued_at=value.issued_at, keys=public), root)
        write_whole(self.key_set, token.encode() + b"\n")
        write_whole(self.office_keys, msgspec.json.format(msgspec.json.encode(value)) + b"\n", mode=0o600)


def read_root(path: Path) -> Signer:
    """
    Return the root key from its file.

    :raises BadSettings: if it is not there, or is none
    """
    try:
        return Signer.from_bytes(ROOT_KID, unb64(path.read_text().strip()))
    except FileNotFoundError:
        raise BadSettings(f"{path} is missing: bring the root key from where it is kept and say --root PATH.") from None
    except (OSError, ValueError) as error:
        raise BadSettings(f"{path} does not hold a root key.") from error


def key_folder() -> KeyFolder:
    """Return the key folder of this installation."""
    return KeyFolder(settings.SCHOOLDAY.keys_dir, district=settings.SCHOOLDAY["DISTRICT"])


def office_signer() -> Signer:
    """
    Return the key that signs passes, plans and badges now. One `stat`; a rotation is noticed by every process.

    :raises BadSettings: if there are no keys yet
    """
    folder = key_folder()
    try:
        seen = folder.office_keys.stat()
    except FileNotFoundError:
        return folder.load().current.signer()  # says what to do
    return _signer(folder.office_keys, folder.district, seen.st_ino, seen.st_mtime_ns)


def key_set_token() -> str:
    """Return the signed key set that goes into every plan."""
    return key_folder().key_set_token()


@functools.lru_cache(maxsize=4)
def _signer(path: Path, district: str, _inode: int, _changed_ns: int) -> Signer:
    return KeyFolder(path.parent, district=district).load().current.signer()


def _new_key() -> OfficeKey:
    pair = Signer.generate(f"k{ids.new_id()[:8]}")
    now = clock.now_seconds()
    return OfficeKey(
        kid=pair.kid,
        private=b64(pair.private_bytes()),
        public=b64(pair.public_bytes()),
        not_before=now - _CLOCKS_APART_SECONDS,
        not_after=now + KEY_DAYS * _DAY_SECONDS,
    )
