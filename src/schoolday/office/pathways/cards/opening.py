"""Opening the plan in a folder with nothing but the public root key: no office, no database, no Django."""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from schoolday.contracts import keys, plan
from schoolday.contracts.plan import PlanIndex, SchoolFiles, SchoolPlan
from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.lib.signing import BadSignature, Signer, unb64
from schoolday.office.pathways.plan_folder import PlanFolder
from schoolday.settings_spec import home_of

_SIGNATURE_BYTES = 64


class _Inside(msgspec.Struct):
    """The one thing that is read of an index whose key is not known yet."""

    key_set: str


class NoPlan(SchooldayError):
    """There is no plan in the folder that this root key stands for."""

    code = "no_plan"


@dataclass(frozen=True)
class OpenedPlan:
    """The plan in force in `folder`, checked down from the root key. `text`: the index as it lies there."""

    folder: Path
    text: str
    index: PlanIndex
    _reader: PlanFolder

    def school(self, files: SchoolFiles) -> SchoolPlan | None:
        """Return a school's plan; None if its file is not there whole."""
        return self._reader.school(files, any_key=True)


def open_plan(folder: Path, *, root_public: str) -> OpenedPlan:
    """
    Return the plan in force. `root_public`: the public root key, base64.

    :raises NoPlan: if there is none that this key stands for
    """
    path = folder / plan.INDEX_PATH
    try:
        text = path.read_text()
        index = index_of(text, root_public=root_public)
    except FileNotFoundError as error:
        raise NoPlan(f"There is no plan in {folder}: {plan.INDEX_PATH} is missing.") from error
    except (NoPlan, UnicodeDecodeError) as error:
        raise NoPlan(f"{path} is damaged, made with another root key, or signed by a key not in force.") from error
    key_set = keys.open_key_set(index.key_set, root_public=unb64(root_public.strip()))
    nobody = Signer.generate("")  # a folder that is only read signs nothing
    verifier = key_set.verifier(at=clock.now_seconds())
    return OpenedPlan(folder, text, index, PlanFolder(folder, signer=nobody, verifier=verifier))


def index_of(text: str, *, root_public: str) -> PlanIndex:
    """
    Return an index, wherever it was read, checked down from the public root key (base64).

    :raises NoPlan: if this root key does not stand for it
    """
    try:
        body = unb64(text.strip().split(".")[2])
        inside = msgspec.json.decode(body[:-_SIGNATURE_BYTES], type=_Inside)
        key_set = keys.open_key_set(inside.key_set, root_public=unb64(root_public.strip()))
        return plan.open_index(text, key_set.verifier(at=clock.now_seconds()))
    except (IndexError, ValueError, BadSignature, msgspec.MsgspecError) as error:
        raise NoPlan("This index is damaged, or no key in force of this root key signed it.") from error


def find_root(folder: Path, given: Path | None) -> tuple[str, bool]:
    """
    Return the public root key, and whether it only lies beside the plan.

    In this order: the file given, ROOT_PUBLIC_KEY, keys/root.public in SCHOOLDAY_HOME, root.public in the plan folder.
    Not through the settings: those would make secrets on a machine that shall have none.

    :raises NoPlan: if there is none
    """
    if given is not None:
        return given.read_text(), False
    if said := os.environ.get("ROOT_PUBLIC_KEY"):
        return said, False
    for path, beside in ((home_of() / "keys" / "root.public", False), (folder / plan.ROOT_PATH, True)):
        if path.exists():
            return path.read_text(), beside
    raise NoPlan("There is no public root key: name its file with --root.")
