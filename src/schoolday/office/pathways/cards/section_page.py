"""The card of one section: where to go, when, why, until when; three languages on one sheet of paper."""

from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from schoolday.contracts.plan import Detour, MeetingPlan, SchoolPlan, SectionPlan, Texts
from schoolday.office.pathways.cards import grades, times
from schoolday.office.pathways.cards.facts import Site, digest, zone_of
from schoolday.office.pathways.cards.page import all_in_one, link, page, phone
from schoolday.office.pathways.cards.places import Place, place_of, shown
from schoolday.office.pathways.cards.qr import qr_of
from schoolday.office.pathways.cards.words import KINDS, WORDS, inline, lines, said, word


@dataclass(frozen=True)
class _Sitting:
    """One meeting as the card shows it."""

    meeting: MeetingPlan
    place: Place
    on: date


def section_facts(school: SchoolPlan, section: SectionPlan, looks: str) -> str:
    """Return what changes when the card of a section must be written anew."""
    told = {meeting.detour for meeting in section.meetings}
    detours = [one for one in school.detours if one.id in told]
    return digest([looks, school.name, school.phone, school.time_zone, school.from_date, detours, section])


def section_page(site: Site, school: SchoolPlan, section: SectionPlan, *, old_page: str = "") -> bytes:
    """Return the page. `old_page`: as it lies there, for the QR code in it."""
    url = f"{site.base}/go/{school.org}/{section.id}.html"
    zone = zone_of(school)
    sittings = [
        _Sitting(meeting, place_of(school, section, meeting), times.in_zone(meeting.starts_at, zone).date())
        for meeting in section.meetings
    ]
    main = (
        '<main class="card">\n<header>\n'
        f'<p class="portal">{escape(site.portal_name)} · {escape(school.name)} · {inline(grades.named(section))}</p>\n'
        f"<h1>{escape(section.title)}</h1>\n<p>{escape(', '.join(section.teachers))}</p>\n</header>\n"
        f"{_places(site, school, section, sittings)}\n{_times(site, school, sittings)}\n"
        f"{_end(site, school, url, qr_of(url, old_page=old_page))}\n</main>"
    )
    data = f' data-now="{escape(all_in_one(WORDS["now"]))}" data-next="{escape(all_in_one(WORDS["next"]))}"'
    return page(f"{section.title} · {school.name}", main, script="../now.js", data=data)


def _places(site: Site, school: SchoolPlan, section: SectionPlan, sittings: list[_Sitting]) -> str:
    """Return a box for each place in the order in which the class meets there; mostly it is one."""
    places: dict[Place, list[_Sitting]] = {}
    for sitting in sittings:
        places.setdefault(sitting.place, []).append(sitting)
    if not places:
        usual = place_of(school, section, MeetingPlan(id="", period="", starts_at=0, ends_at=0))
        places[usual] = []
    boxes = []
    for place, those in places.items():
        days = [on for on, _ in groupby(those, key=lambda sitting: sitting.on)]
        heading = f"<h3>{'; '.join(inline(times.day(on)) for on in days)}</h3>\n" if len(places) > 1 else ""
        kind = "where moved" if place.moved else "where"
        boxes.append(f'<div class="{kind}">\n{heading}{_place(site, school, place)}</div>')
    return f"<section>\n<h2>{word('where')}</h2>\n" + "\n".join(boxes) + "\n</section>"


def _place(site: Site, school: SchoolPlan, place: Place) -> str:
    portal, way = site.portal_name, place.way
    if place.kind == "live":
        of_times = place.detour is not None and not place.moved
        text = said(WORDS["live_moved" if of_times else "open_live"], portal=portal)
    elif place.kind == "packet":
        text = said(WORDS["packet"], portal=portal)
    elif way is None:
        text = WORDS["ask"]
    elif place.kind == "phone":
        text = WORDS["call"]
    elif place.kind == "link":
        text = WORDS["open_link"]
    else:
        text = said(WORDS["open_other"], kind=KINDS[place.kind])
    body = lines(text, kind="strong")
    if way is not None:
        body += f"<p>{link(way.url, kind='go')}{' · ' + escape(way.label) if way.label else ''}</p>"
    elif place.kind in ("live", "packet"):
        body += f"<p>{link(site.portal_url, kind='go')}</p>"
    if place.detour is not None:
        body += _why(school, place.detour)
    if place.after is not None:
        where = KINDS["packet"] if place.after.kind == "packet" else KINDS[place.after.kind]
        then = "" if place.after.kind == "packet" else f" {link(place.after.url)}"
        body += f'<p class="why">{word("plan_b")} <strong>{inline(where)}</strong>{then}</p>'
    return body


def _why(school: SchoolPlan, detour: Detour) -> str:
    """Return why the class moved and until when, a paragraph in each language."""
    told = detour_ends(school, detour)
    return f'<div class="why">{lines(_join(detour.reason, *told))}</div>'


def detour_ends(school: SchoolPlan, detour: Detour) -> list[Texts]:
    """Return the sentences on until when a detour holds, and when it is looked at again."""
    until = times.moment(detour.until_at, zone_of(school)) if detour.until_at else None
    told = [said(WORDS["until"], when=until) if until else WORDS["further_notice"]]
    if detour.review_on:
        told.append(said(WORDS["review"], when=times.day(date.fromisoformat(detour.review_on))))
    return told


def _join(*texts: Texts) -> Texts:
    """Return some sentences as one text."""
    return Texts(
        en=" ".join(text.en for text in texts),
        es=" ".join(text.es for text in texts),
        ht=" ".join(text.ht for text in texts),
    )


def _times(site: Site, school: SchoolPlan, sittings: list[_Sitting]) -> str:
    if not sittings:
        return f"<section>\n<h2>{word('when')}</h2>\n{lines(WORDS['no_meetings'])}</section>"
    zone = zone_of(school)
    several = len({sitting.place for sitting in sittings}) > 1
    head = f'<th scope="col">{word("time")}</th><th scope="col">{word("period")}</th>'
    head += f'<th scope="col">{word("place")}</th>' if several else ""
    on = next((s for s in sittings if s.meeting.ends_at > site.made_at), None)
    tables = []
    for day, those in groupby(sittings, key=lambda sitting: sitting.on):
        rows = []
        for sitting in those:
            meeting = sitting.meeting
            mark = ""
            if sitting is on:
                mark = all_in_one(WORDS["now" if meeting.starts_at <= site.made_at else "next"])
            span = f"{times.clock_time(meeting.starts_at, zone)} – {times.clock_time(meeting.ends_at, zone)}"
            cells = f'<td>{span} <span class="mark">{escape(mark)}</span></td><td>{escape(meeting.period)}</td>'
            cells += f"<td>{inline(KINDS[sitting.place.kind])}</td>" if several else ""
            kind = ' class="row-now"' if mark else ""
            rows.append(f'<tr data-from="{meeting.starts_at}" data-until="{meeting.ends_at}"{kind}>{cells}</tr>')
        tables.append(
            f"<table>\n<caption>{inline(times.day(day))}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n"
            + "\n".join(rows)
            + "\n</tbody>\n</table>"
        )
    as_of = word("as_of_marks", when=times.moment(site.made_at, zone))
    note = f'<p class="small by-writing">{as_of}</p>' if on else ""
    return f"<section>\n<h2>{word('when')}</h2>\n" + "\n".join(tables) + f"\n{note}</section>"


def _end(site: Site, school: SchoolPlan, url: str, qr: str) -> str:
    as_of = word("as_of", when=times.moment(site.made_at, zone_of(school)))
    return (
        f'<footer class="end">\n<div>\n<p class="as-of">{as_of}</p>\n'
        f'{phone(school.phone)}<p class="small">{word("this_page")}: {escape(shown(url))}</p>\n'
        f'<p class="small">{word("scan")}</p>\n'
        f'<p class="screen-only"><a href="../{school.org}.html">{escape(school.name)}</a> · '
        f'<a href="../../status/{school.org}.html">{word("status")}</a></p>\n</div>\n{qr}\n</footer>'
    )
