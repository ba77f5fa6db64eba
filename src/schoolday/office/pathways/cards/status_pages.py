"""
The public status, a page for each language: how school meets now. Static, so it outlives portal and database.

On top stands what a parent at work looks for: is there school, what do I do, when do I hear more. All else is below.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import TypeVar
from zoneinfo import ZoneInfo

from schoolday.contracts.plan import Detour, Incident, Notice, Texts
from schoolday.office.pathways.cards import times
from schoolday.office.pathways.cards.facts import Site
from schoolday.office.pathways.cards.page import link, page, phone
from schoolday.office.pathways.cards.status_tables import bands_table, schools_table, totals
from schoolday.office.pathways.cards.summary import Band, Summary
from schoolday.office.pathways.cards.words import KINDS, LANGUAGE_NAMES, WORDS, Say

T = TypeVar("T")


@dataclass(frozen=True)
class _Told:
    """What one page tells, each thing once however many schools it touches: with how many these are."""

    site: Site
    say: Say
    zone: ZoneInfo
    schools: Sequence[Summary]
    notices: Sequence[Notice]
    detours: Sequence[tuple[Detour, int]]
    open: Sequence[tuple[Incident, int]]
    over: Sequence[tuple[Incident, int]]

    @classmethod
    def of(cls, site: Site, schools: Sequence[Summary], say: Say, *, zone: str) -> "_Told":
        incidents = _once((one.id, one) for school in schools for one in school.incidents)
        detours = _once((one.id, one) for school in schools for one in school.detours)
        return cls(
            site,
            say,
            ZoneInfo(zone),
            schools,
            _all_notices(schools),
            sorted(detours, key=lambda pair: (-pair[0].made_at, pair[0].id)),
            [pair for pair in incidents if not pair[0].over_at],
            [pair for pair in incidents if pair[0].over_at],
        )

    @property
    def first(self) -> Notice | None:
        """Return the emergency that stands above all else."""
        return next((one for one in self.notices if one.level == "emergency"), None)

    def soon(self, at: int) -> Texts:
        return times.soon(at, self.zone, written_at=self.site.made_at)

    def touched(self, count: int) -> str:
        """Say how many schools something touches, where that is not all, nor the one that the page is of."""
        return self.say("schools_count", count=str(count)) if count < len(self.schools) else ""


def status_page(site: Site, schools: Sequence[Summary], *, digest: str, language: str = "en") -> bytes:
    """Return status/index.html in one language. `digest`: what status.json says this page shows."""
    say = Say(language)
    told = _Told.of(site, schools, say, zone=site.time_zone)
    sums = totals(schools) if len(schools) > 1 else []
    button = f'<a class="button" href="#schools">{say("your_school")}</a>'
    main = (
        f"{_head(site, say, 'index', say('status'))}\n{_answer(told, name='index', button=button)}\n{_below(told)}\n"
        f"{_heading('grades', say, sums)}{bands_table(sums, say)}\n"
        f'<h2 id="schools">{say("all_schools")}</h2>\n{schools_table(schools, say)}\n'
        f'<p><a href="../go/index.html">{say("find_class")}</a></p>\n</main>'
    )
    return _page(WORDS["status"], main, say, digest=digest, site=site)


def school_status_page(site: Site, school: Summary, *, digest: str, language: str = "en") -> bytes:
    """Return status/<org>.html in one language."""
    say = Say(language)
    told = _Told.of(site, [school], say, zone=school.time_zone)
    button = f'<a class="button" href="../go/{school.org}.html">{say("find_class")}</a>'
    main = (
        f"{_head(site, say, school.org, escape(school.name))}\n"
        f"{_answer(told, name=school.org, button=button)}\n{_below(told)}\n"
        f"{_heading('status', say, school.bands)}{bands_table(school.bands, say)}\n{phone(school.phone, say('phone'))}"
        f'<p><a href="{say.file("index")}">{say("all_schools")}</a></p>\n</main>'
    )
    name = Texts(en=school.name, es=school.name, ht=school.name)
    return _page(name, main, say, digest=digest, site=site)


def next_update_at(site: Site, schools: Iterable[Summary]) -> int:
    """
    Return by when this page is written again: when the next word was promised, else at the next midnight.

    A plan is published anew when its first day begins, so this page is, too.
    """
    local = times.in_zone(site.made_at, ZoneInfo(site.time_zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), local.tzinfo)
    return min([*_promised(site, schools), int(midnight.timestamp())])


def _promised(site: Site, schools: Iterable[Summary]) -> list[int]:
    """Return when people were promised to hear more, of what still lies ahead."""
    found = [at for school in schools for at in (*_next_of(school.notices), *_next_of(school.incidents))]
    return [at for at in found if at > site.made_at]


def _next_of(told: Iterable[Notice] | Iterable[Incident]) -> list[int]:
    return [one.next_at for one in told]


def _page(title: Texts, main: str, say: Say, *, digest: str, site: Site) -> bytes:
    data = f' data-version="{digest}" data-json="status.json"'
    named = f"{getattr(title, say.language)} · {site.portal_name}"
    return page(named, main, script="again.js", data=data, language=say.language)


def _head(site: Site, say: Say, name: str, title: str) -> str:
    """Return the ways to the other languages, and the heading."""
    links = []
    for language, called in LANGUAGE_NAMES.items():
        if language == say.language:
            links.append(f'<li><strong aria-current="page">{called}</strong></li>')
        else:
            href = Say(language).file(name)
            links.append(f'<li><a lang="{language}" hreflang="{language}" href="{href}">{called}</a></li>')
    return (
        f'<nav aria-label="{say("language")}"><ul class="languages">{"".join(links)}</ul></nav>\n<main>\n'
        f'<p class="portal">{escape(site.portal_name)}</p>\n<h1>{title}</h1>'
    )


def _answer(told: _Told, *, name: str, button: str) -> str:
    """Return the box that answers in a glance. That there is school is not said beside an emergency."""
    say, site = told.say, told.site
    bands = [band for school in told.schools for band in school.bands]
    well = all(band.live == band.sections for band in bands)
    if told.first:
        kind, first = "broken", say.text(told.first.text)
    elif told.open:
        kind, first = "broken", say("on_but_broken" if bands else "broken")
    elif not bands:
        kind, first = "none", say("no_meetings")
    else:
        kind, first = ("well", say("well")) if well else ("changed", say("changed"))
    usual = f"<p>{say('do_usual', portal=site.portal_name)} {link(site.portal_url)}</p>"
    do = usual + button if kind == "well" else f"<p>{say('do_look')}</p>{button}" if bands else ""
    days = sorted({school.day for school in told.schools if school.day})
    day = f'<p class="portal">{say.text(times.day(date.fromisoformat(days[0])))}</p>' if days else ""
    promised = _promised(site, told.schools)
    more = f'<p class="next strong">{say("more_by", when=told.soon(min(promised)))}</p>' if promised else ""
    return (
        f'<section class="answer {kind}">\n{day}<h2>{first}</h2>\n'
        + "".join(_incident(told, one, count) for one, count in told.open)
        + f"<h3>{say('do')}</h3>\n{do or '<p>' + say('do_nothing') + '</p>'}\n{more}</section>\n"
        + f'<p class="as-of">{say("updated", when=times.moment(site.made_at, told.zone))}. '
        + (
            ""
            if promised
            else f"{say('next_update', when=times.moment(next_update_at(site, told.schools), told.zone))}. "
        )
        + f'<a class="screen-only" href="{say.file(name)}">{say("look_again")}</a></p>'
    )


def _incident(told: _Told, one: Incident, count: int) -> str:
    """Tell what is known of an incident, since when, and by when there is more."""
    say = told.say
    lines = [say("only_grades", bands=", ".join(one.bands)) if one.bands else "", told.touched(count)]
    if one.over_at:
        lines.insert(0, say("over", when=told.soon(one.over_at)))
    else:
        since = say("since", when=told.soon(one.since_at))
        lines.insert(0, f"{since} {say('next_by', when=told.soon(one.next_at))}" if one.next_at else since)
    return f'<div class="news"><p>{say.text(one.text)}</p>{_small(lines)}</div>\n'


def _below(told: _Told) -> str:
    """Return what else there is to say, the newest first."""
    say = told.say
    over = "".join(_incident(told, one, count) for one, count in told.over)
    notices = "".join(
        f'<div class="news"><p>{say.text(one.text)}</p>{_small([say.text(told.soon(one.at))])}</div>\n'
        for one in told.notices
        if one is not told.first
    )
    detours = "".join(_detour(told, one, count) for one, count in told.detours)
    parts = (("what_changed", detours), ("news", notices), ("what_is_over", over))
    return "\n".join(f"<section>\n<h2>{say(name)}</h2>\n{part}</section>" for name, part in parts if part)


def _detour(told: _Told, one: Detour, schools: int) -> str:
    say = told.say
    until = say("until", when=told.soon(one.until_at)) if one.until_at else say("further_notice")
    lines = [say("begins", when=told.soon(one.from_at)), until]
    if one.review_on:
        lines.append(say("review", when=times.day(date.fromisoformat(one.review_on))))
    kind = KINDS[one.pathway] if one.pathway else WORDS["teachers_choice"]
    where = "" if one.shift_minutes else f"<p>{say('moved_to', kind=kind)}</p>"
    count = say("schools_count", count=str(schools)) if len(told.schools) > 1 else ""
    return f'<div class="news"><p>{say.text(one.reason)}</p>{where}{_small([*lines, count])}</div>\n'


def _heading(name: str, say: Say, bands: Sequence[Band]) -> str:
    return f"<h2>{say(name)}</h2>\n" if bands else ""


def _small(lines: Iterable[str]) -> str:
    return "".join(f'<p class="small">{line}</p>' for line in lines if line)


def _all_notices(schools: Iterable[Summary]) -> list[Notice]:
    """Return each notice once, emergencies first, then the newest."""
    found = {one.id: one for school in schools for one in school.notices}
    return sorted(found.values(), key=lambda one: (one.level != "emergency", -one.at, one.id))


def _once(pairs: Iterable[tuple[str, T]]) -> list[tuple[T, int]]:
    """Return each thing once, in the order of its first place, with how often it came."""
    found: dict[str, tuple[T, int]] = {}
    for key, one in pairs:
        found[key] = (one, found[key][1] + 1 if key in found else 1)
    return list(found.values())
