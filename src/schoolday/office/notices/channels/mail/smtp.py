"""SMTP that says when the message itself leaves: what broke before that was certainly not taken over."""

import smtplib
from collections.abc import Callable
from typing import Any

from django.core.mail.backends import smtp


class _Smtp(smtplib.SMTP):
    body_left = False
    on_leaving: Callable[[], None] | None = None

    def mail(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.body_left = False
        return super().mail(*args, **kwargs)

    def send(self, s: Any) -> None:
        # smtplib sends commands as text and, once the server said 354, the message as bytes.
        if isinstance(s, bytes) and not self.body_left:
            if self.on_leaving:
                self.on_leaving()
            self.body_left = True
        super().send(s)


class _SmtpTls(_Smtp, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's own, telling its owner when a message leaves."""

    @property
    def connection_class(self) -> Any:
        return _SmtpTls if self.use_ssl else _Smtp

    @property
    def body_left(self) -> bool:
        return bool(getattr(self.connection, "body_left", False))

    def tell(self, on_leaving: Callable[[], None]) -> None:
        """Call this just before the next message's own bytes."""
        if isinstance(self.connection, _Smtp):
            self.connection.on_leaving = on_leaving
            self.connection.body_left = False
