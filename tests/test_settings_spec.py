"""Settings: where values come from, and what is said of bad ones."""

import stat
from pathlib import Path

import pytest

from schoolday import settings_spec
from schoolday.lib.errors import BadSettings


def test_secrets_are_made_once_and_kept_for_this_user_only(tmp_path: Path) -> None:
    environ = {"SCHOOLDAY_HOME": str(tmp_path)}
    first, second = settings_spec.load(environ), settings_spec.load(environ)
    assert first["CELL_SECRET"] == second["CELL_SECRET"]
    assert len(first["CELL_SECRET"]) == 32
    assert stat.S_IMODE((tmp_path / "settings.env").stat().st_mode) == 0o600


def test_a_district_makes_no_secret_up(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="LIVE_API_SECRET is not set"):
        settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), "MODE": "district"})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DOOR_PORT", "eighty", "DOOR_PORT: 'eighty' will not do"),
        ("DOORS", "d1", "say id=url"),
        ("MODE", "cloud", "say embedded or district"),
        ("LOG_PII", "perhaps", "say 1 or 0"),
        ("CHAT_BY_BAND", "all", "say JSON"),
        ("CHAT_BY_BAND", '{"6-8": "everybody"}', "say class, teacher or off for each band"),
        ("CHAT_BY_BAND", '{"7": "class"}', "say K-2, PK-5, 6-8 or 9-12"),
    ],
)
def test_a_bad_value_is_named_with_what_to_say_instead(tmp_path: Path, name: str, value: str, told: str) -> None:
    with pytest.raises(BadSettings, match=told):
        settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), name: value})


def test_a_bad_secret_is_not_repeated_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as caught:
        settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), "CELL_SECRET": "hunter2"})
    assert "hunter2" not in caught.value.text


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    settings_spec.keep(tmp_path, {"DOOR_PORT": "9001", "EDGE_PORT": "9000"})
    settings = settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), "DOOR_PORT": "9002"})
    assert (settings["DOOR_PORT"], settings["EDGE_PORT"], settings["OFFICE_PORT"]) == (9002, 9000, 8001)
    assert settings["PUBLIC_URL"] == "http://localhost:9000"
