"""Lesson packets: what a class does alone on a day when nothing else works, on every device beforehand."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from schoolday.contracts import plan
from schoolday.lib import clock
from schoolday.live.alternates import LABEL_AT_MOST_LETTERS
from schoolday.office.pathways.models import Packet
from schoolday.office.pathways.ways.packet_files import (
    FOLDER,
    TEXT_AT_MOST_LETTERS,
    BadPacket,
    extension_of,
    keep_file,
    sweep_files,
)
from schoolday.office.people import audit
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section

SWEEP_SECONDS = 3_600.0
_KEPT = timedelta(days=7)  # a device that was off for days may still have an older plan
_UNNAMED_SECONDS = 3_600  # an upload that is not written down yet is younger
_DATE_LETTERS = 13


def path_of(packet: Packet) -> str:
    """Return where a packet lies below every plan host: what the plan says as its `url`."""
    return f"{FOLDER}/{packet.sha256}.{packet.extension}"


def put_packet(section: Section, on: date, *, title: str, data: bytes, actor: Person) -> Packet:
    """
    Keep the packet of a section and a day, in place of the one before; it is in the next plan.

    The file first, then the row: killed between, an unnamed file is swept later.

    :raises BadPacket: if the file or its title will not do
    """
    title = " ".join(title.split())
    if not title:
        raise BadPacket(_("Write a title, so that children know what it is."))
    if len(title) > LABEL_AT_MOST_LETTERS - _DATE_LETTERS:
        raise BadPacket(_("This is too long."))
    extension = extension_of(data)
    sha256 = keep_file(settings.SCHOOLDAY.plan_dir, data, extension)
    with transaction.atomic():
        packet, _made = Packet.objects.update_or_create(
            section=section,
            on=on,
            defaults={
                "title": title,
                "sha256": sha256,
                "extension": extension,
                "size_bytes": len(data),
                "made_at": clock.now(),
            },
        )
        audit.record(actor, "packet.put", "section", section.id, on=on.isoformat(), kind=extension, size=len(data))
    return packet


def text_as_file(text: str) -> bytes:
    """
    Return a typed lesson as a file.

    :raises BadPacket: if it is too long
    """
    if len(text) > TEXT_AT_MOST_LETTERS:
        raise BadPacket(_("This is too long."))
    return text.replace("\r\n", "\n").strip().encode() + b"\n"


@transaction.atomic
def remove_packet(section: Section, on: date, *, actor: Person) -> None:
    """Take the packet of a day out of the next plan; nothing changes when there is none."""
    removed, _rows = Packet.objects.filter(section=section, on=on).delete()
    if removed:
        audit.record(actor, "packet.remove", "section", section.id, on=on.isoformat())


def planned_packets(days: Mapping[str, tuple[date, date]]) -> Iterator[tuple[str, plan.Alternate]]:
    """
    Give section and alternate of each packet that the plans of these schools name, by day. One query.

    `days`: first and last day of each plan, by school. The packet of the first day has its title alone; a later one
    its date too, for a device whose plan is old.
    """
    if not days:
        return
    around = (min(first for first, _ in days.values()), max(last for _, last in days.values()))
    packets = Packet.objects.filter(section__school__in=days, on__range=around).select_related("section")
    for packet in packets.order_by("on", "section_id"):
        first, last = days[packet.section.school_id]
        if first <= packet.on <= last:
            label = packet.title if packet.on == first else f"{packet.title} · {packet.on.isoformat()}"
            yield packet.section_id, plan.Alternate(kind="packet", url=path_of(packet), label=label)


def sweep_packets() -> object:
    """Drop packets of days long past, and files that nobody names any more."""
    old, _rows = Packet.objects.filter(on__lt=clock.now().date() - _KEPT).delete()
    named = {f"{sha256}.{extension}" for sha256, extension in Packet.objects.values_list("sha256", "extension")}
    files = sweep_files(settings.SCHOOLDAY.plan_dir, named, older_than=clock.now().timestamp() - _UNNAMED_SECONDS)
    return {"packets": old, "files": files} if old or files else None
