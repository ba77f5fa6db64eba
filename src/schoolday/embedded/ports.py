"""Whether the ports we need are free, asked before anything starts."""

import errno
import socket

from schoolday.lib.errors import BadSettings
from schoolday.settings_spec import Settings

_TCP = (
    *("EDGE_PORT", "OFFICE_PORT", "DOOR_PORT", "LIVE_PORT", "LIVE_TCP_PORT"),
    *("CAPTIONS_PORT", "PRACTICE_PORT"),
)
_UDP = ("LIVE_UDP_PORT",)
_TCP_B = ("EDGE_B_PORT", "DOOR_B_PORT", "LIVE_B_PORT", "LIVE_B_TCP_PORT")
_UDP_B = ("LIVE_B_UDP_PORT",)


def check_ports(settings: Settings) -> None:
    """
    Check that every port of the embedded default is free.

    :raises BadSettings: naming the settings whose ports are taken
    """
    tcp, udp = (_TCP + _TCP_B, _UDP + _UDP_B) if settings["SITES"] == 2 else (_TCP, _UDP)
    taken = [f"{name}={settings[name]}" for name in tcp if not _is_free(settings[name], socket.SOCK_STREAM)]
    taken += [f"{name}={settings[name]}" for name in udp if not _is_free(settings[name], socket.SOCK_DGRAM)]
    if taken:
        raise BadSettings(
            f"Another program uses {', '.join(taken)}. Stop it, or choose other ports, "
            f"for example: {taken[0].partition('=')[0]}={int(taken[0].partition('=')[2]) + 100} schoolday run"
        )


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
        return True
