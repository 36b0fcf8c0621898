"""What an instructor fills in to roll a milestone out."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from waffle.models import Flag

from stages.catalog import Milestone, Stage, catalog
from stages.rollout import Audience, can_be_rolled_out

EVERYONE, NOBODY, SOME = "everyone", "nobody", "some"
WHO = {EVERYONE: "Everyone", NOBODY: "Nobody", SOME: "Only these:"}


class MilestoneSelect(forms.Select):
    """The milestones of locked stages are shown, and cannot be chosen."""

    held: Collection[Stage] = ()

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        if catalog().get(value).stage in self.held:
            option["attrs"]["disabled"] = True
            option["label"] = f"{label} (locked)"
        return option


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
    """`at` is where it stands: in a "row" of the table, on its "milestone"'s page, or on its own, where one chooses."""

    milestone = forms.ChoiceField(widget=MilestoneSelect)
    who = forms.ChoiceField(choices=WHO, required=False, widget=forms.RadioSelect, label="Who sees it")
    groups = GroupsField(Group.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple)
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
        help_text="50 is about half of them. Each visitor keeps what they got.",
    )

    def __init__(self, *args: Any, at: str = "", held: Collection[Stage] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        field = self.fields["milestone"]
        field.widget.held = held
        field.choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (step.slug, f"{step.number} {step.title}")
            for step in catalog().switchable
            if can_be_rolled_out(step)
        ]

    def clean_who(self) -> str:
        return self.cleaned_data["who"] or SOME

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


def form_for(milestone: Milestone, *, at: str) -> RolloutForm:
    """Filled in with who sees the milestone now."""
    flag = Flag.objects.filter(name=milestone.slug).first()
    return RolloutForm(initial={"milestone": milestone.slug, **(_now(flag) if flag else {})}, at=at)


def _now(flag: Flag) -> dict[str, Any]:
    return {
        "who": {True: EVERYONE, False: NOBODY, None: SOME}[flag.everyone],
        "groups": list(flag.groups.values_list("pk", flat=True)),
        "users": ", ".join(flag.users.order_by("username").values_list("username", flat=True)),
        "percent": flag.percent,
    }
