"""Reading a plan folder as a door does: root key, key set, index, then every file by its SHA-256."""

import shutil
from datetime import time
from pathlib import Path

from django.conf import settings

from schoolday.contracts import keys, plan
from schoolday.contracts.plan import DoorPeople, PlanIndex, SchoolPlan, SectionPlan
from schoolday.lib import clock, ids, signing
from schoolday.office.people.models import Org
from schoolday.office.signin.keys import key_folder
from schoolday.office.timetable.models import BellSchedule, Period


class Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        root = signing.unb64(settings.SCHOOLDAY.root_public_key)
        token = (key_folder().key_set).read_text().strip()
        self.verifier = keys.open_key_set(token, root_public=root).verifier(at=clock.now_seconds())

    def index(self) -> PlanIndex:
        return plan.open_index((self.folder / plan.INDEX_PATH).read_text(), self.verifier)

    def whole(self) -> tuple[PlanIndex, dict[str, SchoolPlan], dict[str, DoorPeople]]:
        """Read everything that the index names; fails on the first thing that does not fit."""
        index = self.index()
        schools, people = {}, {}
        for files in index.schools:
            token = (self.folder / plan.school_path(files.org, files.plan_sha256)).read_text()
            assert plan.digest(token) == files.plan_sha256
            schools[files.org] = plan.open_school(token, self.verifier)
            token = (self.folder / plan.people_path(files.org, files.people_sha256)).read_text()
            assert plan.digest(token) == files.people_sha256
            people[files.org] = plan.open_people(token, self.verifier)
        return index, schools, people

    def for_device(self, org: str) -> SchoolPlan:
        return plan.open_school((self.folder / plan.school_path(org)).read_text(), self.verifier)

    def section(self, section_id: str) -> SectionPlan:
        _, schools, _ = self.whole()
        return next(section for school in schools.values() for section in school.sections if section.id == section_id)

    def files(self) -> dict[str, tuple[int, bytes]]:
        """Every file with inode and content, to see that nothing was written."""
        return {
            path.relative_to(self.folder).as_posix(): (path.stat().st_ino, path.read_bytes())
            for path in self.folder.rglob("*")
            if path.is_file()
        }


def students_of(people: DoorPeople) -> dict[str, tuple[int, str, set[str]]]:
    """Return badge, grade and sections by student."""
    return {
        ids.from_int(person): (badge, grade, {people.section_ids[number] for number in numbers})
        for person, badge, grade, numbers in zip(
            people.people, people.badges, people.grades, people.sections, strict=True
        )
    }


def set_bells(school: Org) -> None:
    schedule = BellSchedule.objects.create(school=school, day_type="regular")
    for number in range(1, 5):
        Period.objects.create(
            schedule=schedule, code=str(number), starts=time(7 + number, 30), ends=time(8 + number, 15)
        )


def empty_plan_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
