"""A real SMTP server on loopback that can be slow, refuse, or say later: aiosmtpd."""

import asyncio
import contextlib
import email
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

Answer = Callable[[str], str | None]


@dataclass
class Mailbox:
    """What arrived. `answer` may say something else than 250 to a RCPT; `at_data` to the message itself."""

    keep_bodies: bool = True
    answer: Answer = lambda to: None
    at_data: Answer = lambda to: None
    slow_seconds: float = 0.0
    to: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    mails: list[EmailMessage] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, to: str, options: Any) -> str:
        self.asked[to] += 1
        said = self.answer(to)
        if said:
            return said
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = self.at_data(envelope.rcpt_tos[0])
        if said:
            return said
        head = envelope.content.split(b"\r\n\r\n", 1)[0]
        with self._lock:
            self.to += envelope.rcpt_tos
            self.times.append(time.monotonic())
            for line in head.split(b"\r\n"):
                if line.lower().startswith(b"message-id:"):
                    self.ids[line[11:].strip().decode()] += 1
            if self.keep_bodies:
                self.mails.append(email.message_from_bytes(envelope.content, policy=POLICY))
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        return "250 OK"

    def to_one(self, address: str) -> EmailMessage:
        return next(mail for mail in self.mails if mail["To"] == address)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="mail.test", enable_SMTPUTF8=True, data_size_limit=2**20, timeout=60)


@contextlib.contextmanager
def mail_server(box: Mailbox | None = None, *, port: int = 0) -> Iterator[Mailbox]:
    """Run a mail server on a free port for the time of this context."""
    from tests.free_ports import free_ports

    box = box or Mailbox()
    box.port = port or int(free_ports("PORT")["PORT"])
    controller = _Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
