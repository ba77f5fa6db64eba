"""The push channel: what is sent, and what each answer of a push service means."""

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpx
from pywebpush import WebPusher, WebPushException

from schoolday.office.notices.channels.channel import SENT, Channel, Message, Outcome
from schoolday.office.notices.channels.push.hosts import is_known
from schoolday.office.notices.channels.push.vapid import Tickets
from schoolday.office.notices.models import Delivery, PushSubscription
from schoolday.settings_spec import Settings

_ANSWER_SECONDS = 10.0
_CONNECT_SECONDS = 5.0
_KEPT_SECONDS = 12 * 3_600  # how long a push service keeps it for a browser that is closed
_BODY_LETTERS = 700  # 4,096 bytes is what every service takes (RFC 8030), and no screen shows more
_GONE = frozenset({404, 410})


class Push(Channel):
    """Web push. `tag` and `Topic` are the notice's, so a second one takes the first one's place: safe twice."""

    name = "push"
    is_safe_twice = True

    def __init__(self, settings: Settings) -> None:
        self.per_second = settings["PUSH_PER_SECOND"]
        self.parallel = settings["PUSH_PARALLEL"]
        self._hosts = tuple(settings["PUSH_HOSTS"].split())
        self._public_url = settings["PUBLIC_URL"]
        self._tickets = Tickets()
        self._subscriptions: dict[str, PushSubscription] = {}
        self._http = httpx.Client(
            timeout=httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=64),
            follow_redirects=False,
        )

    def why_off(self) -> str:
        return "" if self._hosts else "not_set_up"

    def before(self, rows: Sequence[Delivery]) -> None:
        self._subscriptions = PushSubscription.objects.in_bulk([row.target for row in rows])

    def send(self, message: Message) -> Outcome:
        to = self._subscriptions.get(message.delivery.target)
        if to is None or to.person_id != message.delivery.person_id:
            return Outcome("never", "push_gone")
        if not is_known(to.endpoint, self._hosts):
            return Outcome("never", "push_host")
        try:
            encoded = WebPusher({"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}}).encode(
                json.dumps(payload(message), ensure_ascii=False).encode()
            )
            parts = urlsplit(to.endpoint)
            headers = {
                "Authorization": self._tickets.header(f"{parts.scheme}://{parts.netloc}"),
                "Content-Encoding": "aes128gcm",
                "TTL": str(_KEPT_SECONDS),
                "Urgency": "high" if message.notice.level != "info" else "normal",
                "Topic": message.notice.id,
            }
        except (WebPushException, ValueError):
            return Outcome("never", "push_keys")
        try:
            answer = self._http.post(to.endpoint, content=encoded["body"], headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Outcome("later", "no_line")
        except httpx.HTTPError:
            return Outcome("unknown", "line_broke")
        return _outcome_of(answer)

    def after(self, rows: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Forget the browsers that are gone."""
        gone = [row.target for row, outcome in rows if outcome.result == "never" and outcome.reason == "push_gone"]
        PushSubscription.objects.filter(id__in=gone).delete()

    def close(self) -> None:
        self._http.close()


def payload(message: Message) -> dict[str, str]:
    """Return what the service worker shows: docs/operate/notices.md#web-push."""
    words = message.words
    body = words.text if len(words.text) <= _BODY_LETTERS else words.text[: _BODY_LETTERS - 1] + "…"
    return {
        "title": words.title,
        "body": body,
        "url": words.link,
        "tag": message.notice.id,
        "lang": message.language,
        "level": message.notice.level,
    }


def _outcome_of(answer: httpx.Response) -> Outcome:
    """One push service that fails is not the channel: others go on, so its rows wait one by one."""
    status = answer.status_code
    if status in (200, 201, 202):
        return SENT
    if status in _GONE:
        return Outcome("never", "push_gone")
    if status == 429 or status >= 500:
        after = answer.headers.get("Retry-After", "")
        return Outcome("later", f"http_{status}", after_seconds=min(600.0, float(after)) if after.isdigit() else 0)
    return Outcome("never", f"http_{status}")
