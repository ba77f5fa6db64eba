"""Layers, severities, kinds and acts as people read them, in the language of the page."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from schoolday.contracts.probes import Layer

LAYER_WORDS: Mapping[Layer, Promise] = {
    "sign_on": _("Signing on"),
    "live": _("Live classes"),
    "door": _("Doors to the classes"),
    "line": _("The line"),
    "edge": _("The web address of the portal"),
    "dns": _("Names on the internet (DNS)"),
    "database": _("The office's database"),
    "mail": _("Mail"),
    "plan": _("The day plan"),
}
SEVERITY_WORDS: Mapping[str, Promise] = {
    "critical": _("Critical: classes cannot meet"),
    "major": _("Major: many are hindered"),
    "minor": _("Minor: a nuisance"),
}
KIND_WORDS: Mapping[str, Promise] = {
    "seen": _("Seen"),
    "decided": _("Decided"),
    "told": _("Told"),
    "changed": pgettext_lazy("timeline", "Changed"),
}
# What can be changed of an incident, in the order in which it is told.
FIELD_WORDS: Mapping[str, Promise] = {
    "title": _("Name"),
    "layer": _("Part"),
    "severity": _("How bad"),
    "scope": _("Whom it touches"),
    "started_at": _("Since"),
}
# What the audit knows, as a line of the timeline: its kind and its sentence.
ACT_WORDS: Mapping[str, tuple[str, Promise]] = {
    "incident.declare": ("decided", _("The incident was declared.")),
    "incident.change": ("changed", _("The incident was changed.")),
    "incident.public": ("told", _("The public text was written.")),
    "incident.close": ("decided", _("The incident was closed with its review.")),
    "incident.reopen": ("decided", _("The incident was opened again.")),
    "detour.propose": ("decided", _("A detour was proposed.")),
    "detour.declare": ("decided", _("A detour came into force.")),
    "detour.approve": ("decided", _("A detour was approved and came into force.")),
    "detour.adopt": ("decided", _("A detour that was made without the office was taken over.")),
    "detour.undo": ("decided", _("A detour was undone.")),
    "notice.send": ("told", _("A notice was sent.")),
    "notice.stop": ("decided", _("A notice was stopped.")),
    "notice.resume": ("told", _("A notice went on.")),
    "notice.resend": ("told", _("A notice was sent again to those not reached.")),
    "notice.withdraw": ("told", _("A notice was withdrawn.")),
    "register.amnesty_declare": ("decided", _("An amnesty was declared: nothing is charged.")),
    "register.amnesty_window": ("decided", _("The window of an amnesty was moved.")),
    "register.amnesty_undo": ("decided", _("An amnesty was undone.")),
    "register.amnesty_reopen": ("decided", _("An amnesty was put in force again.")),
    "plan.publish": ("changed", _("The day plan was published.")),
}
