"""The one field of the reports page."""

from datetime import date
from typing import Any

from django import forms

from clients.reports.months import WrongMonthError, last_month, parse_month


class MonthInput(forms.TextInput):
    input_type = "month"


class MonthField(forms.CharField):
    """A month such as `2026-10`; its value is the month's first day."""

    widget = MonthInput

    def clean(self, value: Any) -> date:
        text = super().clean(value)
        try:
            return parse_month(text)
        except WrongMonthError as error:
            raise forms.ValidationError(str(error)) from error


class ReportForm(forms.Form):
    month = MonthField(label="Month")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = f"{last_month():%Y-%m}"
        self.fields["month"].initial = latest
        self.fields["month"].widget.attrs["max"] = latest
