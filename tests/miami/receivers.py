"""What families have: a mail server, a Twilio and a push service, each real enough to read what it was sent."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.device import Device
from tests.office.notices.http_server import Call, HttpEnd, MockTwilio, http_end
from tests.office.notices.mail_server import Mailbox, mail_server
from tests.office.notices.push_browser import Browser

TITLES = {"en": "Classes have moved", "es": "Las clases cambiaron de lugar", "ht": "Klas yo chanje plas"}


@dataclass
class Receivers:
    """`browsers`: by the person whose push each reads."""

    mail: Mailbox
    twilio: MockTwilio
    twilio_end: HttpEnd
    push_end: HttpEnd
    browsers: dict[str, Browser] = field(default_factory=dict)

    def settings(self) -> dict[str, str]:
        return {
            "MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(self.mail.port), "MAIL_TLS": "none",
            "MAIL_FROM": "Bay County Schools <notices@bay.example>",
            "TWILIO_URL": self.twilio_end.url, "TWILIO_ACCOUNT": self.twilio.account,
            "TWILIO_TOKEN": self.twilio.token, "TWILIO_FROM": "+13055550199", "PUSH_HOSTS": self.push_end.url,
        }  # fmt: skip

    def subscribe(self, device: Device) -> None:
        """Let this device's person be told by push, as her browser would after she allowed it."""
        browser = Browser(f"/push/{device.person_id}")
        self.browsers[device.person_id] = browser
        device.post("/api/push", browser.subscription(self.push_end.url))

    def pushed(self, person: str) -> list[dict[str, str]]:
        return self.browsers[person].read

    def languages_by_mail(self) -> dict[str, str]:
        """By address, the language in which it was told that classes moved."""
        return {
            str(mail["To"]): language
            for mail in list(self.mail.mails)
            for language, title in TITLES.items()
            if title in str(mail["Subject"])
        }

    def languages_by_text(self) -> dict[str, str]:
        """By number, the same; a text message has no title, so its words tell."""
        words = {"en": "Open ", "es": "Abra ", "ht": "Ouvri "}
        return {
            row["to"]: language
            for row in list(self.twilio.rows)
            for language, word in words.items()
            if row["kind"] == "messages" and word in row["body"]
        }


@contextmanager
def receivers() -> Iterator[Receivers]:
    with ExitStack() as stack:
        twilio = MockTwilio()
        found = Receivers(
            stack.enter_context(mail_server()),
            twilio,
            stack.enter_context(http_end(twilio)),
            stack.enter_context(http_end(lambda call: _take(found, call))),
        )
        yield found


def _take(found: Receivers, call: Call) -> tuple[int, object]:
    browser = next((one for one in list(found.browsers.values()) if one.path == call.path), None)
    if browser is None:
        return 404, {}
    browser.take(call)
    return 201, {}
