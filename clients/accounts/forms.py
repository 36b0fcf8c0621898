"""The two login forms, with a limit on the name.

Django tells browsers the most that a name may have, but takes longer ones; django-axes stores what was tried in a
column of 255 characters, and PostgreSQL refuses what does not fit.
"""

from typing import Final

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.forms import TextInput

LONGEST_NAME: Final = get_user_model()._meta.get_field("username").max_length


def name_field() -> UsernameField:
    """Counts the characters after Unicode's compatible forms are made the same, which can turn one into eighteen."""
    return UsernameField(max_length=LONGEST_NAME, widget=TextInput(attrs={"autofocus": True}))


class LoginForm(AuthenticationForm):
    username = name_field()


class AdminLoginForm(AdminAuthenticationForm):
    username = name_field()
