"""Several doors of one district, as processes of their own with spools of their own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from schoolday.contracts import plan
from tests.door.district import District
from tests.door.process import Door
from tests.faults.wire import Address

DOORS = ("d1", "d2", "d3", "d4")


@contextmanager
def running_doors(folder: Path, *, names: Sequence[str] = DOORS, status: int | None = 200) -> Iterator[dict[str, Door]]:
    """Run a district's doors, and wait until /health has this status (None: do not wait)."""
    district = District(folder / "plan")
    district.publish(doors=tuple(plan.Door(id=name, url=f"http://localhost/door/{name}") for name in names))
    doors: dict[str, Door] = {}
    try:
        for name in names:
            doors[name] = Door(district, folder / name, door=name)
        for door in doors.values() if status else ():
            door.wait(status=status or 200)
        yield doors
    finally:
        for door in doors.values():
            stop(door)


def stop(door: Door) -> None:
    """End a door whatever a test has done to it."""
    if door.process.poll() is None:
        door.process.kill()
    door.process.wait(10)
    door.http.close()


def addresses_of(doors: dict[str, Door]) -> dict[str, Address]:
    return {name: Address("127.0.0.1", door.port) for name, door in doors.items()}
