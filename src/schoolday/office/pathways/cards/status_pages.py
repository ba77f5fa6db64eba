"""The public status: how school meets now, by school and grade band. Static, so it outlives portal and database."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from schoolday.contracts.plan import Detour, Notice, Texts
from schoolday.office.pathways.cards import times
from schoolday.office.pathways.cards.facts import Site
from schoolday.office.pathways.cards.page import page, phone
from schoolday.office.pathways.cards.summary import BANDS, Band, Summary
from schoolday.office.pathways.cards.words import KINDS, WORDS, inline, lines, said, word

# A device that runs our script asks for status.json instead and keeps its reader's place.
_REFRESH = '<noscript><meta http-equiv="refresh" content="60"></noscript>\n'


def status_page(site: Site, schools: Sequence[Summary], *, digest: str) -> bytes:
    """Return status/index.html. `digest`: what status.json says this page shows."""
    zone = ZoneInfo(site.time_zone)
    rows = [_row(school.name, f"{school.org}.html", band) for school in schools for band in _shown(school)]
    main = (
        f'<main>\n<p class="portal">{escape(site.portal_name)}</p>\n<h1>{word("status")}</h1>\n'
        f"{_when(site, schools, zone)}\n"
        f"{_lead(schools)}\n{_notices(_all_notices(schools), zone)}\n{_detours(_all_detours(schools), zone)}\n"
        f'<p><a href="../go/index.html">{word("find_class")}</a></p>\n{_total(schools)}\n{_table(rows)}\n</main>'
    )
    return _page(WORDS["status"].en, main, digest=digest, site=site)


def school_status_page(site: Site, school: Summary, *, digest: str) -> bytes:
    """Return status/<org>.html."""
    zone = ZoneInfo(school.time_zone)
    rows = [_row("", "", band) for band in school.bands]
    detours = [(detour, 0) for detour in school.detours]
    day = f"<p>{word('days', when=times.day(date.fromisoformat(school.day)))}</p>" if school.day else ""
    main = (
        f'<main>\n<p class="portal">{escape(site.portal_name)}</p>\n<h1>{escape(school.name)}</h1>\n'
        f'<p class="strong">{word("status")}</p>\n{_when(site, [school], zone)}\n{_lead([school])}\n'
        f"{_notices(school.notices, zone)}\n{_detours(detours, zone)}\n{day}\n{_table(rows, of_school=True)}\n"
        f"{phone(school.phone)}"
        f'<p><a href="../go/{school.org}.html">{word("find_class")}</a></p>\n'
        f'<p class="screen-only"><a href="index.html">{word("all_schools")}</a></p>\n</main>'
    )
    return _page(f"{WORDS['status'].en} · {school.name}", main, digest=digest, site=site)


def next_update_at(site: Site, schools: Iterable[Summary]) -> int:
    """
    Return by when this page is written again: when the next word was promised, else at the next midnight.

    A plan is published anew when its first day begins, so this page is, too.
    """
    promised = [one.next_at for school in schools for one in school.notices if one.next_at > site.made_at]
    local = times.in_zone(site.made_at, ZoneInfo(site.time_zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), local.tzinfo)
    return min([*promised, int(midnight.timestamp())])


def _page(title: str, main: str, *, digest: str, site: Site) -> bytes:
    data = f' data-version="{digest}" data-json="status.json"'
    return page(f"{title} · {site.portal_name}", main, script="again.js", data=data, extra_head=_REFRESH)


def _when(site: Site, schools: Sequence[Summary], zone: ZoneInfo) -> str:
    updated = word("updated", when=times.moment(site.made_at, zone))
    due = word("next_update", when=times.moment(next_update_at(site, schools), zone))
    return f'<p class="as-of">{updated}</p>\n<p class="as-of">{due}. {word("renews")}</p>'


def _lead(schools: Sequence[Summary]) -> str:
    bands = [band for school in schools for band in school.bands]
    if not bands:
        return lines(WORDS["no_meetings"], kind="strong")
    well = all(band.live == band.sections for band in bands)
    return lines(WORDS["well" if well else "changed"], kind="strong")


def _notices(notices: Sequence[Notice], zone: ZoneInfo) -> str:
    if not notices:
        return ""
    found = []
    for one in notices:
        when = inline(times.moment(one.at, zone))
        found.append(f'<div class="news">{lines(one.text)}<p class="small">{when}</p></div>')
    return f"<section>\n<h2>{word('news')}</h2>\n" + "\n".join(found) + "\n</section>"


def _detours(detours: Sequence[tuple[Detour, int]], zone: ZoneInfo) -> str:
    """Tell of each detour; of the district's with how many schools it touches."""
    if not detours:
        return ""
    found = []
    for one, schools in detours:
        until = said(WORDS["until"], when=times.moment(one.until_at, zone)) if one.until_at else WORDS["further_notice"]
        told = [word("begins", when=times.moment(one.from_at, zone)), inline(until)]
        if one.review_on:
            told.append(word("review", when=times.day(date.fromisoformat(one.review_on))))
        if schools:
            told.append(word("schools_count", count=str(schools)))
        where = "" if one.shift_minutes else f"<p>{word('moved_to', kind=_kind(one))}</p>"
        small = "".join(f'<p class="small">{line}</p>' for line in told)
        found.append(f'<div class="news">{lines(one.reason)}{where}{small}</div>')
    return f"<section>\n<h2>{word('what_changed')}</h2>\n" + "\n".join(found) + "\n</section>"


def _kind(detour: Detour) -> Texts:
    return KINDS[detour.pathway] if detour.pathway else WORDS["teachers_choice"]


def _all_notices(schools: Iterable[Summary]) -> list[Notice]:
    """Return each notice once, emergencies first, then the newest."""
    found = {one.id: one for school in schools for one in school.notices}
    return sorted(found.values(), key=lambda one: (one.level != "emergency", -one.at, one.id))


def _all_detours(schools: Iterable[Summary]) -> list[tuple[Detour, int]]:
    found: dict[str, tuple[Detour, int]] = {}
    for school in schools:
        for one in school.detours:
            found[one.id] = (one, found[one.id][1] + 1 if one.id in found else 1)
    return sorted(found.values(), key=lambda pair: (-pair[0].made_at, pair[0].id))


def _total(schools: Sequence[Summary]) -> str:
    """Sum the whole district up by grade band."""
    totals: dict[str, list[Band]] = {}
    for school in schools:
        for band in school.bands:
            totals.setdefault(band.band, []).append(band)
    rows = []
    for name in sorted(totals, key=lambda one: BANDS.index(one) if one in BANDS else len(BANDS)):
        moved: dict[str, int] = {}
        for band in totals[name]:
            for kind, count in band.moved.items():
                moved[kind] = moved.get(kind, 0) + count
        whole = Band(
            band=name,
            sections=sum(band.sections for band in totals[name]),
            live=sum(band.live for band in totals[name]),
            other_times=sum(band.other_times for band in totals[name]),
            moved=moved,
        )
        rows.append(_row("", "", whole))
    return _table(rows, of_school=True) if len(schools) > 1 else ""


def _table(rows: list[str], *, of_school: bool = False) -> str:
    if not rows:
        return ""
    names = ("grades", "place") if of_school else ("school", "grades", "place")
    head = "".join(f'<th scope="col">{word(name)}</th>' for name in names)
    return (
        f'<table class="stack">\n<thead><tr>{head}</tr></thead>\n<tbody>\n' + "\n".join(rows) + "\n</tbody>\n</table>"
    )


def _row(school: str, href: str, band: Band) -> str:
    first = f'<th scope="row"><a href="{href}">{escape(school)}</a></th><td>' if school else '<th scope="row">'
    name = word("all_bands") if band.band == "all" else escape(band.band)
    last = "</td>" if school else "</th>"
    return f"<tr>{first}{name}{last}<td>{'<br>'.join(_states(band))}</td></tr>"


def _states(band: Band) -> list[str]:
    """Say where the sections of a band meet; how many of how many only when not all do the same."""
    states = [(WORDS["all_live"], band.live), (WORDS["other_times"], band.other_times)]
    states += [(KINDS["" if kind == "unknown" else kind], count) for kind, count in band.moved.items()]
    told = [(text, count) for text, count in states if count]
    if len(told) == 1:
        return [inline(told[0][0])]
    return [f"{inline(text)}: {word('count_of', count=str(count), all=str(band.sections))}" for text, count in told]


def _shown(school: Summary) -> Sequence[Band]:
    """A school without meetings is in the table, too."""
    return school.bands or (Band(band="all", sections=0, live=0),)
