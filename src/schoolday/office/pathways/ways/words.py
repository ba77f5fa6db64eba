"""What people read of alternates: kinds, what is wrong with one, what it shares, what a look at its link found."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schoolday.live.alternates import BadAlternate, number_and_pin
from schoolday.live.sharing import Shared

KIND_NAMES = {
    "zoom": gettext_lazy("Zoom"),
    "teams": gettext_lazy("Microsoft Teams"),
    "meet": gettext_lazy("Google Meet"),
    "jitsi": gettext_lazy("Jitsi"),
    "bbb": gettext_lazy("BigBlueButton"),
    "phone": gettext_lazy("Phone"),
    "link": gettext_lazy("Another link"),
    "packet": gettext_lazy("Today's lesson"),
}
_REASONS = {
    "empty": gettext_lazy("Write a link or a phone number."),
    "too_long": gettext_lazy("This is too long."),
    "bad_kind": gettext_lazy("Choose how the class meets: Zoom, Teams, Meet, phone or another."),
    "bad_phone": gettext_lazy("Write the phone number with digits, for example +1 305 555 0100,,123456#."),
    "no_link": gettext_lazy("Write the whole link. It begins with https:// and has no spaces."),
    "not_https": gettext_lazy("Write the whole link. It begins with https:// and has no spaces."),
    "no_host": gettext_lazy("Write the whole link. It begins with https:// and has no spaces."),
    "password": gettext_lazy("This link holds a user's name or password. Every child of the class would see it."),
    "name": gettext_lazy("This link holds a person's name. Copy the link that the whole class uses."),
    "other_service": gettext_lazy("This link does not lead to the service you chose."),
    "zoom_form": gettext_lazy("This is not a link to a Zoom meeting. It looks like https://zoom.us/j/123456789."),
    "teams_form": gettext_lazy(
        "This is not a link to a Teams meeting. It looks like https://teams.microsoft.com/l/meetup-join/…"
    ),
    "meet_form": gettext_lazy(
        "This is not a link to a Meet class. It looks like https://meet.google.com/abc-defg-hij."
    ),
    "bbb_form": gettext_lazy("This is not a link to a BigBlueButton class. It has /b/ or /rooms/ in it."),
    "jitsi_form": gettext_lazy("This is not a link to a Jitsi class. It ends in the name of the class."),
    "kind_not_allowed": gettext_lazy("Your school does not use this. Choose another way to meet."),
    "host_not_allowed": gettext_lazy("Your school's links lead to other addresses. Ask your school office."),
}
STATES = {
    "answered": gettext_lazy("The link answers."),
    "gone": gettext_lazy("The link leads to a page that is not there. Copy it again from the service."),
    "server_error": gettext_lazy("The service has an error at this link. It will be looked at again."),
    "private": gettext_lazy("The link leads into a private network. Devices at home cannot open it."),
    "no_host": gettext_lazy("Nobody knows this address. Look for a typing error."),
    "no_answer": gettext_lazy("The link does not answer. It will be looked at again."),
    "bad_tls": gettext_lazy("The link's certificate is not good. Devices will not open it."),
    "unprotected": gettext_lazy("The link leads on to a page without protection (http)."),
    "too_many": gettext_lazy("The link leads in circles."),
    "unknown": gettext_lazy("We could not look at the link: the office has no line out at the moment."),
}


def reason(error: BadAlternate) -> str:
    """Return the sentence of what is wrong, in the language of the page."""
    return str(_REASONS[error.reason])


def sentence(shared: Shared, *, kind: str) -> str:
    """Return the sentence of one thing that an alternate shares with the live class."""
    way = str(KIND_NAMES[kind])
    if shared.what == "sign_on":
        return _("%(way)s needs the %(vendor)s sign-on. When that is down, so is this.") % {
            "way": way,
            "vendor": shared.name,
        }
    if shared.what == "line":
        return _("This comes over the same line as the live class (%(line)s). When that is cut, so is this.") % {
            "line": shared.name
        }
    return _("%(way)s runs at %(vendor)s, as the live class does. When that is down, so is this.") % {
        "way": way,
        "vendor": shared.name,
    }


def shown(url: str) -> str:
    """Return an address as people read it: a telephone number with its code apart."""
    if not url.startswith("tel:"):
        return url
    number, pin = number_and_pin(url)
    return f"{number} · {pin}" if pin else number


def typed(url: str) -> str:
    """Return an address as people type it."""
    return url.removeprefix("tel:")
