"""`schoolday plan copy` and the worker's copies: every target by itself, nothing secret said."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from schoolday import settings_spec
from schoolday.office.pathways.cards import write_cards
from schoolday.office.pathways.commands import plan as plan_command
from schoolday.office.pathways.copying.errors import BadTarget, CopyFailed
from schoolday.office.pathways.copying.jobs import all_copies
from schoolday.office.pathways.copying.places import target_of
from tests.office.pathways.card_plans import Publisher, school, section
from tests.office.pathways.copy_hosts import TOKEN, put_host


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "plan")
    write_cards(made.folder, made.publish(school()), made.read)
    return made


def settings(publisher: Publisher, **values: object) -> settings_spec.Settings:
    loaded = settings_spec.load()
    own = {"PLAN_DIR": str(publisher.folder), "ROOT_PUBLIC_KEY": publisher.root_public, **values}
    return replace(loaded, values={**loaded.values, **own})


def test_one_dead_target_stops_no_other(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHOOLDAY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ROOT_PUBLIC_KEY", publisher.root_public)
    with put_host(tmp_path / "host") as host:
        monkeypatch.setenv("PLAN_PUT_TOKENS", f"{host.url.removeprefix('http://')}={TOKEN}")
        places = (str(tmp_path / "copy"), str(tmp_path / "no" / "disk"), host.url)
        arguments = [part for place in places for part in ("--to", place)]
        done = CliRunner().invoke(plan_command, ["copy", "--json", "--plan", str(publisher.folder), *arguments])
    assert done.exit_code == 1
    rows = json.loads(done.stdout)["targets"]
    assert [row["ok"] for row in rows] == [True, False, True]
    assert rows[1]["code"] == "bad_target"
    assert rows[0]["version"] == rows[2]["version"] == publisher.version
    assert TOKEN not in done.output
    assert (tmp_path / "copy" / "index.plan").read_text() == (tmp_path / "host" / "index.plan").read_text()


def test_no_plan_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOT_PUBLIC_KEY", Publisher(tmp_path / "x").root_public)
    arguments = ["copy", "--plan", str(tmp_path), "--to", str(tmp_path / "copy")]
    done = CliRunner().invoke(plan_command, arguments)
    assert done.exit_code == 1
    assert "There is no plan" in done.output


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("ftp://host/plan", "no target"),
        ("http://plans.example.org/plan", "no target"),  # a token would go over the wire for all to read
        ("https://user:secret@plans.example.org", "no password"),
        ("https://plans.example.org/?token=secret", "no password"),
    ],
)
def test_places_that_are_none(publisher: Publisher, place: str, why: str) -> None:
    with pytest.raises(BadTarget, match=why) as failed:
        target_of(place, settings(publisher))
    assert "secret" not in failed.value.text


def test_the_plan_folder_is_no_target_of_its_own(publisher: Publisher) -> None:
    with pytest.raises(BadTarget, match="itself"):
        target_of(str(publisher.folder), settings(publisher))


def test_a_token_goes_to_its_own_host_only(publisher: Publisher, tmp_path: Path) -> None:
    with put_host(tmp_path / "host") as host:
        other = settings(publisher, PLAN_PUT_TOKENS={"elsewhere.example.org": TOKEN}, PLAN_COPIES=host.url)
        (run,) = all_copies(other).values()
        with pytest.raises(BadTarget, match="refuses"):
            run()
        assert host.puts == []


def test_the_worker_copies_each_new_plan_to_each_place(publisher: Publisher, tmp_path: Path) -> None:
    one, gone = tmp_path / "one", tmp_path / "gone" / "two"
    jobs = all_copies(settings(publisher, PLAN_COPIES=f"{one} {gone} {one}"))
    assert list(jobs) == ["copy:1", "copy:2"]
    first = jobs["copy:1"]()
    assert isinstance(first, dict)
    assert first["version"] == publisher.version
    assert jobs["copy:1"]() is None
    with pytest.raises((BadTarget, CopyFailed)):
        jobs["copy:2"]()
    index = publisher.publish(school("school000001", section(title="Else")))
    second = jobs["copy:1"]()
    assert isinstance(second, dict)
    assert second["version"] == publisher.version
    write_cards(publisher.folder, index, publisher.read)  # pages follow a moment later, and the copies them
    third = jobs["copy:1"]()
    assert isinstance(third, dict)
    assert third["written"] > 0
    assert "Else" in (one / "go/school000001/section00001.html").read_text()
    gone.parent.mkdir()
    assert isinstance(jobs["copy:2"](), dict)
    assert not (one / "doors").exists()


def test_no_plan_yet_is_no_failure(tmp_path: Path) -> None:
    (run,) = all_copies(settings(Publisher(tmp_path / "nothing"), PLAN_COPIES=str(tmp_path / "one"))).values()
    assert run() is None
