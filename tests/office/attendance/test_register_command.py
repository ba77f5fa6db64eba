import json

from click.testing import CliRunner

from schoolday.lib import clock
from schoolday.office.attendance.commands import register
from schoolday.office.people.models import AuditEntry
from tests.cast import Cast
from tests.office.attendance.day import AFTER, event, meet, took


def test_the_register_from_a_terminal(cast: Cast) -> None:
    meeting = meet(cast.section)
    with clock.at(AFTER):
        took(event("arrived", cast.student, meeting, -1))
        asked = ["export", "--school", "s1", "--on", "2026-09-01"]
        as_csv = CliRunner().invoke(register, asked)
        as_json = CliRunner().invoke(register, [*asked, "--json"])
    assert as_csv.exit_code == as_json.exit_code == 0
    assert as_csv.output.startswith("\ufeffdate,")
    rows = json.loads(as_json.output)
    assert [row["status"] for row in rows if row["student"] == "src-naika.p"] == ["present"]
    assert as_csv.output.count("\n") == len(rows) + 1
    assert AuditEntry.objects.filter(verb="register.export", actor_id="").count() == 2


def test_an_unknown_school_is_said(db: None) -> None:
    result = CliRunner().invoke(register, ["export", "--school", "nowhere", "--on", "2026-09-01"])
    assert result.exit_code == 1
    assert "No school has the sourcedId 'nowhere'" in result.output
