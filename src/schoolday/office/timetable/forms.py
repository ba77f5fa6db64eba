"""The editor's forms. Errors stand beside the field that has to change."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schoolday.office.timetable.importing.read import CODE_AT_MOST_LETTERS, overlaps
from schoolday.office.timetable.sittings import Bell

PERIODS_AT_MOST = 40
_BLANK_ROWS = 3


class BellForm(forms.Form):
    """One period."""

    code = forms.CharField(max_length=CODE_AT_MOST_LETTERS, label=_("Period"))
    starts = forms.TimeField(
        input_formats=["%H:%M"],
        label=_("Begins"),
        error_messages={"invalid": _("Write a time as 08:30.")},
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    ends = forms.TimeField(
        input_formats=["%H:%M"],
        label=_("Ends"),
        error_messages={"invalid": _("Write a time as 08:30.")},
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )

    @property
    def starts_text(self) -> str:
        """What the field for the beginning shows."""
        return _shown(self["starts"].value())

    @property
    def ends_text(self) -> str:
        """What the field for the end shows."""
        return _shown(self["ends"].value())

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if "," in code:
            raise forms.ValidationError(_("A comma cannot be part of it: rosters separate periods by commas."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("It must end later than it begins, on the same day."))
        return cleaned


def _shown(value: object) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value or "")


class BellRows(forms.BaseFormSet[BellForm]):
    def clean(self) -> None:
        """Find what rows are wrong in together."""
        by_code: dict[str, BellForm] = {}
        bells: dict[str, Bell] = {}
        for form in self.kept():
            code = form.cleaned_data.get("code")
            if code is None:
                continue
            if code in by_code:
                form.add_error("code", _("This period is there twice."))
                continue
            by_code[code] = form
            if not form.errors:
                bells[code] = Bell(code, form.cleaned_data["starts"], form.cleaned_data["ends"])
        for bell, other in overlaps(bells.values()):
            by_code[bell.code].add_error("starts", _("It overlaps with period %(code)s.") % {"code": other.code})

    def kept(self) -> list[BellForm]:
        """Return the rows that are filled and not to be removed."""
        return [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]

    def is_right(self) -> bool:
        """Say whether nothing is wrong, in a row or between rows."""
        return self.is_valid() and not any(form.errors for form in self.kept())

    def bells(self) -> list[Bell]:
        return [Bell(f.cleaned_data["code"], f.cleaned_data["starts"], f.cleaned_data["ends"]) for f in self.kept()]


_BellRows = forms.formset_factory(
    BellForm, formset=BellRows, extra=_BLANK_ROWS, can_delete=True, max_num=PERIODS_AT_MOST, validate_max=True
)


def bell_rows(*args: Any, **kwargs: Any) -> BellRows:
    """Return the rows of one schedule, with some blank ones."""
    rows = _BellRows(*args, **{"prefix": "p", **kwargs})
    assert isinstance(rows, BellRows)  # noqa: S101 - for the type checker; the factory hides it
    return rows


class DayTypeForm(forms.Form):
    """The name of a new type of day."""

    day_type = forms.CharField(max_length=CODE_AT_MOST_LETTERS, label=_("Type of day"))

    def __init__(self, *args: Any, taken: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._taken = taken

    def clean_day_type(self) -> str:
        day_type: str = self.cleaned_data["day_type"]
        if day_type in self._taken:
            raise forms.ValidationError(_("There are bells for this type of day already. Change those."))
        return day_type


AS_USUAL, NO_SCHOOL = "usual", "none"


class DayForm(forms.Form):
    """What kind of day a date is."""

    kind = forms.ChoiceField(label=_("This day is"), widget=forms.RadioSelect)
    name = forms.CharField(max_length=255, required=False, label=_("Name"), help_text=_("For example Labor Day."))

    def __init__(self, *args: Any, day_types: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [
            (AS_USUAL, _("as usual")),
            (NO_SCHOOL, _("no school")),
            *((f"type:{day_type}", day_type) for day_type in day_types),
        ]

    def day(self) -> tuple[str, str] | None:
        """Return what `actions.mark_day` takes."""
        kind, name = self.cleaned_data["kind"], self.cleaned_data["name"]
        if kind == AS_USUAL:
            return None
        return ("" if kind == NO_SCHOOL else kind.removeprefix("type:"), name)
