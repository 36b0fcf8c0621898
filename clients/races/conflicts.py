"""Two people edit the same row: the person who saves second sees both values first, and nothing is overwritten unseen.

A form carries, in a hidden field, the version of the row that it was opened with. No lock is held while somebody
thinks: the collision is noticed when the form is sent (optimistic locking).
"""

from copy import copy
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404


class ConflictForm(forms.ModelForm):
    """A form that is older than its row is refused, with `conflict`: label, the value typed in, the one stored.

    A form class names its hidden field, says what a row's version is, and which fields are compared.
    """

    version_field: str
    compared: tuple[str, ...]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: list[tuple[str, str, str]] | None = None
        if self.instance.pk:
            # The values as they are stored, kept before the posted ones are put on the instance.
            self.stored = copy(self.instance)
            self.initial[self.version_field] = self.version_of(self.stored)

    def version_of(self, row: models.Model) -> str:
        """A text that is another one once somebody has saved other values."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for a stale form; a script that sends no version has opened none."""
        cleaned = super().clean() or {}
        opened = self.data.get(self.add_prefix(self.version_field))
        if self.instance.pk and opened not in (None, self.version_of(self.stored)):
            self._report_conflict()
        return cleaned

    def save_if_unchanged(self) -> bool:
        """Saves a valid form. False, with the reason among the form's errors, when another request was quicker.

        Between validating and saving another request can save the same row: it is locked and looked at again.
        Raises Http404 when it is gone.
        """
        try:
            with transaction.atomic():
                if self.instance.pk:
                    self._lock_and_recheck()
                self.save()
        except ValidationError as error:
            self.add_error(None, error)
        return not self.errors

    def _lock_and_recheck(self) -> None:
        seen = self.version_of(self.stored)
        rows = type(self.instance)._default_manager.select_for_update()
        self.stored = get_object_or_404(rows, pk=self.instance.pk)
        if self.version_of(self.stored) != seen:
            self._report_conflict()

    def _report_conflict(self) -> None:
        """Both values side by side; sent again as it is, the form then overwrites knowingly."""
        self.conflict = [self._both_values(name) for name in self.compared if self._differs(name)]
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix(self.version_field)] = self.version_of(self.stored)
        self.data = data
        raise ValidationError(
            f"Somebody else has saved this {self.instance._meta.verbose_name} in the meantime. "
            "Nothing is overwritten yet: compare the values below, then save again to keep yours.",
            code="conflict",
        )

    def _differs(self, name: str) -> bool:
        return self.fields[name].has_changed(getattr(self.stored, name), self[name].value())

    def _both_values(self, name: str) -> tuple[str, str, str]:
        """As the page shows them: of a choice its label."""
        field, yours, theirs = self.fields[name], self[name].value() or "", getattr(self.stored, name)
        labels = dict(getattr(field, "choices", ()))
        return str(field.label), str(labels.get(yours, yours)), str(labels.get(theirs, theirs))
