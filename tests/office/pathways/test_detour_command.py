"""`schoolday detour`: by hand on a terminal, by a program, with wrong words, and with no database at all."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result
from django.conf import settings
from django.db import DatabaseError

from schoolday.cli import main
from schoolday.lib import log
from schoolday.office.pathways.actions import publish_plan
from schoolday.office.pathways.detours import publishing, queries
from schoolday.office.pathways.detours.actions import approve
from schoolday.office.pathways.detours.model import Detour
from schoolday.office.people.models import AuditEntry
from tests.cast import Cast
from tests.office.pathways.plans import Reader
from tests.office.pathways.test_detour_publish import moved
from tests.office.running import environment

pytestmark = pytest.mark.django_db
DECLARE = ("declare", "--scope", "band:6-8", "--pathway", "zoom", "--reason-key", "live_slow")
_AT_SEVEN = """
from datetime import UTC, datetime
from schoolday.cli import main
from schoolday.lib import clock
with clock.at(datetime(2026, 9, 14, 11, tzinfo=UTC)):
    main(prog_name="schoolday")
"""


@pytest.fixture(autouse=True)
def _no_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command's own log would hold on to a terminal that ends with the command."""
    monkeypatch.setattr(log, "configure", lambda **_: None)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


def detour(*words: str) -> Result:
    return CliRunner().invoke(main, ["detour", *words])


def read(*words: str) -> dict[str, object]:
    done = detour(*words, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_declared_listed_and_undone(belled: Cast, reader: Reader) -> None:
    publish_plan()
    assert "No detour" in detour("list").stdout
    assert read("list") == {"detours": []}
    made = read(*DECLARE, "--until", "2026-09-14T12:00", "--review-on", "2026-09-15")
    assert str(made.pop("from_at")).startswith("2026-09-14T11:0")
    assert made == {
        "id": Detour.objects.get().id,
        "status": "in_force",
        "scope": {"regions": [], "schools": [], "bands": ["6-8"], "sections": []},
        "scope_text": "band:6-8",
        "pathway": "zoom",
        "shift_minutes": {},
        "until_at": "2026-09-14T16:00:00+00:00",
        "review_on": "2026-09-15",
        "reason": "Live classes are slow today, so your class meets another way.",
        "emergency": False,
        "plan_version": reader.index().version,
    }
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
    line = detour("list").stdout
    assert f"{made['id']}  in_force  band:6-8: zoom until 2026-09-14T16:00:00+00:00" in line
    undone = read("undo", str(made["id"]))
    assert (undone["status"], undone["plan_version"]) == ("undone", reader.index().version)
    assert moved(reader) == {}
    assert read("list") == {"detours": []}
    assert [one["status"] for one in json.loads(detour("list", "--all", "--json").stdout)["detours"]] == ["undone"]
    actors = AuditEntry.objects.filter(subject_id=made["id"]).order_by("id").values_list("verb", "actor_id")
    assert list(actors) == [("detour.declare", ""), ("detour.undo", "")]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("declare", "--pathway", "zoom", "--reason-key", "storm"), 2, "--scope"),
        ((*DECLARE, "--scope", "everybody"), 2, "'everybody' is no scope: say district, region:…"),
        ((*DECLARE, "--scope", "district"), 2, "'district' is no scope"),
        ((*DECLARE, "--scope", "band:7-9"), 2, "'band:7-9' is no grade band: say band:PK-5, band:6-8, band:9-12"),
        ((*DECLARE, "--pathway", "pigeon"), 2, "'teacher'"),
        ((*DECLARE, "--reason-key", "because"), 2, "say one of live_slow, live_down"),
        ((*DECLARE, "--scope", "school:000000000000"), 1, "One of these schools is not in the roster."),
        ((*DECLARE, "--scope", "section:000000000000"), 1, "One of these classes is not in the roster."),
        ((*DECLARE, "--scope", "region:nowhere"), 1, "One of these regions is not in the roster."),
        ((*DECLARE, "--until", "noon"), 2, "--until"),
        ((*DECLARE, "--until", "2026-09-14T06:00"), 1, "The end comes before the beginning"),
        ((*DECLARE, "--review-on", "2026-09-01"), 1, "Look at it again on a day after it begins."),
        (("undo", "000000000000"), 1, "There is no detour 000000000000: 'schoolday detour list'."),
    ],
)
def test_wrong_words_are_answered_with_what_to_do(
    belled: Cast, reader: Reader, words: tuple[str, ...], status: int, says: str
) -> None:
    publish_plan()
    before = reader.files()
    done = detour(*words)
    assert (done.exit_code, done.stdout) == (status, ""), done.output
    assert says in done.stderr
    assert not Detour.objects.exists()
    assert reader.files() == before


def test_undone_twice_says_so(belled: Cast) -> None:
    made = read(*DECLARE)
    assert detour("undo", str(made["id"])).exit_code == 0
    again = detour("undo", str(made["id"]))
    assert (again.exit_code, "has changed meanwhile" in again.stderr) == (1, True)


def test_four_eyes_hold_on_the_terminal_too(belled: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.SCHOOLDAY.values, "DETOUR_FOUR_EYES", True)
    publish_plan()
    made = read(*DECLARE)
    assert made["status"] == "proposed"
    assert moved(reader) == {}
    approve(Detour.objects.get(), actor=belled.operator)
    publishing.publish_detours()
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
    assert read(*DECLARE, "--emergency")["status"] == "in_force", "an emergency needs one"
    assert read("declare", "--scope", f"school:{belled.school.id}", *DECLARE[3:])["status"] == "in_force"


def test_what_cannot_go_out_now_is_kept_and_said(belled: Cast, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    no_plan = detour(*DECLARE, "--json")
    assert (no_plan.exit_code, json.loads(no_plan.stdout)["plan_version"]) == (0, 0)
    assert "not in the plan yet (no plan is in force" in no_plan.stderr

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device", "school/x.plan")

    monkeypatch.setattr(publishing, "publish_detours", full)
    done = detour("undo", Detour.objects.get().id)
    assert done.exit_code == 0
    assert "school/x.plan: No space left on device" in done.stderr
    assert Detour.objects.get().state == "undone"


def test_a_database_that_stops_in_the_middle_is_a_sentence(belled: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_now: object) -> None:
        raise DatabaseError("server closed the connection unexpectedly")

    monkeypatch.setattr(queries, "not_over", gone)
    done = detour("list")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "The database stopped answering (DatabaseError)" in done.stderr
    assert "schoolday detour emergency" in done.stderr


def test_with_a_dead_database_the_command_says_how_and_the_plan_folder_is_enough(belled: Cast, reader: Reader) -> None:
    """Real processes, whose database is a port that nobody listens on."""
    publish_plan()
    home, plan_dir = settings.SCHOOLDAY.home, str(reader.folder)

    def process(*words: str) -> "subprocess.CompletedProcess[str]":
        env = {**environment(home), "DATABASE_URL": "postgres://nobody@127.0.0.1:9/gone", "PYTHONPATH": str(Path.cwd())}
        command = [sys.executable, "-c", _AT_SEVEN, "detour", *words]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)

    before = reader.files()
    refused = process(*DECLARE, "--json")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "The database does not answer" in refused.stderr
    assert "schoolday detour emergency" in refused.stderr
    assert reader.files() == before

    wanted = ("emergency", "--plan", plan_dir, "--keys", str(settings.SCHOOLDAY.keys_dir), *DECLARE[1:], "--json")
    done = process(*wanted)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["version"], said["sections"]) == (reader.index().version, 2)
    assert moved(reader) == {"Math 7": "zoom", "Science 7": "zoom"}
    assert not Detour.objects.exists(), "nobody asked the database"
    publish_plan()
    assert [one.id for one in Detour.objects.all()] == [said["id"]], "the office makes it its own when it is back"


def test_an_emergency_that_touches_no_class_is_refused(belled: Cast, reader: Reader) -> None:
    publish_plan()
    before = reader.files()
    for scope in ("school:000000000000", "band:9-12", "section:000000000000", "region:nowhere"):
        done = detour(
            "emergency", "--plan", str(reader.folder), "--keys", str(settings.SCHOOLDAY.keys_dir),
            "--scope", scope, *DECLARE[3:],
        )  # fmt: skip
        assert done.exit_code == 1, scope
        assert "look at --scope" in done.stderr
    assert reader.files() == before
