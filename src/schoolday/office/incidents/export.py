"""The timeline as a file for the board: CSV and JSON, times on the district's wall."""

import csv
import io
from collections.abc import Sequence

from schoolday.office.attendance.export import BYTE_ORDER_MARK, harmless
from schoolday.office.incidents.models import Incident
from schoolday.office.incidents.timeline import Line, district_zone

COLUMNS = ("at", "kind", "text", "more", "author", "automatic")


def rows(lines: Sequence[Line]) -> list[dict[str, str]]:
    """Return one row per line of the timeline; `at` with the zone's offset."""
    zone = district_zone()
    return [
        {
            "at": line.at.astimezone(zone).isoformat(timespec="seconds"),
            "kind": line.kind,
            "text": line.text,
            "more": line.more,
            "author": line.author,
            "automatic": "yes" if line.is_automatic else "",
        }
        for line in lines
    ]


def as_dict(incident: Incident, lines: Sequence[Line]) -> dict[str, object]:
    """Return the incident with its timeline, for JSON."""
    zone = district_zone()
    closed = incident.closed_at
    return {
        "id": incident.id,
        "title": incident.title,
        "layer": incident.layer,
        "severity": incident.severity,
        "scope": incident.scope,
        "started_at": incident.started_at.astimezone(zone).isoformat(timespec="seconds"),
        "closed_at": closed.astimezone(zone).isoformat(timespec="seconds") if closed else None,
        "public": incident.public or None,
        "review": incident.review or None,
        "timeline": rows(lines),
    }


def as_csv(lines: Sequence[Line]) -> str:
    """Return the CSV file: UTF-8 with a byte order mark, CRLF, no cell that a spreadsheet takes for a formula."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(row[column]) for column in COLUMNS] for row in rows(lines))
    return out.getvalue()
