"""A door as a process: what is made in which order, how it starts, and how it stops without losing anything."""

import asyncio
import contextlib
import ctypes
import fcntl
import os
import signal
import socket
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, TaskImpl
from granian.http import HTTP1Settings
from granian.server.embed import Server

from schoolday.door.app import DoorApp
from schoolday.door.archive import Archive
from schoolday.door.cell import Cell
from schoolday.door.plan_keeper import PlanKeeper
from schoolday.door.spool import Spool
from schoolday.lib import log, signing
from schoolday.lib.errors import BadSettings
from schoolday.live.bbb import server_of
from schoolday.settings_spec import Settings

_BACKLOG = 4_096  # connections the kernel holds while the loop is busy: a school bell comes all at once
_AT_ONCE = 8_192  # requests in Python at once; the rest wait in granian
_HEADER_MS = 10_000
_HEADERS_AT_MOST_BYTES = 64 * 1024
_M_ARENA_MAX = -8  # malloc.h


def serve(settings: Settings, *, host: str, port: int) -> None:
    """
    Serve one door until SIGTERM or SIGINT. One process, one spool: more cores are more doors.

    :raises BadSettings: if the port is taken, or another process serves this door
    """
    folder = settings.home / "doors" / settings["DOOR_ID"]
    folder.mkdir(parents=True, exist_ok=True)
    _work_in_batches()
    _share_memory()
    lock = _hold(folder / "lock", door=settings["DOOR_ID"])
    try:
        _must_be_free(host, port)
        asyncio.run(_serve(settings, folder, host=host, port=port))
    finally:
        os.close(lock)


async def _serve(settings: Settings, folder: Path, *, host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    keeper = PlanKeeper(
        settings.plan_dir,
        state=folder / "floor.json",
        root_public=signing.unb64(settings.root_public_key),
        district=settings["DISTRICT"],
    )
    archive = Archive(folder, keep_days=settings["SPOOL_KEEP_DAYS"])
    spool = Spool(folder, loop=loop)
    cell = Cell(
        door=settings["DOOR_ID"],
        district=settings["DISTRICT"],
        secret=settings["CELL_SECRET"],
        live_key=settings["LIVE_API_KEY"],
        live_secret=settings["LIVE_API_SECRET"].encode(),
        time_zone=settings["TIME_ZONE"],
        keeper=keeper,
        spool=spool,
        bbb=server_of(settings),
    )
    app = DoorApp(cell, archive, root_public=settings.root_public_key)
    server = _granian(app, host=host, port=port)
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, server.stop)
    keeper.start()  # it also says in the log which plan came into force, once that has happened
    try:
        await server.serve()
    finally:
        await asyncio.to_thread(keeper.stop)
        app.close()
        archive.close()  # before the spool: the last to close a file folds its write-ahead log into it
        await asyncio.to_thread(spool.close)
        log.get(__name__).info("door closed", door=cell.door)


def _work_in_batches() -> None:
    """
    Ask Linux not to interrupt Python for each answer that granian's thread could send.

    With the usual policy the two take turns at every request on one core, which costs a fifth of a door's joins.
    """
    if hasattr(os, "SCHED_BATCH"):
        with contextlib.suppress(PermissionError):  # where a container forbids it, the door is only slower
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _share_memory() -> None:
    """Let threads take memory from two pools, not eight a core: each keeps what it once held, and Python serves one."""
    with contextlib.suppress(AttributeError, OSError):  # another C library than glibc has no such pools
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _granian(app: DoorApp, *, host: str, port: int) -> Any:
    return Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        task_impl=TaskImpl.asyncio,
        http=HTTPModes.http1,
        websockets=False,
        backlog=_BACKLOG,
        backpressure=_AT_ONCE,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MS, max_buffer_size=_HEADERS_AT_MOST_BYTES),
        log_enabled=False,
    )


def _hold(path: Path, *, door: str) -> int:
    """Return a descriptor that holds the door's lock; the system lets it go when this process ends, however it ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise BadSettings(f"Another process serves door {door}: one door is one process. Set DOOR_ID.") from None
    return descriptor


def _must_be_free(host: str, port: int) -> None:
    """granian shares a port with whoever else shares it (SO_REUSEPORT); two doors on one port would take turns."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSettings(f"DOOR_PORT: {host}:{port} cannot be used: {error.strerror}.") from error
