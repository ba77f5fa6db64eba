import json
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from schoolday.lib import clock
from schoolday.office.attendance.models import DoorCursor
from schoolday.office.console.views.health import metrics_token
from schoolday.office.console.work.worker import HEARTBEAT
from tests.cast import Cast

CALLED = {"code", "text", "retryable", "retry_after_seconds"}


@pytest.fixture
def heartbeat() -> Iterator[None]:
    path = settings.SCHOOLDAY.run_dir / HEARTBEAT
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"at": clock.now().timestamp() - 7, "jobs": {"close": {"runs": 5, "failures": 2}}}))
    yield
    path.unlink()


def test_health_is_open_and_says_nothing_else(db: None) -> None:
    answer = Client().get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "database": "ok"})


def test_health_without_a_database_is_a_sentence(db: None) -> None:
    gone = OperationalError("could not connect to 10.1.2.3")
    with patch.object(connection, "cursor", side_effect=gone), patch.object(connection, "close"):
        answer = Client().get("/api/health")
    assert (answer.status_code, answer.json()["code"], set(answer.json())) == (503, "database", CALLED)
    assert answer.headers["Retry-After"] == "5"
    assert "10.1.2.3" not in answer.content.decode()


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer " + "0" * 64, "Basic x", "Bearer é"])
def test_the_numbers_need_their_token(db: None, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    assert Client().get("/office/metrics", headers=headers).status_code == 401


def test_the_operators_cookie_is_not_the_token(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.operator)
    assert client.get("/office/metrics").status_code == 401


def test_the_numbers(cast: Cast, heartbeat: None) -> None:
    DoorCursor.objects.create(door="d1", spool="a", drained_at=clock.now())
    answer = Client().get("/office/metrics", headers={"Authorization": f"Bearer {metrics_token()}"})
    lines = answer.content.decode().splitlines()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'schoolday_people{role="student"} 3.0' in lines
    assert 'schoolday_door_drain_lag_seconds{door="d1"} 0.0' in lines
    assert 'schoolday_work_failures_total{job="close"} 2.0' in lines
    assert "schoolday_work_heartbeat_age_seconds 7.0" in lines
