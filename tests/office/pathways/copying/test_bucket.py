"""Copies in a bucket: what is said of each file; and what is not there."""

import time

import obstore
import pytest

from schoolday.office.pathways.copying.errors import BadTarget, CopyFailed
from schoolday.office.pathways.copying.web import WebTarget
from tests.office.pathways.card_plans import Publisher
from tests.office.pathways.copying.places import Place, bucket_target, copy, store_of


def test_bucket_headers(publisher: Publisher, bucket: Place, service: str) -> None:
    copy(publisher, bucket.target())
    assert publisher.index
    store = store_of(service)
    named = f"school/school000000.{publisher.index.schools[0].plan_sha256[:16]}.plan"
    wanted = {
        named: ("text/plain; charset=utf-8", "public, max-age=31536000, immutable"),
        "index.plan": ("text/plain; charset=utf-8", "no-cache"),
        "school/school000000.plan": ("text/plain; charset=utf-8", "no-cache"),
        "go/index.html": ("text/html; charset=utf-8", "no-cache"),
        "go/now.js": ("text/javascript; charset=utf-8", "no-cache"),
        "status/status.json": ("application/json", "no-cache"),
    }
    for path, (kind, cache) in wanted.items():
        found = obstore.get(store, path).attributes
        assert (found["Content-Type"], found["Cache-Control"]) == (kind, cache), path


def test_a_bucket_that_is_not_there(publisher: Publisher, service: str) -> None:
    with pytest.raises((BadTarget, CopyFailed), match="s3://nobodys"):
        copy(publisher, bucket_target(service, "nobodys"))


def test_a_dead_service_is_known_as_dead_soon(publisher: Publisher) -> None:
    began = time.monotonic()
    for target in (bucket_target("http://127.0.0.1:9"), WebTarget("http://127.0.0.1:9", token="")):
        with pytest.raises(CopyFailed):
            copy(publisher, target)
    assert time.monotonic() - began < 20
