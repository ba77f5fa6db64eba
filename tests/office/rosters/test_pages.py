import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from schoolday.lib import clock
from schoolday.office.people.models import AuditEntry, Person
from schoolday.office.rosters import tasks, uploads
from schoolday.office.rosters.locks import one_import_at_a_time
from schoolday.office.rosters.models import ImportRun
from tests.cast import Cast
from tests.office.rosters.files import Roster, small_12, without_leo

OUTSIDERS = ("student", "teacher", "guardian", "principal", "other_principal", "other_guardian")


@pytest.fixture
def operator(cast: Cast) -> Client:
    cast.operator.sourced_id = "local:operator"  # an account that no roster takes away
    cast.operator.user_name = "operator"
    cast.operator.save()
    return signed_on(cast.operator)


@pytest.fixture(autouse=True)
def empty_uploads() -> Iterator[Path]:
    folder: Path = settings.SCHOOLDAY.home / "uploads"
    folder.mkdir(exist_ok=True)
    yield folder
    for file in folder.iterdir():
        file.unlink()


def signed_on(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


class Sender:
    """Sends a roster from the page and lets the job run."""

    def __init__(self, client: Client, folder: Path, on_commit: DjangoCaptureOnCommitCallbacks) -> None:
        self.client = client
        self.folder = folder
        self.on_commit = on_commit

    def send(self, roster: Roster, *, work: bool = True) -> ImportRun:
        data = roster.zip(self.folder / "roster.zip").read_bytes()
        with self.on_commit(execute=True):
            response = self.client.post("/office/roster/", {"file": SimpleUploadedFile("fall.zip", data)})
        assert response.status_code == 302
        run = ImportRun.objects.get(id=response["Location"].split("/")[-2])
        return self.work(run) if work else run

    def work(self, run: ImportRun) -> ImportRun:
        with self.on_commit(execute=True):
            tasks.run_upload.call(run.id)
        run.refresh_from_db()
        return run

    def accept(self, run: ImportRun, **data: str) -> Any:
        with self.on_commit(execute=True):
            return self.client.post(f"/office/roster/{run.id}/import", data)


@pytest.fixture
def sender(
    operator: Client, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Sender:
    return Sender(operator, tmp_path, django_capture_on_commit_callbacks)


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_but_operators_comes_here(cast: Cast, name: str) -> None:
    run = ImportRun.objects.create(state="previewed", started_at=clock.now(), source="x", upload="x.zip")
    client = signed_on(getattr(cast, name))
    for path in ("", f"{run.id}/", f"{run.id}/problems.csv"):
        assert client.get(f"/office/roster/{path}").status_code == 404
    file = SimpleUploadedFile("x.zip", b"PK\x03\x04")
    assert client.post("/office/roster/", {"file": file}).status_code == 404
    assert client.post(f"/office/roster/{run.id}/import").status_code == 404
    run.refresh_from_db()
    assert run.state == "previewed"


def test_a_stranger_is_sent_to_the_sign_on(db: None) -> None:
    assert Client().get("/office/roster/")["Location"].startswith("/?next=")


def test_an_unknown_import_is_not_there(operator: Client) -> None:
    assert operator.get("/office/roster/nothing/").status_code == 404


def test_the_first_page_is_empty_and_says_so(operator: Client) -> None:
    assert "None yet." in operator.get("/office/roster/").content.decode()


def test_an_upload_is_kept_for_the_office_alone_and_queued(sender: Sender) -> None:
    run = sender.send(small_12(), work=False)
    assert (run.state, run.source, run.is_dry_run) == ("waiting", "fall.zip", True)
    path = uploads.path_of(run)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert DBTaskResult.objects.get().args_kwargs["args"] == [run.id]
    response = sender.client.get(f"/office/roster/{run.id}/")
    assert response["Refresh"] == "2"


def accept_all(sender: Sender, roster: Roster) -> ImportRun:
    run = sender.send(roster)
    sender.accept(run, accept_deletes="1")
    return sender.work(run)


def test_a_preview_shows_what_would_change_and_writes_nothing(sender: Sender) -> None:
    accept_all(sender, small_12())
    roster = small_12()
    roster.find("users", "u-leo")["grades"] = "01"
    run = sender.send(roster)
    assert run.state == "previewed"
    page = sender.client.get(f"/office/roster/{run.id}/").content.decode()
    assert "nothing has changed yet" in page
    assert ">Import<" in page
    assert Person.objects.get(sourced_id="u-leo").grade == "KG"
    assert sender.accept(run).status_code == 302
    assert sender.work(run).state == "imported"
    assert Person.objects.get(sourced_id="u-leo").grade == "01"
    assert not any((settings.SCHOOLDAY.home / "uploads").iterdir())


def test_a_held_one_needs_the_removals_accepted_by_name(sender: Sender, cast: Cast) -> None:
    accept_all(sender, small_12())
    run = sender.send(without_leo())
    assert run.state == "held"
    page = sender.client.get(f"/office/roster/{run.id}/").content.decode()
    assert "Accept removals and import" in page
    assert sender.accept(run).status_code == 404  # the plain button does not do it
    sender.accept(run, accept_deletes="1")
    assert sender.work(run).state == "imported"
    entry = AuditEntry.objects.filter(verb="roster.accept").order_by("id").last()
    assert entry is not None
    assert (entry.actor_id, entry.detail) == (cast.operator.id, {"accept_deletes": True})


def test_asked_twice_it_is_imported_once(sender: Sender) -> None:
    run = sender.send(small_12())
    for _ in range(2):
        assert sender.accept(run, accept_deletes="1").status_code == 302
    assert DBTaskResult.objects.count() == 2  # the preview and one import
    sender.work(run)
    finished_at = run.finished_at
    assert sender.work(run).finished_at == finished_at


def test_problems_are_shown_translated_and_sent_as_csv(sender: Sender) -> None:
    roster = small_12()
    roster.find("users", "u-leo")["enabledUser"] = "=1+1"
    run = sender.send(roster)
    assert (run.state, run.upload) == ("refused", "")
    page = sender.client.get(f"/office/roster/{run.id}/").content.decode()
    assert "<strong>users.csv:4</strong>" in page
    assert "1 problem in this file" in page
    response = sender.client.get(f"/office/roster/{run.id}/problems.csv")
    assert "attachment" in response["Content-Disposition"]
    assert response.content.decode("utf-8-sig").splitlines()[1].startswith("users.csv,4,unknown_value,")
    assert sender.accept(run).status_code == 404


def test_a_file_that_is_no_zip_gets_a_sentence(operator: Client) -> None:
    response = operator.post("/office/roster/", {"file": SimpleUploadedFile("users.csv", b"sourcedId")})
    assert response.status_code == 400
    assert "This is not a zip file." in response.content.decode()
    assert "Choose a zip file first." in operator.post("/office/roster/").content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_that_is_too_large_gets_a_sentence(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "UPLOAD_AT_MOST_BYTES", 3)
    response = operator.post("/office/roster/", {"file": SimpleUploadedFile("x.zip", b"PK\x03\x04")})
    assert "larger than 200 MB" in response.content.decode()


def test_a_new_preview_takes_the_place_of_the_old(sender: Sender) -> None:
    first = sender.send(small_12())
    second = sender.send(small_12())
    first.refresh_from_db()
    assert first.upload == ""
    assert [file.name for file in (settings.SCHOOLDAY.home / "uploads").iterdir()] == [second.upload]
    assert "Its file is gone" in sender.client.get(f"/office/roster/{first.id}/").content.decode()
    assert sender.accept(first).status_code == 404


def test_a_run_of_a_killed_worker_is_called_broken_off(operator: Client) -> None:
    run = ImportRun.objects.create(state="running", started_at=clock.now(), source="x")
    assert "broke off" in operator.get(f"/office/roster/{run.id}/").content.decode()


@pytest.mark.skipif("postgres" in settings.DATABASES["default"]["ENGINE"], reason="one connection holds the lock twice")
def test_a_run_under_way_is_shown_with_its_progress(operator: Client) -> None:
    run = ImportRun.objects.create(state="running", started_at=clock.now(), source="x", step="reading", done_percent=40)
    with one_import_at_a_time():
        response = operator.get(f"/office/roster/{run.id}/")
    assert 'value="40"' in response.content.decode()
    assert response["Refresh"] == "2"


@pytest.mark.skipif("postgres" in settings.DATABASES["default"]["ENGINE"], reason="one connection holds the lock twice")
def test_an_upload_that_meets_another_import_says_so(sender: Sender) -> None:
    run = sender.send(small_12(), work=False)
    with one_import_at_a_time():
        sender.work(run)
    assert run.state == "failed"
    assert "Another import is running." in sender.client.get(f"/office/roster/{run.id}/").content.decode()


@pytest.mark.parametrize("language", ["es", "ht"])
def test_the_pages_speak_the_three_languages(sender: Sender, language: str) -> None:
    run = sender.send(without_leo())
    sender.client.cookies["language"] = language
    for path in ("", f"{run.id}/"):
        page = sender.client.get(f"/office/roster/{path}").content.decode()
        assert f'<html lang="{language}"' in page


def test_a_long_history_costs_no_more_queries(operator: Client) -> None:
    counts = []
    for rows in (1, 3):
        while ImportRun.objects.count() < rows:
            ImportRun.objects.create(state="imported", started_at=clock.now(), source="x")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            operator.get("/office/roster/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_history_has_pages(operator: Client) -> None:
    for _ in range(21):
        ImportRun.objects.create(state="imported", started_at=clock.now(), source="x")
    assert "?page=2" in operator.get("/office/roster/").content.decode()
