"""The tables of the status pages: where the classes of each school and grade band meet, in one language."""

from collections.abc import Sequence
from html import escape

from schoolday.contracts.plan import Texts
from schoolday.office.pathways.cards.summary import BANDS, Band, Summary
from schoolday.office.pathways.cards.words import KINDS, WORDS, Say


def schools_table(schools: Sequence[Summary], say: Say) -> str:
    """Return the table of all schools; one without meetings is in it, too."""
    empty = (Band(band="all", sections=0, live=0),)
    rows = [
        _row(band, say, school=escape(one.name), href=say.file(one.org))
        for one in schools
        for band in one.bands or empty
    ]
    return _table(rows, say, ("school", "grades", "place"))


def bands_table(bands: Sequence[Band], say: Say) -> str:
    """Return the table of one school, or of a whole district."""
    return _table([_row(band, say) for band in bands], say, ("grades", "place"))


def totals(schools: Sequence[Summary]) -> list[Band]:
    """Sum the whole district up by grade band."""
    found: dict[str, list[Band]] = {}
    for school in schools:
        for band in school.bands:
            found.setdefault(band.band, []).append(band)
    return [
        _sum(name, found[name])
        for name in sorted(found, key=lambda one: BANDS.index(one) if one in BANDS else len(BANDS))
    ]


def _sum(name: str, bands: Sequence[Band]) -> Band:
    moved: dict[str, int] = {}
    for band in bands:
        for kind, count in band.moved.items():
            moved[kind] = moved.get(kind, 0) + count
    return Band(
        band=name,
        sections=sum(band.sections for band in bands),
        live=sum(band.live for band in bands),
        other_times=sum(band.other_times for band in bands),
        moved=moved,
    )


def _table(rows: Sequence[str], say: Say, names: Sequence[str]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{say(name)}</th>' for name in names)
    return (
        f'<table class="stack">\n<thead><tr>{head}</tr></thead>\n<tbody>\n' + "\n".join(rows) + "\n</tbody>\n</table>"
    )


def _row(band: Band, say: Say, *, school: str = "", href: str = "") -> str:
    first = f'<th scope="row"><a href="{href}">{school}</a></th><td>' if school else '<th scope="row">'
    name = say("all_bands") if band.band == "all" else escape(band.band)
    last = "</td>" if school else "</th>"
    return f"<tr>{first}{name}{last}<td>{'<br>'.join(_states(band, say))}</td></tr>"


def _states(band: Band, say: Say) -> list[str]:
    """Say where the sections of a band meet; how many of how many only when not all do the same."""
    states: list[tuple[Texts, int]] = [(WORDS["all_live"], band.live), (WORDS["other_times"], band.other_times)]
    states += [(KINDS["" if kind == "unknown" else kind], count) for kind, count in band.moved.items()]
    told = [(text, count) for text, count in states if count]
    if len(told) == 1:
        return [say.text(told[0][0])]
    return [f"{say.text(text)}: {say('count_of', count=str(count), all=str(band.sections))}" for text, count in told]
