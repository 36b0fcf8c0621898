"""What an instructor fills in to roll a milestone out."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import QuerySet

from stages.catalog import catalog
from stages.rollout import Audience

# Digits of the largest number that every id column can hold.
LONGEST_ID = 18


class GroupsField(forms.ModelMultipleChoiceField):
    """Groups by their ids; one that does not fit into its column is no group, where Django would fail."""

    def clean(self, value: Any) -> QuerySet[Group]:
        for pk in value or ():
            if len(str(pk)) > LONGEST_ID:
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": pk}
                )
        groups: QuerySet[Group] = super().clean(value)
        return groups


class RolloutForm(forms.Form):
    milestone = forms.ChoiceField()
    groups = GroupsField(Group.objects.order_by("name"), required=False)
    users = forms.CharField(
        required=False, max_length=2000, help_text="Names to sign in with, separated by commas."
    )
    percent = forms.DecimalField(
        label="Per cent of visitors",
        required=False,
        min_value=0,
        max_value=99,
        max_digits=3,
        decimal_places=1,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (step.slug, f"{step.number} {step.title}")
            for step in catalog().switchable
            if not (step.planned or step.everyone_only)
        ]
        self.fields["milestone"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def clean_users(self) -> list[Any]:
        """The users. Raises ValidationError that lists the names nobody has."""
        names = {name.strip() for name in self.cleaned_data["users"].split(",") if name.strip()}
        found = list(get_user_model()._default_manager.filter(username__in=names))
        if missing := sorted(names - {user.get_username() for user in found}):
            raise forms.ValidationError(f"Nobody is called {', '.join(missing)}.")
        return found

    def audience(self) -> Audience:
        data = self.cleaned_data
        return Audience(tuple(data["groups"]), tuple(data["users"]), data["percent"] or None)
