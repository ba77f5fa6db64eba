"""The rim of an agent's process: a small RSGI application on granian, within limits, with an answer for everything."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec

from schoolday.agents.errors import NotFound
from schoolday.lib import log
from schoolday.lib.errors import BadRequest, BadSettings, SchooldayError

T = TypeVar("T")
BODY_AT_MOST_BYTES = 16 * 1024
_BODY_SECONDS = 10.0
_JSON = [("content-type", "application/json"), ("cache-control", "no-store")]

# (authorization, body) -> a contract; what is not of its form is refused before.
Call = Callable[[str | None, bytes], Awaitable[object]]


class Rim:
    """A table of (method, path) -> call. Everything runs on the loop's thread."""

    def __init__(self, calls: Mapping[tuple[str, str], Call]) -> None:
        self._calls = calls

    async def __call__(self, scope: Any, proto: Any) -> None:
        status = 200
        try:
            call = self._calls.get((scope.method, scope.path))
            if call is None:
                raise NotFound
            body = await _read(scope.headers, proto)
            value = await call(scope.headers.get("authorization"), body)
            answer = msgspec.json.encode(value)
        except SchooldayError as error:
            status, answer = int(error.status), msgspec.json.encode(error.as_dict())
        except Exception:
            log.get(__name__).exception("a call failed", path=scope.path if call else "")
            status, answer = int(SchooldayError.status), msgspec.json.encode(SchooldayError().as_dict())
        proto.response_bytes(status, _JSON, answer)


async def _read(headers: Any, proto: Any) -> bytes:
    """
    Return the body.

    :raises BadRequest: beyond the ceiling, or when it is not whole in ten seconds
    """
    told = headers.get("content-length")
    if told is not None and (not told.isdecimal() or len(told) > 9 or int(told) > BODY_AT_MOST_BYTES):
        raise BadRequest("This is more than an agent takes at once.")
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in proto:
                body += chunk
                if len(body) > BODY_AT_MOST_BYTES:
                    raise BadRequest("This is more than an agent takes at once.")
    except TimeoutError:
        raise BadRequest("The body did not come in time.") from None
    return bytes(body)


def decode(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """
    Return the contract in a body.

    :raises BadRequest: saying what is wrong with it, without its values
    """
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadRequest(f"This request is not of the form we know: {error}.") from error


async def serve(calls: Mapping[tuple[str, str], Call], *, host: str, port: int, port_setting: str) -> None:
    """
    Serve until SIGTERM or SIGINT.

    :raises BadSettings: if the port is taken
    """
    from granian.constants import HTTPModes, Interfaces, TaskImpl
    from granian.server.embed import Server

    _must_be_free(host, port, port_setting)
    server = Server(
        Rim(calls),
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        task_impl=TaskImpl.asyncio,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, server.stop)
    await server.serve()


def _must_be_free(host: str, port: int, setting: str) -> None:
    """granian shares a port with whoever else shares it (SO_REUSEPORT)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadSettings(f"{setting}: {host}:{port} cannot be used: {error.strerror}.") from error
