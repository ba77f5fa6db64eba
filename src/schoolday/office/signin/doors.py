"""Which doors a device tries, and which live servers a meeting has: by hash, and never all at one site."""

import hashlib
from collections.abc import Iterable
from typing import TypeVar

from django.conf import settings

from schoolday.contracts.plan import Door, LiveNode

Place = TypeVar("Place", Door, LiveNode)
DOORS_PER_DEVICE = 3  # of 8 doors 3 make 56 sets: one that is poisoned or dead takes no one else's all
NODES_PER_MEETING = 2  # a first and a second; a third would only spread a class over more places


def all_doors() -> tuple[Door, ...]:
    """Return the doors of this installation, as devices reach them."""
    known = settings.SCHOOLDAY
    return tuple(Door(id=name, url=url, site=known.site_of(name)) for name, url in known.doors.items())


def live_nodes() -> tuple[LiveNode, ...]:
    """Return the live servers of this installation, as devices reach them."""
    known = settings.SCHOOLDAY
    return tuple(LiveNode(id=name, url=url, site=known.site_of(name)) for name, url in known.live_nodes.items())


def doors_of(thumbprint: str, doors: Iterable[Door]) -> tuple[Door, ...]:
    """
    Return this device's own doors, in its own order (shuffle sharding; AWS Builders' Library).

    The second is at another site than the first, where there is one: a site that is cut off costs one try.
    """
    return _choose(thumbprint, doors, DOORS_PER_DEVICE)


def nodes_of(meeting_id: str, nodes: Iterable[LiveNode]) -> tuple[str, ...]:
    """Return the first and second live server of a meeting, at two sites if there are; the same in every plan."""
    return tuple(node.id for node in _choose(meeting_id, nodes, NODES_PER_MEETING))


def _choose(key: str, places: Iterable[Place], count: int) -> tuple[Place, ...]:
    """
    Return `count` places in the order of this key.

    By rendezvous hashing, so that a place more brings nothing but itself into anybody's order. Without sites in the
    settings all are at one, and the order is the hashes' alone.
    """
    ranked = sorted(places, key=lambda place: _weight(key, place.id))
    elsewhere = next((place for place in ranked[1:] if place.site != ranked[0].site), None)
    if elsewhere is not None:
        ranked.remove(elsewhere)
        ranked.insert(1, elsewhere)
    return tuple(ranked[:count])


def _weight(key: str, name: str) -> bytes:
    return hashlib.sha256(f"{key}|{name}".encode()).digest()
