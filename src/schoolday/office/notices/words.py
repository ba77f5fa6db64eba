"""Channels, states and reasons as people read them, in the language of the page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

CHANNEL_WORDS: Mapping[str, Promise] = {
    "mail": _("Mail"),
    "sms": _("Text message"),
    "voice": _("Call"),
    "push": _("Push to devices"),
    "banner": _("Banner in the app and in class"),
    "feeds": _("Feeds and status page"),
    "webhooks": _("Web hooks"),
}
LEVEL_WORDS: Mapping[str, Promise] = {
    "info": _("For information"),
    "warning": _("Something changes"),
    "emergency": _("Emergency"),
}
STATE_WORDS: Mapping[str, Promise] = {
    "draft": _("Draft"),
    "preparing": _("Going out"),
    "going": _("Going out"),
    "stopped": _("Stopped"),
    "done": _("Done"),
}
WHO_WORDS: Mapping[str, Promise] = {
    "staff": _("Teachers and staff"),
    "guardians": _("Guardians"),
    "students": _("Students"),
}
FACT_WORDS: Mapping[str, Promise] = {
    "from_pathway": _("Classes met until now by"),
    "pathway": _("Classes now meet by"),
    "until": _("Until when"),
    "starts_at": _("School starts"),
    "link": _("Link to read on"),
    "begin_at": _("Not counted from"),
    "end_at": _("Not counted until"),
    "next_at": _("Next word by"),
    "review_on": _("Looked at again on"),
    "closed_on": _("No school on"),
}
REASONS: Mapping[str, Promise] = {
    "no_contact": _("no mail address and no phone"),
    "no_guardian": _("no guardian in the roster"),
    "not_wanted": _("wants no notices"),
    "mail_comes_back": _("mail to this address comes back"),
    "bounced": _("the mail came back"),
    "rejected": _("the mail service refuses this address"),
    "not_set_up": _("this way is not set up"),
    "no_sender": _("no sender is set"),
    "withdrawn": _("the notice was withdrawn"),
    "killed": _("may have gone out; nobody can tell"),
    "line_broke": _("may have gone out; the line broke"),
    "no_line": _("the other side does not answer"),
    "not_twilio": _("something else answers there"),
    "push_gone": _("the browser is gone"),
    "push_host": _("unknown push service"),
    "push_keys": _("the browser's keys are damaged"),
    "no_hook": _("no such web hook is set"),
    "no_secret": _("WEBHOOK_SECRET is not set"),
    "disk": _("the disk takes nothing"),
    "busy": _("busy"),
    "no_answer": _("nobody answered"),
    "failed": _("did not get through"),
    "undeliverable": _("the address does not work"),
    "unknown": _("may have gone out; nobody can tell"),
    "skipped": _("was not written to"),
}


def reason_word(reason: str) -> str:
    """Return a reason for people; what a server said (smtp_550, twilio_21211) keeps its code, to look it up."""
    if reason in REASONS:
        return str(REASONS[reason])
    kind, _sep, code = reason.partition("_")
    if kind in ("smtp", "http", "twilio") and code:
        return gettext("refused (%(code)s)") % {"code": f"{kind} {code}"}
    return reason
