"""Copies at a second host that refuses, fails, hiccups, is slow or never answers."""

import time
from typing import ClassVar

import pytest

from schoolday.office.pathways.copying.errors import BadTarget, CopyFailed
from schoolday.office.pathways.copying.files import PlanFile
from schoolday.office.pathways.copying.web import WebTarget
from tests.office.pathways.card_plans import Publisher
from tests.office.pathways.copy_hosts import TOKEN, PutHost
from tests.office.pathways.copy_reader import Poller, from_folder
from tests.office.pathways.copying.places import copy, files_in, here, publish


def test_a_wrong_token_is_said_at_once_and_never_shown(publisher: Publisher, host: PutHost) -> None:
    with pytest.raises(BadTarget, match="PLAN_PUT_TOKENS") as failed:
        copy(publisher, WebTarget(host.url, token="wrong-token"))
    assert "wrong-token" not in str(failed.value)
    assert host.puts == []


@pytest.mark.parametrize("fail_with", [0, 500, 503, 507])
@pytest.mark.parametrize("fail_after", [0, 2, 5, 9, 14])
def test_a_host_that_fails_half_way_keeps_its_plan(
    publisher: Publisher, host: PutHost, fail_after: int, fail_with: int
) -> None:
    copy(publisher, WebTarget(host.url, token=TOKEN))
    publish(publisher, 1)
    host.puts.clear()
    host.fail_after, host.fail_with = fail_after, fail_with
    with Poller(from_folder(host.folder), publisher), pytest.raises(CopyFailed):
        copy(publisher, WebTarget(host.url, token=TOKEN))
    host.fail_after = None
    assert copy(publisher, WebTarget(host.url, token=TOKEN)).version == publisher.version
    publish(publisher, 2)
    copy(publisher, WebTarget(host.url, token=TOKEN))
    publish(publisher, 3)
    copy(publisher, WebTarget(host.url, token=TOKEN))
    # Nothing of the copy that failed has stayed: two versions of three schools, and the newest of each.
    assert len(list((host.folder / "school").iterdir())) == 9


def test_a_host_that_hiccups_is_asked_again(publisher: Publisher, host: PutHost) -> None:
    class Hiccup(WebTarget):
        asked: ClassVar[set[str]] = set()

        def put(self, file: PlanFile) -> None:
            if file.path not in self.asked:
                self.asked.add(file.path)
                raise CopyFailed("hiccup")
            super().put(file)

    assert copy(publisher, Hiccup(host.url, token=TOKEN)).version == publisher.version
    assert files_in(host.folder) - {"copied.json"} == here(publisher)


def test_a_slow_host_is_slow_and_whole(publisher: Publisher, host: PutHost) -> None:
    host.slow_seconds = 0.05
    with Poller(from_folder(host.folder), publisher):
        copy(publisher, WebTarget(host.url, token=TOKEN))
    assert files_in(host.folder) - {"copied.json"} == here(publisher)


def test_a_host_that_never_answers_is_let_go_of(publisher: Publisher, host: PutHost) -> None:
    host.slow_seconds = 5
    began = time.monotonic()
    with pytest.raises(CopyFailed, match="Timeout"):
        copy(publisher, WebTarget(host.url, token=TOKEN, request_seconds=0.2))
    assert time.monotonic() - began < 10
