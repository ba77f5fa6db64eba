"""A published plan, and a bucket and a host for copies of it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import obstore
import pytest

from tests.office.pathways.card_plans import Publisher
from tests.office.pathways.copy_hosts import PutHost, bucket_service, put_host
from tests.office.pathways.copying.places import BUCKET, Place, bucket_target, publish, store_of


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "plan")
    publish(made)
    return made


@pytest.fixture(scope="package")
def service() -> Iterator[str]:
    with bucket_service() as url:
        yield url


@pytest.fixture
def bucket(service: str) -> Iterator[Place]:
    httpx.put(f"{service}/{BUCKET}").raise_for_status()
    store = store_of(service)

    def read(path: str) -> str | None:
        try:
            return obstore.get(store, path).bytes().to_bytes().decode()
        except FileNotFoundError:
            return None

    def files() -> set[str]:
        return {one["path"] for page in obstore.list(store) for one in page}

    yield Place(lambda: bucket_target(service), read, files)
    obstore.delete(store, sorted(files()))


@pytest.fixture
def host(tmp_path: Path) -> Iterator[PutHost]:
    with put_host(tmp_path / "host") as made:
        yield made
