"""The mail channel: one open connection per hand, and what each answer of a mail server means."""

import contextlib
import smtplib
import threading
import time
from typing import Any

from anymail.exceptions import AnymailRecipientsRefused
from django.core.mail import get_connection

from schoolday.office.notices.addresses import mail_of
from schoolday.office.notices.channels.channel import SENT, Channel, Message, Outcome
from schoolday.office.notices.channels.mail.letter import letter
from schoolday.office.notices.channels.mail.smtp import EmailBackend
from schoolday.settings_spec import Settings

_IDLE_SECONDS = 20.0  # servers hang up after 30 s and more (RFC 5321 4.5.3.2 asks for 5 minutes; few keep to it)
_MAILS_PER_CONNECTION = 100  # many servers end one after that many
_TRY_LATER = frozenset({421, 450, 451, 452, 454, 455})


class Mail(Channel):
    """
    Mail. Of a mail that may have gone out nobody can be asked: it is not sent again, but in an emergency once, with the
    same Message-ID.
    """

    name = "mail"
    says_when_it_leaves = True

    def __init__(self, settings: Settings) -> None:
        self.per_second = settings["MAIL_PER_SECOND"]
        self.per_lane_per_second = settings["MAIL_PER_DOMAIN_PER_SECOND"]
        self.parallel = settings["MAIL_PARALLEL"]
        self._is_on = bool(settings["MAIL_HOST"] or settings["MAIL_SERVICE"])
        self._has_sender = bool(settings["MAIL_FROM"])
        self._hand = threading.local()
        self._open: set[Any] = set()

    def why_off(self) -> str:
        if not self._is_on:
            return "not_set_up"
        return "" if self._has_sender else "no_sender"

    def send(self, message: Message) -> Outcome:
        person = message.delivery.person
        if person is None or not mail_of(person.email):
            return Outcome("never", "no_contact")  # the roster has taken the address back since
        mail = letter(message, person)
        backend: Any = None
        try:
            backend = self._connection()
            if isinstance(backend, EmailBackend):
                backend.tell(message.leaving)
            else:
                message.leaving()
            backend.send_messages([mail])
        except Exception as error:  # a channel raises nothing: each kind becomes an outcome
            outcome = _outcome_of(error, body_left=bool(getattr(backend, "body_left", False)))
            if outcome.result in ("down", "unknown"):
                self._hang_up()
            return outcome
        self._hand.used_at = time.monotonic()
        self._hand.count += 1
        # A service's own name of the mail, by which it tells later what became of it; SMTP has none.
        service_id = getattr(getattr(mail, "anymail_status", None), "message_id", None)
        return SENT if service_id is None else Outcome("sent", "", str(service_id)[:80])

    def close(self) -> None:
        while self._open:
            with contextlib.suppress(Exception):
                self._open.pop().close()

    def _connection(self) -> Any:
        """Return this hand's open connection: a new one when the last is old, idle, or was hung up."""
        hand = self._hand
        backend = getattr(hand, "backend", None)
        idle = backend is not None and time.monotonic() - hand.used_at > _IDLE_SECONDS
        if backend is None or idle or hand.count >= _MAILS_PER_CONNECTION:
            self._hang_up()
            backend = get_connection()
            backend.open()
            hand.backend = backend
            self._open.add(backend)
            hand.count, hand.used_at = 0, time.monotonic()
        return backend

    def _hang_up(self) -> None:
        backend = getattr(self._hand, "backend", None)
        self._hand.backend = None
        if backend is None:
            return
        self._open.discard(backend)
        with contextlib.suppress(Exception):  # it is gone either way
            backend.close()


def _outcome_of(error: Exception, *, body_left: bool) -> Outcome:
    """
    Return what an error means for the one mail that was being sent.

    4xx: later; 5xx to an address or a message: never; 5xx to us (greeting, sign-on, sender) and no line: the channel is
    down. A line that broke after the message itself began: unknown.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return Outcome("down" if code == 421 else "later" if code < 500 else "never", f"smtp_{code}")
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPHeloError | smtplib.SMTPConnectError):
        return Outcome("down", f"smtp_{error.smtp_code}")
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Outcome(
            "down" if error.smtp_code >= 500 or error.smtp_code == 421 else "later", f"smtp_{error.smtp_code}"
        )
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code in _TRY_LATER or 400 <= error.smtp_code < 500:
            return Outcome("down" if error.smtp_code == 421 else "later", f"smtp_{error.smtp_code}")
        return Outcome("never", f"smtp_{error.smtp_code}") if error.smtp_code >= 500 else Outcome("down", "smtp_broken")
    if isinstance(error, OSError | smtplib.SMTPException):
        return Outcome("unknown", "line_broke") if body_left else Outcome("down", "no_line")
    return _outcome_of_service(error)


def _outcome_of_service(error: Exception) -> Outcome:
    """Return what an error of a mail service means (django-anymail); by its HTTP status where it has one."""
    if isinstance(error, AnymailRecipientsRefused):
        return Outcome("never", "rejected")
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    if status == 429:
        return Outcome("down", "http_429", after_seconds=10)
    if status and 400 <= status < 500 and status not in (401, 403, 408):
        return Outcome("never", f"http_{status}")
    if status:
        return Outcome("down", f"http_{status}")
    return Outcome("unknown", type(error).__name__)
