"""The form by which the school's office or a teacher corrects the register."""

from django import forms
from django.utils.translation import gettext_lazy as _

from schoolday.office.attendance.clean import MARK_MINUTES_AT_MOST
from schoolday.office.attendance.models import RegisterEntry

Status = RegisterEntry.Status
STATUS_WORDS: dict[str, object] = {  # lazy texts
    Status.PRESENT.value: _("present"),
    Status.TARDY.value: _("tardy"),
    Status.ABSENT.value: _("absent"),
    Status.EXCUSED.value: _("excused"),
}


class MarkForm(forms.Form):
    """One mark. An empty status withdraws the one that stands."""

    meeting = forms.CharField(max_length=12)
    student = forms.CharField(max_length=12)
    status = forms.ChoiceField(choices=[("", ""), *STATUS_WORDS.items()], required=False)
    minutes = forms.IntegerField(min_value=0, max_value=MARK_MINUTES_AT_MOST, required=False)
