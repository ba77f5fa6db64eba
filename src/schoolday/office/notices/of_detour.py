"""What there is to tell of a detour, before anybody types: its sentences, filled with its own facts."""

from schoolday.office.notices.saying import PATHWAYS
from schoolday.office.pathways.detours.model import Detour


def words_of_detour(detour: Detour) -> tuple[list[str], dict[str, str]]:
    """Return sentences and facts as `actions.write_draft` takes them; a staggered start needs its hour typed."""
    sentences: list[str] = []
    facts: dict[str, str] = {}
    if detour.undone_at is None and not detour.shift_minutes:
        if detour.pathway == "":
            sentences.append("teachers_choose" if detour.until_at else "teachers_choose_open")
        elif detour.pathway in PATHWAYS and detour.pathway != "live":
            sentences.append("moved" if detour.until_at else "moved_open")
            facts["pathway"] = detour.pathway
        if sentences:
            facts["from_pathway"] = "live"
            if detour.until_at:
                facts["until"] = detour.until_at.isoformat()
        sentences.append("review")
        facts["review_on"] = detour.review_on.isoformat()
    return sentences, facts
