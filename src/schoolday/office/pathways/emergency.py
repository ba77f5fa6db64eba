"""
New keys when the office's have leaked and the office itself is gone: from the plan folder and the root key alone.

No database, no settings, no office. The plan stays what it says; only who signed it changes. Keys are written first,
then the files of schools, the index last: killed anywhere the plan before stays in force; say the command again.
"""

from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from schoolday.contracts import plan
from schoolday.contracts.keys import KeySet
from schoolday.contracts.plan import PlanIndex, SchoolFiles
from schoolday.lib import clock
from schoolday.lib.errors import BadSettings
from schoolday.lib.signing import Signer, Verifier, b64, unb64
from schoolday.office.pathways.plan_folder import PlanFolder
from schoolday.office.signin.keys import KeyFolder, read_root


@dataclass(frozen=True)
class Replaced:
    """What is in force then. `dead`: the key ids that were; `kid`: the one that signs from now on."""

    district: str
    version: int
    kid: str
    dead: tuple[str, ...]
    schools: int
    issued_at: int


def replace_keys(*, root_file: Path, plan_dir: Path, out_keys: Path) -> Replaced:
    """
    Make new office keys in `out_keys` and sign the plan in `plan_dir` with them.

    About a second for a hundred schools. Doors take it at their next look, devices with their next plan.

    :raises BadSettings: if the root key is not the one of this plan, or a file of the plan is missing or altered;
        nothing of the plan has changed then
    """
    root = read_root(root_file)
    public = root.public_bytes()
    old = PlanFolder(plan_dir, signer=root, verifier=Verifier({}))
    if not (plan_dir / plan.INDEX_PATH).exists():
        raise BadSettings(f"{plan_dir} holds no plan: there is no {plan.INDEX_PATH}.")
    with old.only_one():
        key_set = old.key_set(public)
        if key_set is None:
            raise BadSettings(f"The plan in {plan_dir} was not made with this root key, or its index is damaged.")
        index, files = _read(plan_dir, root=root, key_set=key_set)
        folder = KeyFolder(out_keys, district=key_set.district)
        made = folder.begin_anew(root, after=key_set.issued_at)
        signer = made.current.signer()
        new = PlanFolder(plan_dir, signer=signer, verifier=Verifier({signer.kid: signer.public_bytes()}))
        version = max(index.version + 1, clock.now_seconds())
        schools = tuple(_sign(new, listed, *contents, version=version) for listed, contents in files)
        value = replace(
            index, version=version, made_at=clock.now_seconds(), key_set=folder.key_set_token(), schools=schools
        )
        new.show_schools(schools)
        new.show_root(b64(public))
        new.put_in_force(value)
        new.sweep(value, index)
    dead = tuple(key.kid for key in key_set.keys)
    return Replaced(key_set.district, version, signer.kid, dead, len(schools), made.issued_at)


_Contents = tuple[plan.SchoolPlan, plan.DoorPeople]


def _read(plan_dir: Path, *, root: Signer, key_set: KeySet) -> tuple[PlanIndex, list[tuple[SchoolFiles, _Contents]]]:
    """Read the whole plan before anything is written. A key that ended meanwhile still says who wrote it."""
    verifier = Verifier({key.kid: unb64(key.public) for key in key_set.keys})
    folder = PlanFolder(plan_dir, signer=root, verifier=verifier)
    index = folder.index()
    if index is None:
        raise BadSettings(f"{plan_dir / plan.INDEX_PATH} is damaged: bring it from a door or another plan host.")
    found = []
    for files in index.schools:
        school, people = folder.school(files, any_key=True), folder.people(files, any_key=True)
        if school is None or people is None:
            raise BadSettings(
                f"A file of school {files.org} is missing or altered in {plan_dir}: bring it from a door or another "
                "plan host."
            )
        found.append((files, (school, people)))
    return index, found


def _sign(
    folder: PlanFolder, files: SchoolFiles, school: plan.SchoolPlan, people: plan.DoorPeople, *, version: int
) -> SchoolFiles:
    return replace(
        files,
        plan_sha256=folder.keep_school(replace(school, version=version)),
        people_sha256=folder.keep_people(replace(people, version=version)),
    )
