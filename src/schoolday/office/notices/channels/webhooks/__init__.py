"""Web hooks: Slack, Microsoft Teams, and any program that reads signed JSON."""

import hashlib
import hmac
from typing import Any

import httpx
import msgspec

from schoolday.lib import clock
from schoolday.office.notices.channels.channel import SENT, Channel, Message, Outcome
from schoolday.office.notices.public import public_words
from schoolday.settings_spec import Settings

_ANSWER_SECONDS = 10.0
_LANGUAGES = ("en", "es", "ht")
KINDS = ("slack", "teams", "json")


class Webhooks(Channel):
    """One row per hook. A JSON hook knows a second one by its id; Slack and Teams do not, so there none is repeated."""

    name = "webhooks"
    per_second = 5.0
    parallel = 4

    def __init__(self, settings: Settings) -> None:
        self._hooks: dict[str, str] = settings["WEBHOOKS"]
        self._secret: str = settings["WEBHOOK_SECRET"]
        self._http = httpx.Client(timeout=_ANSWER_SECONDS, follow_redirects=False)

    def why_off(self) -> str:
        return "" if self._hooks else "not_set_up"

    def send(self, message: Message) -> Outcome:
        hook = message.delivery.target
        url, kind = self._hooks.get(hook, ""), hook.partition("-")[0]
        if not url or kind not in KINDS:
            return Outcome("never", "no_hook")
        if kind == "json" and not self._secret:
            return Outcome("never", "no_secret")
        body = msgspec.json.encode(_FORMS[kind](message))
        headers = {"Content-Type": "application/json"}
        if kind == "json":
            headers["X-Schoolday-Signature"] = sign(self._secret, body, at=clock.now_seconds())
        try:
            answer = self._http.post(url, content=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Outcome("later", "no_line")  # one hook that is dead is not the channel
        except httpx.HTTPError:
            return Outcome("later" if kind == "json" else "unknown", "line_broke")
        if answer.is_success:
            return SENT
        again = answer.status_code in (408, 429) or answer.status_code >= 500
        return Outcome("later" if again else "never", f"http_{answer.status_code}")

    def find(self, message: Message) -> Outcome | None:
        return Outcome("later", "killed") if message.delivery.target.partition("-")[0] == "json" else None

    def close(self) -> None:
        self._http.close()


def sign(secret: str, body: bytes, *, at: int) -> str:
    """Return `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`, so that an old one can be refused."""
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


def _texts(message: Message) -> dict[str, tuple[str, str]]:
    zone = message.zone
    found = {lang: public_words(message.notice, language=lang, zone=zone) for lang in _LANGUAGES}
    return {lang: (words.title, words.text) for lang, words in found.items()}


def _slack(message: Message) -> dict[str, Any]:
    parts = [f"*{_plain(title)}*\n{_plain(text)}" for title, text in _texts(message).values()]
    return {"text": "\n\n".join([*parts, message.words.link])}


def _teams(message: Message) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    for title, text in _texts(message).values():
        blocks.append({"type": "TextBlock", "text": title, "weight": "Bolder", "wrap": True})
        blocks.append({"type": "TextBlock", "text": text, "wrap": True})
    card = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
        "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": message.words.link}],
    }
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card}],
    }


def _json(message: Message) -> dict[str, Any]:
    notice = message.notice
    return {
        "id": notice.id,
        "meaning": notice.meaning,
        "follows": notice.follows_id or "",
        "level": notice.level,
        "at": int(notice.sent_at.timestamp()) if notice.sent_at else 0,
        "incident": notice.incident_id,
        "texts": {lang: {"title": title, "text": text} for lang, (title, text) in _texts(message).items()},
        "url": message.words.link,
    }


def _plain(text: str) -> str:
    """Slack reads these three as its own marks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_FORMS = {"slack": _slack, "teams": _teams, "json": _json}
