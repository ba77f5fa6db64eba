"""A detour without the office, and what the office makes of it when it is back."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from schoolday.contracts import plan
from schoolday.contracts.plan import DetourScope
from schoolday.lib import clock
from schoolday.lib.errors import BadSettings
from schoolday.lib.signing import Signer
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.detours.actions import declare, undo
from schoolday.office.pathways.detours.commands import detour as detour_command
from schoolday.office.pathways.detours.emergency import declare_in_plan
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.pathways.detours.publishing import publish_detours
from schoolday.office.people.models import AuditEntry
from schoolday.office.signin.keys import KeyFolder, office_signer
from tests.cast import Cast, make_section
from tests.office.pathways.plans import Reader
from tests.office.pathways.test_detour_publish import content, moved, new

pytestmark = pytest.mark.django_db
DISTRICT = DetourScope()


def emergency(folder: Path, *arguments: str) -> Result:
    common = [
        "emergency",
        "--plan",
        str(folder),
        "--reason-key",
        "live_down",
        "--keys",
        str(settings.SCHOOLDAY.keys_dir),
    ]
    return CliRunner().invoke(detour_command, [*common, *arguments])


def test_it_moves_the_district_without_the_database_and_the_office_adopts_it(belled: Cast, reader: Reader) -> None:
    make_section(belled.school, "Reading 2", periods="1", grades="02")
    publish_plan()
    calm = content(reader)
    done = emergency(reader.folder, "--scope", "district", "--pathway", "phone", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["schools"], said["sections"]) == (2, 3)
    assert moved(reader) == {"Math 7": "phone", "Reading 2": "phone", "Science 7": "phone"}
    assert reader.index().version == said["version"]
    told = reader.for_device(belled.school.id).detours
    assert [(one.id, one.emergency) for one in told] == [(said["id"], True)]
    before = content(reader)

    release = publish_plan()
    assert release.version > said["version"]
    assert content(reader) == before, "the next publish does not undo it"
    assert reader.index().emergencies == ()
    kept = Detour.objects.get()
    assert (kept.id, kept.state, kept.is_emergency, kept.made_by) == (said["id"], "in_force", True, None)
    assert AuditEntry.objects.get(verb="detour.adopt").subject_id == said["id"]
    assert publish_plan().version == release.version

    undo(kept, actor=belled.operator)
    publish_detours()
    assert content(reader) == calm


def test_the_quick_way_adopts_it_too_and_never_twice(belled: Cast, reader: Reader) -> None:
    publish_plan()
    emergency(reader.folder, "--scope", "band:6-8", "--pathway", "teacher")
    publish_detours()
    assert moved(reader) == {"Math 7": "teacher", "Science 7": "teacher"}
    assert Detour.objects.count() == 1
    undo(Detour.objects.get(), actor=belled.operator)
    publish_detours()
    publish_plan()
    assert moved(reader) == {}
    assert Detour.objects.count() == 1


def test_what_the_office_had_decided_still_counts(belled: Cast, reader: Reader) -> None:
    publish_plan()
    declare(new(DetourScope(sections=(belled.section.id,)), "teams"), actor=belled.operator)
    publish_detours()
    assert emergency(reader.folder, "--scope", "band:6-8", "--pathway", "zoom").exit_code == 0
    assert moved(reader) == {"Math 7": "teams", "Science 7": "zoom"}, "a narrower one wins, as the office would say"
    assert emergency(reader.folder, "--scope", "district", "--pathway", "packet").exit_code == 0
    assert moved(reader) == {"Math 7": "packet", "Science 7": "packet"}, "an emergency of the district beats all"
    before = content(reader)
    publish_plan()
    assert content(reader) == before
    assert Detour.objects.count() == 3


def test_only_one_school_and_only_for_some_hours(belled: Cast, reader: Reader) -> None:
    publish_plan()
    untouched = {files.org: files for files in reader.index().schools}[belled.other_school.id]
    emergency(reader.folder, "--scope", f"school:{belled.school.id}", "--pathway", "zoom", "--hours", "2")
    assert moved(reader) == {"Math 7": "zoom"}
    assert untouched in reader.index().schools
    with clock.shifted(timedelta(hours=2)):
        publish_plan()
    assert moved(reader) == {}, "a class that still runs goes back at once"
    assert reader.for_device(belled.school.id).detours == ()


def test_it_refuses_what_doors_would_refuse(belled: Cast, reader: Reader, keys: KeyFolder, tmp_path: Path) -> None:
    def try_it(signer: Signer, root: str = settings.SCHOOLDAY.root_public_key, folder: Path = reader.folder) -> None:
        declare_in_plan(
            plan_dir=folder, signer=signer, root_public=root, scope=DISTRICT, pathway="zoom", reason_key="live_down"
        )

    with pytest.raises(BadSettings, match="no plan"):
        try_it(office_signer())
    publish_plan()
    before = reader.files()
    with pytest.raises(BadSettings, match="not in force for this plan"):
        try_it(Signer.generate("k-other"))
    with pytest.raises(BadSettings, match="not made with this root key"):
        try_it(office_signer(), root="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    with clock.at(datetime(2026, 9, 30, tzinfo=UTC)), pytest.raises(BadSettings, match="ends on 2026-09-15"):
        try_it(office_signer())
    assert emergency(reader.folder, "--scope", "everybody", "--pathway", "zoom").exit_code == 2
    assert emergency(reader.folder, "--scope", "district", "--scope", "band:6-8", "--pathway", "zoom").exit_code == 2
    bad = CliRunner().invoke(
        detour_command,
        ["emergency", "--plan", str(reader.folder), "--scope", "district", "--pathway", "zoom", "--reason-key", "none"],
    )
    assert bad.exit_code == 2
    assert reader.files() == before
    files = reader.index().schools[0]
    path = reader.folder / plan.school_path(files.org, files.plan_sha256)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BadSettings, match=files.org):
        try_it(office_signer())
