"""Kinds of places for copies, what is copied there, and how it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from obstore.store import S3Store

from schoolday.contracts.plan import SchoolPlan
from schoolday.office.pathways.cards import write_cards
from schoolday.office.pathways.copying.bucket import BucketTarget
from schoolday.office.pathways.copying.copy import Copied, copy_plan
from schoolday.office.pathways.copying.target import Target
from tests.office.pathways.card_plans import Publisher, school, section
from tests.office.pathways.copy_reader import Read

BUCKET = "plans"


@dataclass
class Place:
    """One kind of place: how to copy there, and how its readers see it."""

    target: Callable[[], Target]
    read: Read
    files: Callable[[], set[str]]


def store_of(service: str, bucket: str = BUCKET, prefix: str | None = "a/plan") -> S3Store:
    return S3Store(
        bucket,
        prefix=prefix,
        config={"endpoint": service, "region": "us-east-1", "access_key_id": "k", "secret_access_key": "s"},
        client_options={"allow_http": True},
    )


def bucket_target(service: str, bucket: str = BUCKET, **extra: float) -> BucketTarget:
    return BucketTarget(bucket, "a/plan", endpoint=service, region="us-east-1", key_id="k", secret="s", **extra)


def schools(version: int = 0, count: int = 3) -> list[SchoolPlan]:
    """Schools of which each has another plan in each version."""
    return [
        school(f"school{number:06}", section(f"section{number:05}", title=f"Math {version}")) for number in range(count)
    ]


def publish(publisher: Publisher, version: int = 0, count: int = 3) -> None:
    index = publisher.publish(*schools(version, count))
    write_cards(publisher.folder, index, publisher.read)


def copy(publisher: Publisher, target: Target, *, with_doors: bool = False) -> Copied:
    return copy_plan(
        publisher.folder, target, root_public=publisher.root_public, rest_seconds=0.01, with_doors=with_doors
    )


def here(publisher: Publisher) -> set[str]:
    return {path for path in files_in(publisher.folder) if not path.startswith("doors/")}


def files_in(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }
