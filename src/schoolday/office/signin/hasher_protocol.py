"""
What the office and the hasher say to each other over a Unix socket: a length (4 bytes), then msgpack.

One connection carries any number of requests, one after another. Passwords cross this socket in the clear: its
mode is 600, so only the user that runs office and hasher can open it.
"""

import os
import socket
from pathlib import Path
from typing import Literal

import msgspec

from schoolday.lib.errors import BadSettings, Busy

TIME_COST, MEMORY_KIB, PARALLELISM = 2, 19_456, 1  # OWASP Password Storage Cheat Sheet: the minimum for argon2id
PASSWORD_AT_MOST_BYTES = 4_096  # longer ones only cost time; Django has no limit of its own
MESSAGE_AT_MOST_BYTES = 16_384
SOCKET_NAME = "hasher.sock"
_ADDRESS_AT_MOST_BYTES = 107  # sun_path of Linux, less its end


class HasherDown(Busy):
    """The hasher does not answer. There is no second way to check a password."""

    text = "Signing on with a password rests for a moment. Classes are open for everyone who signed on before."
    retry_after_seconds = 5


LAST_RANK = 2  # 0: staff, 1: everybody else, 2: after all others


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """
    Somebody in the waiting line, as her ticket holds it.

    `account`: a keyed hash of the user name; `bell_at`: when her next meeting starts, in seconds since 1970;
    `is_known`: somebody has that user name; `told`, `told_at_ms`, `told_seconds`: the place she was told last, when,
    and the estimate; 0: she has just come.
    """

    account: bytes
    rank: int
    bell_at: int
    arrived_at_ms: int
    is_known: bool
    told: int = 0
    told_at_ms: int = 0
    told_seconds: int = 0


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """Where a visitor stands. `place` 0: it is her turn. `rank`: what she counts as from now on."""

    place: int
    rank: int = 1
    wait_seconds: int = 0
    poll_after_seconds: int = 0


class Request(msgspec.Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """
    `hash`: password and salt; `verify`: password and encoded (argon2's own form); `stats`: neither.

    `account` of a hash or verify: whose turn in the line it uses up. `arrive`: may this account go on at once?
    `line`: where does this visitor stand? `leave`: this account does not use its turn.
    """

    do: Literal["hash", "verify", "stats", "arrive", "line", "leave"]
    password: str = ""
    salt: bytes = b""
    encoded: str = ""
    within_ms: int = 5_000
    account: bytes = b""
    visitor: Visitor | None = None

    def __repr__(self) -> str:
        return f"Request(do={self.do!r})"  # a password must not reach a traceback


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """What the hasher has done since it started. Milliseconds are of one hash, the mean of the last ones."""

    pid: int
    slots: int
    queue_at_most: int
    waiting: int
    running: int
    hashed: int
    busy: int
    given_up: int
    mean_ms: float
    in_line: int
    turns: int
    hashes_per_second: float


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """
    One of: `encoded` of a hash, `matches` of a verify, `stats`, `turn` of a line or arrive; or `busy` with when to
    come again. An arrive without a turn: look up how urgent it is, and ask for the line.
    """

    encoded: str = ""
    matches: bool = False
    stats: Stats | None = None
    busy: bool = False
    retry_after_seconds: int = 0
    refused: str = ""
    turn: Turn | None = None


_requests = msgspec.msgpack.Decoder(Request)
_answers = msgspec.msgpack.Decoder(Answer)
_encoder = msgspec.msgpack.Encoder()


def frame(message: Request | Answer) -> bytes:
    """Return the message as it crosses the socket."""
    body = _encoder.encode(message)
    return len(body).to_bytes(4, "big") + body


def read_request(body: bytes) -> Request:
    """
    Return the request.

    :raises msgspec.MsgspecError: if it is none
    """
    return _requests.decode(body)


def socket_path(run_dir: Path) -> Path:
    """
    Return where the hasher listens.

    :raises BadSettings: if the path is longer than Linux allows for a socket
    """
    path = run_dir / SOCKET_NAME
    if len(os.fsencode(path)) > _ADDRESS_AT_MOST_BYTES:
        raise BadSettings(
            f"{path} is longer than the {_ADDRESS_AT_MOST_BYTES} letters that Linux allows for a socket: "
            "choose a shorter SCHOOLDAY_HOME."
        )
    return path


def ask(path: Path, request: Request, *, timeout_seconds: float) -> Answer:
    """
    Ask the hasher; one connection, blocks until it answers.

    :raises HasherDown: if it is not there, answers nonsense, or takes longer than `timeout_seconds`
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout_seconds)
            line.connect(os.fspath(path))
            line.sendall(frame(request))
            size = int.from_bytes(_exactly(line, 4), "big")
            if size > MESSAGE_AT_MOST_BYTES:
                raise HasherDown
            return _answers.decode(_exactly(line, size))
    except (OSError, msgspec.MsgspecError) as error:
        raise HasherDown from error


def _exactly(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = line.recv(size - len(data))
        if not part:
            raise ConnectionError("the hasher hung up")
        data += part
    return data
