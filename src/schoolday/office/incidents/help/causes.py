"""Why somebody asks for help, from what her device found and what failed last; pure, no I/O."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schoolday.office.incidents.models import HelpRequest

Cause = HelpRequest.Cause

# What devices call the layers (app: lib/trouble.ts, contracts.probes), as a cause.
_OF_LAYER: Final[Mapping[str, str]] = {
    "line": "line",
    "dns": "line",
    "stranger": "line",  # a captive portal answers in our place
    "door": "door",
    "edge": "door",
    "slow": "door",
    "server": "door",
    "sign_on": "sign_on",
    "live": "live",
}
_OF_CODE: Final[Mapping[str, str]] = {
    "not_your_class": "section",
    "unknown_meeting": "section",
    "not_found": "section",
    **dict.fromkeys(
        ("bad_pass", "pass_over", "revoked", "session_over", "not_signed_on", "wrong_password", "bad_badge"), "sign_on"
    ),
}
_SIGN_ON_SCREENS = frozenset({"sign-on", "signon", "sign_on", "badge", "welcome", "let-in"})
_BAD = frozenset({"bad", "refused", "none"})

CAUSE_WORDS: Mapping[str, Promise] = {
    "live": _("Live server"),
    "door": _("Our doors"),
    "sign_on": _("Sign-on"),
    "section": _("Class not found"),
    "line": _("No line at home"),
    "camera": _("Camera refused"),
    "microphone": _("Microphone refused"),
    "other": _("Something else"),
}
# What to tell the family, in its own language.
ADVICE: Mapping[str, Promise] = {
    "live": _("It is not you: the class's video is in trouble. Stay on the page, it moves you as soon as it can."),
    "door": _("It is not you: our side is slow. Leave the page open, it goes on trying."),
    "sign_on": _("Scan the badge again. If that does not work, your teacher can let you in with a code."),
    "section": _("Close the page and open it again. If the class is still not there, we put you in the right one."),
    "line": _("Your internet is cut or weak. Sit near the box at home, or call in by the phone number on the card."),
    "camera": _("The device does not let us use the camera. You can come without it: tap Join without camera."),
    "microphone": _("The device does not let us use the microphone. Raise your hand and write in the chat."),
    "other": _("Tell us what you see on the screen. We stay on the phone until you are in."),
}
# Whose layer of an incident a cause suggests.
LAYER_OF_CAUSE: Mapping[str, str] = {"live": "live", "door": "door", "sign_on": "sign_on", "line": "line"}


def cause_of(detail: Mapping[str, str], tried: Sequence[Mapping[str, str]]) -> str:
    """
    Return the cause. `tried`: details of her last failures, the newest first.

    What the device says failed last comes first, then its newest failures, then what its own check found: who cannot
    get in has that trouble before one with a camera.
    """
    if detail.get("line") == "bad":
        return Cause.LINE.value
    for found in (detail, *tried):
        cause = _OF_CODE.get(found.get("code", "")) or _OF_LAYER.get(found.get("layer", ""))
        if cause:
            return cause
    if detail.get("screen", "") in _SIGN_ON_SCREENS:
        return Cause.SIGN_ON.value
    for part in ("camera", "microphone"):
        if detail.get(part) in _BAD:
            return part
    return Cause.OTHER.value
