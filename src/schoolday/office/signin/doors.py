"""Which doors a device tries, in which order."""

import hashlib

from django.conf import settings

from schoolday.contracts.plan import Door

DOORS_PER_DEVICE = 3  # of 8 doors 3 make 56 sets: one that is poisoned or dead takes no one else's all


def all_doors() -> tuple[Door, ...]:
    """Return the doors of this installation, as devices reach them."""
    return tuple(Door(id=name, url=url) for name, url in settings.SCHOOLDAY.doors.items())


def doors_of(thumbprint: str, doors: tuple[Door, ...]) -> tuple[Door, ...]:
    """
    Return this device's own doors, in its own order (shuffle sharding; AWS Builders' Library).

    By rendezvous hashing, so that a door more or less moves as few devices as can be.
    """
    return tuple(sorted(doors, key=lambda door: _weight(thumbprint, door.id))[:DOORS_PER_DEVICE])


def _weight(thumbprint: str, door: str) -> bytes:
    return hashlib.sha256(f"{thumbprint}|{door}".encode()).digest()
