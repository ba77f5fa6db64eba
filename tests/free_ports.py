"""Ports that nobody uses, for the processes a test starts."""

import os
import random
import socket

NAMES = (
    *("EDGE_PORT", "OFFICE_PORT", "DOOR_PORT", "LIVE_PORT", "LIVE_TCP_PORT", "LIVE_UDP_PORT"),
    *("CAPTIONS_PORT", "PRACTICE_PORT"),
    *("EDGE_B_PORT", "DOOR_B_PORT", "LIVE_B_PORT", "LIVE_B_TCP_PORT", "LIVE_B_UDP_PORT"),
)
# Below those that Linux gives to outgoing connections, so that none of these takes a port before its process does; a
# share for each of the tests that run at once.
_FIRST, _LAST, _SHARES = 12_000, 32_000, 4
_chance = random.Random()  # two runs on one machine should not try the same ones


def free_ports(*names: str) -> dict[str, str]:
    """Return a free port for each setting, all different, as environment."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _SHARES
    share = (_LAST - _FIRST) // _SHARES
    candidates = range(_FIRST + worker * share, _FIRST + (worker + 1) * share)
    found: list[str] = []
    for port in _chance.sample(candidates, len(candidates)):
        if len(found) == len(names):
            break
        if _is_free(port):
            found.append(str(port))
    return dict(zip(names, found, strict=True))


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
