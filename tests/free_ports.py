"""Ports that nobody uses, for the processes a test starts."""

import socket

NAMES = (
    *("EDGE_PORT", "OFFICE_PORT", "DOOR_PORT", "LIVE_PORT", "LIVE_TCP_PORT", "LIVE_UDP_PORT"),
    *("EDGE_B_PORT", "DOOR_B_PORT", "LIVE_B_PORT", "LIVE_B_TCP_PORT", "LIVE_B_UDP_PORT"),
)


def free_ports(*names: str) -> dict[str, str]:
    """Return a free port for each setting, all different, as environment."""
    held = [socket.socket() for _ in names]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return {name: str(one.getsockname()[1]) for name, one in zip(names, held, strict=True)}
    finally:
        for one in held:
            one.close()
