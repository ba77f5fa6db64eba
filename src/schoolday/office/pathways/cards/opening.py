"""Opening the plan in a folder with nothing but the public root key: no office, no database, no Django."""

import os
from dataclasses import dataclass
from pathlib import Path

from schoolday.contracts import plan
from schoolday.contracts.plan import PlanIndex, SchoolFiles, SchoolPlan
from schoolday.lib import clock
from schoolday.lib.errors import SchooldayError
from schoolday.lib.signing import Signer, Verifier, unb64
from schoolday.office.pathways.plan_folder import PlanFolder
from schoolday.settings_spec import home_of


class NoPlan(SchooldayError):
    """There is no plan in the folder that this root key stands for."""

    code = "no_plan"


@dataclass(frozen=True)
class OpenedPlan:
    """The plan in force in `folder`, checked down from the root key."""

    folder: Path
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
    nobody = Signer.generate("")  # a folder that is only read signs nothing
    try:
        key_set = PlanFolder(folder, signer=nobody, verifier=Verifier({})).key_set(unb64(root_public.strip()))
    except ValueError as error:
        raise NoPlan("The public root key is not base64 of our form: look at root.public.") from error
    if key_set is None:
        raise NoPlan(f"{folder / plan.INDEX_PATH} is missing, damaged, or made with another root key.")
    reader = PlanFolder(folder, signer=nobody, verifier=key_set.verifier(at=clock.now_seconds()))
    index = reader.index()
    if index is None:
        raise NoPlan(f"{folder / plan.INDEX_PATH} is not signed by a key in force: publish the plan again.")
    return OpenedPlan(folder, index, reader)


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
