"""Django's side of the hasher: passwords are hashed and checked in that process, never in this one."""

import contextlib
import contextvars
from collections.abc import Iterator
from pathlib import Path

import msgspec
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from schoolday.lib.errors import BadRequest
from schoolday.office.signin import hasher_protocol as protocol
from schoolday.office.signin.hasher_protocol import Answer, HasherDown, Request

CLERK_TIMEOUT_SECONDS = 2.0  # it answers at once or not at all
TIMEOUT_SECONDS = 5.0  # a child waits no longer for one sentence; the line itself is a quarter of a second


_turn: contextvars.ContextVar["list[bytes] | None"] = contextvars.ContextVar("turn_in_line", default=None)


class HasherBusy(HasherDown):
    """The line before the hasher is full."""

    text = "Many people are signing on right now. Try again in a moment."


class HasherProcess(Argon2PasswordHasher):
    """
    argon2id with OWASP's minimum, in the hasher's process; about 30 ms plus the line.

    There is no fallback: without the hasher `encode` and `verify` raise.

    :raises HasherDown: if it is not there or does not answer in time
    :raises HasherBusy: if its line is full; says when to come again
    """

    time_cost = protocol.TIME_COST
    memory_cost = protocol.MEMORY_KIB
    parallelism = protocol.PARALLELISM

    def encode(self, password: str, salt: str) -> str:
        return f"{self.algorithm}{_ask(Request(do='hash', password=password, salt=salt.encode())).encoded}"

    def verify(self, password: str, encoded: str) -> bool:
        algorithm, _, rest = encoded.partition("$")
        if algorithm != self.algorithm:
            return False
        return _ask(Request(do="verify", password=password, encoded="$" + rest)).matches


def hasher_socket() -> Path:
    """Return where the hasher of this installation listens."""
    return protocol.socket_path(settings.SCHOOLDAY.run_dir)


@contextlib.contextmanager
def using_turn_of(account: bytes) -> Iterator[None]:
    """Let the first hash in here use the turn that the account has in the line; give it back if there is none."""
    unused = [account]
    token = _turn.set(unused)
    try:
        yield
    finally:
        _turn.reset(token)
        if unused:
            with contextlib.suppress(HasherDown):  # then the turn ends by itself
                ask_clerk(Request(do="leave", account=account))


def ask_clerk(request: Request) -> Answer:
    """
    Ask the clerk of the waiting line; a tenth of a millisecond.

    :raises HasherDown: if the hasher is not there
    :raises HasherBusy: if the line itself is full; says when to come again
    """
    return _sent(request, timeout_seconds=CLERK_TIMEOUT_SECONDS)


def _ask(request: Request) -> Answer:
    unused = _turn.get()
    if unused:
        request = msgspec.structs.replace(request, account=unused.pop())
    if len(request.password.encode(errors="surrogatepass")) > protocol.PASSWORD_AT_MOST_BYTES:
        raise BadRequest("This password is too long.")
    answer = _sent(request, timeout_seconds=TIMEOUT_SECONDS)
    if request.do == "hash" and not answer.encoded:
        raise HasherDown
    return answer


def _sent(request: Request, *, timeout_seconds: float) -> Answer:
    answer = protocol.ask(hasher_socket(), request, timeout_seconds=timeout_seconds)
    if answer.busy:
        raise HasherBusy(retry_after_seconds=answer.retry_after_seconds)
    if answer.refused:
        raise HasherDown
    return answer
