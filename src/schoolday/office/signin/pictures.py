"""The pictures of the picture PIN as people see them: a symbol every printer and screen has, and its name."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from schoolday.contracts.badges import PICTURES


@dataclass(frozen=True)
class Picture:
    symbol: str
    name: Promise | str


_SHOWN = {
    "apple": Picture("🍎", _("apple")),
    "ball": Picture("⚽", _("ball")),
    "bird": Picture("🐦", _("bird")),
    "boat": Picture("⛵", _("boat")),
    "bus": Picture("🚌", _("bus")),
    "cat": Picture("🐱", _("cat")),
    "dog": Picture("🐶", _("dog")),
    "fish": Picture("🐟", _("fish")),
    "flower": Picture("🌸", _("flower")),
    "moon": Picture("🌙", _("moon")),
    "star": Picture("⭐", _("star")),
    "tree": Picture("🌳", _("tree")),
}


def picture(code: str) -> Picture:
    """Return how a picture of the contract is shown."""
    return _SHOWN[code]


if set(_SHOWN) != set(PICTURES):  # the contract may grow; then this must
    raise RuntimeError("signin/pictures.py does not show the pictures of contracts/badges.py")
