"""Calls through Twilio: a voice reads the notice, twice, in the person's language."""

from xml.sax.saxutils import escape

from schoolday.office.notices.addresses import phone_of
from schoolday.office.notices.channels.channel import Channel, Message, Outcome
from schoolday.office.notices.channels.twilio import Twilio, status_url
from schoolday.settings_spec import Settings

# Twilio has no voice for Haitian Creole; a French one reads it better than an English one (our judgement).
_VOICES = {"en": "en-US", "es": "es-US", "ht": "fr-FR"}


class Voice(Channel):
    """Calls. Of one that may have gone out Twilio is asked."""

    name = "voice"
    can_find = True

    def __init__(self, settings: Settings) -> None:
        self.per_second = settings["VOICE_PER_SECOND"]
        self.parallel = settings["VOICE_PARALLEL"]
        number: str = settings["TWILIO_FROM"]
        self._from: str = settings["TWILIO_VOICE_FROM"] or (number if number.startswith("+") else "")
        self._twilio = Twilio(settings, "Calls")

    def why_off(self) -> str:
        return self._twilio.why_off() or ("" if self._from else "no_sender")

    def send(self, message: Message) -> Outcome:
        to = _to(message)
        if not to:
            return Outcome("never", "no_contact")
        callback = status_url(message)
        return self._twilio.create({"To": to, "From": self._from, "Twiml": twiml(message), "StatusCallback": callback})

    def find(self, message: Message) -> Outcome | None:
        return self._twilio.find(to=_to(message), message=message, matches=lambda row: True)

    def close(self) -> None:
        self._twilio.close()


def twiml(message: Message) -> str:
    """Return what the voice says; the link is left out, nobody can tap on it in a call."""
    words = message.words
    spoken = f"{words.title}. {words.text.replace(words.link, '').strip()}"
    say = f'<Say language="{_VOICES.get(message.language, "en-US")}">{escape(spoken)}</Say>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="1"/>{say}<Pause length="1"/>{say}</Response>'
    )


def _to(message: Message) -> str:
    person = message.delivery.person
    return phone_of(person.phone) if person else ""
