"""The words for what somebody holds, as pages and files show them."""

from django.utils.translation import gettext_lazy as _

STATE_WORDS = {
    "ready": _("has the pass"),
    "grace": _("the pass is over but still opens class"),
    "badge": _("only the printed card"),
    "over": _("a device, but no pass for that day"),
    "none": _("no device yet"),
}
DEGREE_WORDS = {
    "ready": _("ready"),
    "can_come": _("can still come"),
    "nobody_knows": _("nobody knows"),
}
