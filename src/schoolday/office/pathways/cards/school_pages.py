"""The pages that lead to a card: all schools, and one school by grade and period."""

from html import escape
from itertools import groupby

from schoolday.contracts.plan import SchoolPlan, SectionPlan
from schoolday.office.pathways.cards import grades, times
from schoolday.office.pathways.cards.facts import Site, digest, safe_id, zone_of
from schoolday.office.pathways.cards.page import page, phone
from schoolday.office.pathways.cards.places import place_of
from schoolday.office.pathways.cards.qr import qr_of
from schoolday.office.pathways.cards.words import KINDS, WORDS, inline, word


def schools_page(site: Site, schools: list[tuple[str, str]], *, old_page: str = "") -> bytes:
    """Return go/index.html. `schools`: id and name, in the order to show."""
    listed = "\n".join(f'<li><a href="{org}.html">{escape(name)}</a></li>' for org, name in schools)
    url = f"{site.base}/go/index.html"
    main = (
        f'<main>\n<p class="portal">{escape(site.portal_name)}</p>\n<h1>{word("where")}</h1>\n'
        f'<p class="strong">{word("which_school")}</p>\n<ul class="list">\n{listed}\n</ul>\n'
        f'<footer class="end"><div><p><a href="../status/index.html">{word("status")}</a></p>\n'
        f'<p class="small">{word("this_page")}: {escape(url)}</p></div>\n'
        f"{qr_of(url, old_page=old_page)}</footer>\n</main>"
    )
    return page(f"{WORDS['where'].en} · {site.portal_name}", main)


def school_facts(school: SchoolPlan, looks: str) -> str:
    """Return what changes when the school's page must be written anew."""
    told = [[s.id, s.title, s.grades, s.teachers, s.alternates, s.pathway, s.meetings] for s in school.sections]
    moved = [[one.id, bool(one.shift_minutes)] for one in school.detours]
    return digest([looks, school.name, school.phone, school.time_zone, moved, told])


def school_page(site: Site, school: SchoolPlan, *, old_page: str = "") -> bytes:
    """Return go/<org>.html: the sections by grade, then by their first meeting."""
    url = f"{site.base}/go/{school.org}.html"
    ordered = sorted(school.sections, key=lambda one: (grades.rank(one), inline(grades.named(one)), _first(one)))
    tables = []
    for name, those in groupby(ordered, key=lambda one: inline(grades.named(one))):
        rows = "\n".join(_row(school, section) for section in those)
        tables.append(
            f'<table class="stack">\n<caption>{name}</caption>\n<thead><tr>{_HEAD}</tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody>\n</table>"
        )
    as_of = word("as_of", when=times.moment(site.made_at, zone_of(school)))
    main = (
        f'<main>\n<p class="portal">{escape(site.portal_name)}</p>\n<h1>{escape(school.name)}</h1>\n'
        f'<p class="strong">{word("where")} · {word("which_class")}</p>\n'
        + ("\n".join(tables) if tables else f"<p>{word('no_meetings')}</p>")
        + f'\n<footer class="end"><div>\n<p class="as-of">{as_of}</p>\n'
        f'{phone(school.phone)}<p class="screen-only"><a href="index.html">{word("all_schools")}</a> · '
        f'<a href="../status/{school.org}.html">{word("status")}</a></p>\n'
        f'<p class="small">{word("this_page")}: {escape(url)}</p></div>\n'
        f"{qr_of(url, old_page=old_page)}</footer>\n</main>"
    )
    return page(f"{WORDS['where'].en} · {school.name}", main)


def _head() -> str:
    return "".join(f'<th scope="col">{word(name)}</th>' for name in ("time", "period", "class", "place"))


_HEAD = _head()


def _first(section: SectionPlan) -> tuple[int, str]:
    return (section.meetings[0].starts_at if section.meetings else 2**62, section.title)


def _row(school: SchoolPlan, section: SectionPlan) -> str:
    """Show a section with its first day's periods; the card has the rest."""
    zone = zone_of(school)
    first = [m for m in section.meetings if _on(m.starts_at, school) == _on(section.meetings[0].starts_at, school)]
    spans = "; ".join(f"{times.clock_time(m.starts_at, zone)} – {times.clock_time(m.ends_at, zone)}" for m in first)
    kinds = dict.fromkeys(place_of(school, section, m).kind for m in section.meetings)
    where = "; ".join(inline(KINDS[kind]) for kind in kinds)
    title = f'<a href="{school.org}/{safe_id(section.id)}.html">{escape(section.title)}</a>'
    return (
        f"<tr><td>{spans}</td><td>{escape(', '.join(m.period for m in first))}</td>"
        f'<th scope="row">{title} {escape(", ".join(section.teachers))}</th><td>{where}</td></tr>'
    )


def _on(at: int, school: SchoolPlan) -> object:
    return times.in_zone(at, zone_of(school)).date()
