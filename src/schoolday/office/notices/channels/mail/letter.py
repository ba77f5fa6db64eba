"""A notice as a mail: plain text and simple HTML in the reader's language, with what mail programs need."""

import functools
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from schoolday.office.notices.addresses import mail_of
from schoolday.office.notices.channels.channel import Message
from schoolday.office.notices.leaving import leave_token
from schoolday.office.notices.texts import Words
from schoolday.office.people.models import Person

_LEAVE = "https://leave.invalid/"


def message_id(message: Message) -> str:
    """Return the mail's id: of its row, so that the same mail sent twice is one mail to whoever compares."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<notice-{message.notice.id}-{message.delivery.pk}@{domain}>"


def letter(message: Message, person: Person) -> EmailMultiAlternatives:
    """Return the mail. RFC 8058: one click ends what is no emergency; RFC 3834: no machine answers it."""
    headers = {
        "Message-ID": message_id(message),
        "Content-Language": message.language,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    leave = ""
    if message.is_emergency:
        headers |= {"Importance": "high", "X-Priority": "1"}
    else:
        leave = f"{settings.SCHOOLDAY['PUBLIC_URL']}{reverse('notices:leave', args=[leave_token(person.id)])}"
        headers |= {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    plain, html = _bodies(message.words, message.language, message.is_emergency)
    mail = EmailMultiAlternatives(
        subject=" ".join(message.words.title.split()),
        body=plain.replace(_LEAVE, leave),
        to=[mail_of(person.email)],
        headers=headers,
    )
    mail.attach_alternative(html.replace(_LEAVE, leave), "text/html")
    return mail


@functools.lru_cache(256)
def _bodies(words: Words, language: str, is_emergency: bool) -> tuple[str, str]:
    """Return plain text and HTML, with a mark where each person's own link goes; the rest is the same for thousands."""
    public_url = settings.SCHOOLDAY["PUBLIC_URL"]
    leave = "" if is_emergency else _LEAVE
    with translation.override(language):
        ending = (
            gettext("This is an emergency: it goes to everybody, by every way we know.")
            if is_emergency
            else gettext("Choose how we tell you: %(link)s") % {"link": f"{public_url}{reverse('notices:preferences')}"}
        )
        leaving = gettext("No more mail like this: %(link)s") % {"link": leave} if leave else ""
        portal = settings.SCHOOLDAY["PORTAL_NAME"]
        lines = [words.text, "", words.link, "", "-- ", portal, ending, leaving]
        context = {"words": words, "portal": portal, "ending": ending, "leave": leave, "language": language}
        html = render_to_string("notices/mail/letter.html", context)
    return "\n".join(lines).rstrip() + "\n", html
