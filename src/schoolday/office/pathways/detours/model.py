"""The detour as it is kept. Never changed once in force, but for its end: a new one replaces it."""

from datetime import datetime
from typing import Literal

from django.db import models

from schoolday.contracts import plan
from schoolday.contracts.plan import DetourScope, PathwayChoice, Texts
from schoolday.lib.ids import new_id
from schoolday.office.people.models import Person

Status = Literal["proposed", "coming", "in_force", "undone", "over"]


class Detour(models.Model):
    """
    A change of pathway, or of the bell, for some sections.

    The four lists are the scope; each empty one says "all" (contracts.plan.DetourScope). `pathway` empty: as each
    teacher chose. `shift_minutes`: of a staggered start, minutes by grade band; then the pathway stays.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"
        IN_FORCE = "in_force"
        UNDONE = "undone"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=State)
    regions = models.JSONField(default=list)
    schools = models.JSONField(default=list)
    bands = models.JSONField(default=list)
    sections = models.JSONField(default=list)
    pathway: models.CharField[PathwayChoice, PathwayChoice] = models.CharField(max_length=10, blank=True)
    shift_minutes = models.JSONField(default=dict)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True, help_text="empty: until further notice")
    review_on = models.DateField()
    reason_key = models.CharField(max_length=40, blank=True)
    reason_en = models.TextField()
    reason_es = models.TextField()
    reason_ht = models.TextField()
    is_emergency = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replaced_by")
    replaced_until_at = models.DateTimeField(null=True, blank=True, help_text="when what it replaces would have ended")
    incident_id = models.CharField(max_length=12, blank=True, help_text="opaque; of the incident it answers")

    class Meta:
        indexes = [models.Index(fields=["state", "until_at"])]

    def __str__(self) -> str:
        return self.id

    @property
    def scope(self) -> DetourScope:
        return DetourScope(
            regions=tuple(self.regions),
            schools=tuple(self.schools),
            bands=tuple(self.bands),
            sections=tuple(self.sections),
        )

    @property
    def scope_dict(self) -> dict[str, list[str]]:
        """The scope as the audit keeps it: ids, regions and bands, never names."""
        return {"regions": self.regions, "schools": self.schools, "bands": self.bands, "sections": self.sections}

    @property
    def reason(self) -> Texts:
        return Texts(en=self.reason_en, es=self.reason_es, ht=self.reason_ht)

    def status(self, now: datetime) -> Status:
        """Return what people call it at a moment."""
        if self.state == self.State.UNDONE:
            return "undone"
        if self.until_at is not None and self.until_at <= now:
            return "over"
        if self.state == self.State.PROPOSED:
            return "proposed"
        return "coming" if self.from_at > now else "in_force"

    def as_plan(self) -> plan.Detour:
        """Return it as the plan tells of it."""
        return plan.Detour(
            id=self.id,
            pathway=self.pathway,
            from_at=int(self.from_at.timestamp()),
            until_at=int(self.until_at.timestamp()) if self.until_at else 0,
            review_on=self.review_on.isoformat(),
            reason=self.reason,
            scope=self.scope,
            emergency=self.is_emergency,
            made_at=round(self.made_at.timestamp() * 1000),
            shift_minutes=dict(sorted(self.shift_minutes.items())),
        )
