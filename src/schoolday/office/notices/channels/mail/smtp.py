"""SMTP that knows whether the message itself was already on its way when a line broke."""

import smtplib
from typing import Any

from django.core.mail.backends import smtp


class _Smtp(smtplib.SMTP):
    data_began = False

    def mail(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        self.data_began = False
        return super().mail(*args, **kwargs)

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.data_began = True
        return super().data(msg)


class _SmtpTls(_Smtp, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's own, with `data_began` on its connection; the one line that decides between later and unknown."""

    @property
    def connection_class(self) -> Any:
        return _SmtpTls if self.use_ssl else _Smtp

    @property
    def data_began(self) -> bool:
        return bool(getattr(self.connection, "data_began", False))
