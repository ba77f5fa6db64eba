"""The lesson of a day, on every device beforehand: a section's teachers and its school's office put it there."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from schoolday.office.http import page, person_of
from schoolday.office.pathways.models import Packet
from schoolday.office.pathways.ways import packets
from schoolday.office.pathways.ways.packet_files import AT_MOST_BYTES, TEXT_AT_MOST_LETTERS, BadPacket
from schoolday.office.people.access import NotYours
from schoolday.office.people.models import Person
from schoolday.office.rosters.models import Section
from schoolday.office.signin.access_sections import access_section
from schoolday.office.signin.membership import Days


@require_http_methods(["GET", "POST"])
@page
def section_packets(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show the packets of the days ahead, put one in, or take one out."""
    person = person_of(request)
    section, days = access_section(person, section_id, aides=False)
    error = None
    if request.method == "POST":
        try:
            messages.success(request, _change(request, section, person, days))
            return redirect("pathways:packets", section_id=section.id)
        except BadPacket as problem:
            error = problem
    kept = {packet.on: packet for packet in Packet.objects.filter(section=section, on__gte=days.first).order_by("on")}
    context = {
        "section": section,
        "packets": [(packet, packets.path_of(packet)) for packet in kept.values()],
        "days": days.coming,
        "typed": {name: request.POST.get(name, "") for name in ("on", "title", "text")},
        "error": error,
        "at_most_mb": AT_MOST_BYTES // 2**20,
        "text_at_most": TEXT_AT_MOST_LETTERS,
    }
    return render(request, "pathways/packets.html", context, status=error.status if error else 200)


def _change(request: HttpRequest, section: Section, person: Person, days: Days) -> str:
    on = _day(request.POST.get("on", ""))
    if request.POST.get("do") == "remove" and on is not None:
        packets.remove_packet(section, on, actor=person)
        return _("Removed. Devices know it with the next plan, within minutes.")
    if request.POST.get("do") != "put":
        raise NotYours
    if on is None or on not in days.coming:
        raise BadPacket(_("Choose one of the days."))
    packets.put_packet(section, on, title=request.POST.get("title", ""), data=_data(request), actor=person)
    return _("Saved. Devices know it with the next plan, within minutes.")


def _data(request: HttpRequest) -> bytes:
    """
    Return the chosen file, else the typed text; one byte more than allowed at most.

    :raises BadPacket: if there is neither, or both
    """
    file, text = request.FILES.get("file"), request.POST.get("text", "").strip()
    if file is not None and text:
        raise BadPacket(_("Choose a file or write a text, not both."))
    if file is not None:
        return bytes(file.read(AT_MOST_BYTES + 1))
    if not text:
        raise BadPacket(_("Choose a file or write a text."))
    return packets.text_as_file(text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
