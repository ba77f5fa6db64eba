"""Text messages through Twilio."""

from schoolday.office.notices.addresses import phone_of
from schoolday.office.notices.channels.channel import Channel, Message, Outcome
from schoolday.office.notices.channels.twilio import Twilio, status_url
from schoolday.settings_spec import Settings


class Sms(Channel):
    """Text messages. Of one that may have gone out Twilio is asked, so none is lost and none sent twice."""

    name = "sms"
    can_find = True

    def __init__(self, settings: Settings) -> None:
        self.per_second = settings["SMS_PER_SECOND"]
        self.parallel = settings["SMS_PARALLEL"]
        self._from: str = settings["TWILIO_FROM"]
        self._twilio = Twilio(settings, "Messages")

    def why_off(self) -> str:
        return self._twilio.why_off() or ("" if self._from else "no_sender")

    def send(self, message: Message) -> Outcome:
        to = _to(message)
        if not to:
            return Outcome("never", "no_contact")
        sender = "MessagingServiceSid" if self._from.startswith("MG") else "From"
        form = {"To": to, sender: self._from, "Body": message.words.sms, "StatusCallback": status_url(message)}
        return self._twilio.create(form)

    def find(self, message: Message) -> Outcome | None:
        body = message.words.sms
        return self._twilio.find(to=_to(message), message=message, matches=lambda row: row.get("body") == body)

    def close(self) -> None:
        self._twilio.close()


def _to(message: Message) -> str:
    person = message.delivery.person
    return phone_of(person.phone) if person else ""
