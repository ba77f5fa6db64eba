"""A notice as a mail: plain text and simple HTML in the reader's language, with what mail programs need."""

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
from schoolday.office.people.models import Person


def message_id(message: Message) -> str:
    """Return the mail's id: of its row, so that the same mail sent twice is one mail to whoever compares."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<notice-{message.notice.id}-{message.delivery.pk}@{domain}>"


def letter(message: Message, person: Person) -> EmailMultiAlternatives:
    """Return the mail. RFC 8058: one click ends what is no emergency; RFC 3834: no machine answers it."""
    public_url = settings.SCHOOLDAY["PUBLIC_URL"]
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
        leave = f"{public_url}{reverse('notices:leave', args=[leave_token(person.id)])}"
        headers |= {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    with translation.override(message.language):
        ending = (
            gettext("This is an emergency: it goes to everybody, by every way we know.")
            if message.is_emergency
            else gettext("Choose how we tell you: %(link)s") % {"link": f"{public_url}{reverse('notices:preferences')}"}
        )
        leaving = gettext("No more mail like this: %(link)s") % {"link": leave} if leave else ""
        portal = settings.SCHOOLDAY["PORTAL_NAME"]
        words = message.words
        lines = [words.text, "", words.link, "", "-- ", portal, ending, leaving]
        html = render_to_string(
            "notices/mail/letter.html",
            {"words": words, "portal": portal, "ending": ending, "leave": leave, "language": message.language},
        )
    mail = EmailMultiAlternatives(
        subject=" ".join(words.title.split()),
        body="\n".join(lines).rstrip() + "\n",
        to=[mail_of(person.email)],
        headers=headers,
    )
    mail.attach_alternative(html, "text/html")
    return mail
