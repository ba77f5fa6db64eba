"""The pages of this office's own plan folder."""

from django.conf import settings

from schoolday.office.pathways.cards.opening import open_plan
from schoolday.office.pathways.cards.write import Written, write_cards


def write_pages() -> Written:
    """
    Write the pages of the plan in force.

    :raises NoPlan: if none is
    """
    opened = open_plan(settings.SCHOOLDAY.plan_dir, root_public=settings.SCHOOLDAY.root_public_key)
    return write_cards(opened.folder, opened.index, opened.school)
