"""Twilio's API, or another that speaks it: text messages and calls begin with one POST, and can be asked for after."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from django.conf import settings as django_settings
from django.urls import reverse

from schoolday.lib.signing import same
from schoolday.office.notices.channels.channel import Message, Outcome
from schoolday.settings_spec import Settings

_ANSWER_SECONDS = 15.0
_CONNECT_SECONDS = 5.0
_CLOCKS_APART = timedelta(seconds=5)
# Wrong, unknown, not mobile, not allowed, blocked by its owner: Twilio's error dictionary.
_OUR_FAULT = frozenset({20003, 20404, 21606, 21603, 21212, 21659, 21660, 21701, 21703, 30002})


class Twilio:
    """One account. `kind`: Messages or Calls."""

    def __init__(self, settings: Settings, kind: str) -> None:
        self.account: str = settings["TWILIO_ACCOUNT"]
        self._token: str = settings["TWILIO_TOKEN"]
        self._url = f"{settings['TWILIO_URL'].rstrip('/')}/2010-04-01/Accounts/{self.account}/{kind}.json"
        self._kind = kind.lower()
        self._http = httpx.Client(
            auth=(self.account, self._token),
            timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=32),
        )

    def why_off(self) -> str:
        return "" if self.account and self._token else "not_set_up"

    def create(self, form: Mapping[str, str]) -> Outcome:
        """Begin one message or call."""
        try:
            answer = self._http.post(self._url, data=dict(form))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
            return Outcome("down", "no_line")
        except httpx.HTTPError:
            return Outcome("unknown", "line_broke")
        return outcome_of(answer)

    def find(self, *, to: str, message: Message, matches: Any) -> Outcome | None:
        """
        Return what became of a message that may have gone out, by asking for those to its number since.

        None when the other side does not answer: ask again later.
        """
        since = message.began_at - _CLOCKS_APART
        day = "DateSent>" if self._kind == "messages" else "StartTime>"
        try:
            answer = self._http.get(self._url, params={"To": to, day: since.date().isoformat(), "PageSize": "100"})
            rows = answer.json().get(self._kind, []) if answer.status_code == 200 else None
        except (httpx.HTTPError, ValueError):
            return None
        if rows is None:
            return None
        for row in rows:
            made = row.get("date_created") or ""
            if matches(row) and made and parsedate_to_datetime(made) >= since.replace(microsecond=0):
                return Outcome("sent", "", str(row.get("sid", "")))
        return Outcome("later", "killed")

    def close(self) -> None:
        self._http.close()


def outcome_of(answer: httpx.Response) -> Outcome:
    """Return what Twilio's answer means for the one message."""
    try:
        said = answer.json()
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    if answer.status_code in (200, 201):
        sid = str(said.get("sid", ""))
        # 200 with a stranger's page, as a captive portal gives it, is no Twilio.
        return Outcome("sent", "", sid[:80]) if sid else Outcome("down", "not_twilio")
    code = said.get("code")
    reason = f"twilio_{code}" if code else f"http_{answer.status_code}"
    if answer.status_code == 429:
        return Outcome("down", reason, after_seconds=_seconds(answer.headers.get("Retry-After", ""), 2.0))
    if answer.status_code >= 500 or answer.status_code in (401, 403, 404, 408) or code in _OUR_FAULT:
        return Outcome("down", reason, after_seconds=0)
    return Outcome("never", reason)


def status_url(message: Message) -> str:
    """Return where Twilio tells what became of a message."""
    public_url: str = django_settings.SCHOOLDAY["PUBLIC_URL"]
    return f"{public_url}{reverse('notices:twilio', args=[message.delivery.pk])}"


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """Return X-Twilio-Signature: HMAC-SHA1 over the URL and the sorted fields (Twilio's security page)."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def is_by_twilio(*, url: str, form: Mapping[str, str], said: str) -> bool:
    """Say whether a request is signed with our account's token; without one nobody can have signed it."""
    token: str = django_settings.SCHOOLDAY["TWILIO_TOKEN"]
    return bool(token) and same(signature(token, url, form).encode(), said.encode())


def _seconds(text: str, otherwise: float) -> float:
    return min(60.0, float(text)) if text.isdigit() else otherwise
