"""What each kind of arrangement is called."""

from django.utils.translation import gettext as _


def kind_words(kind: str) -> str:
    """Return the kind in the reader's language."""
    return {
        "substitute": _("Substitute"),
        "co_teacher": _("Co-teacher"),
        "aide": _("Aide"),
        "interpreter": _("Interpreter"),
        "visit": _("Visit: sees and hears"),
        "guardian": _("Guardian: sees and hears"),
    }[kind]
