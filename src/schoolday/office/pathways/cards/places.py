"""Where a meeting is: the one link or number that a card shows, and what to try after it. As app/src/plan/way.ts."""

from dataclasses import dataclass, field

from schoolday.contracts.plan import Alternate, Detour, MeetingPlan, SchoolPlan, SectionPlan

# What may stand behind a link on a public page; anything else is shown as text only.
_MAY_OPEN = ("https://", "http://", "tel:")


@dataclass(frozen=True)
class Place:
    """
    `kind` empty: the class moved and it is not known whereto. `way`: the link or number; none for live and a packet.

    `after`: what to try when that does not open. `detour`: what people are told of it. `moved`: elsewhere than usual;
    a detour of the times alone moves nothing.
    """

    kind: str
    way: Alternate | None = None
    after: Alternate | None = None
    detour: Detour | None = field(default=None, hash=False)
    moved: bool = False


def place_of(school: SchoolPlan, section: SectionPlan, meeting: MeetingPlan) -> Place:
    """
    Return where one meeting is.

    What a detour says holds; where it says "as each teacher chose", or a way that the section does not have, it is
    the first of the section's alternates. A lesson to do alone comes after every place where the class meets.
    """
    detour = next((one for one in school.detours if one.id == meeting.detour), None) if meeting.detour else None
    of_times = detour is not None and bool(detour.shift_minutes)
    ways = sorted((one for one in section.alternates if one.kind != "live"), key=lambda one: one.kind == "packet")
    usual = section.pathway
    chosen = meeting.pathway or (ways[0].kind if ways else "link")
    kind = usual if of_times or not meeting.detour else chosen
    moved = kind != usual
    if kind in ("live", "packet"):
        after = next((one for one in ways if one.kind != kind), None)
        return Place(kind, None, after, detour, moved)
    first = next((one for one in ways if one.kind == kind), ways[0] if ways else None)
    if first is None:
        return Place("", None, None, detour, moved)
    after = next((one for one in ways if one is not first), None)
    return Place(first.kind, None if first.kind == "packet" else first, after, detour, moved)


def may_open(url: str) -> bool:
    """Say whether a link may be followed from a public page."""
    return url.lower().startswith(_MAY_OPEN)


def shown(url: str) -> str:
    """Return a link as one reads it from paper: a phone number without its scheme, its pauses as one comma."""
    if url.lower().startswith("tel:"):
        return url[4:].replace("%23", "#").replace(",,", ", ")
    return url
