from django.core.exceptions import ValidationError

from clients.forms import ClientForm
from stages.checking.mistakes import Mistake
from tests.stages.mistakes.patches import method

REFUSAL = "Addresses at example.com are for examples only."


def clean_email(refused):
    """A `clean_email` that refuses the addresses for which `refused` is true."""

    def clean(self):
        email = self.cleaned_data["email"]
        if refused(email):
            raise ValidationError(REFUSAL)
        return email

    return clean


def clean_without_field(self):
    email = self.cleaned_data["email"]
    if email.endswith("example.com"):
        self.add_error(None, REFUSAL)
    return email


MISTAKES = [
    Mistake(
        "substring",
        "“example.com” anywhere in the address is refused, so notexample.com is refused too.",
        "test_a_domain_that_only_looks_like_it_is_allowed",
        method(ClientForm, "clean_email", clean_email(lambda email: "example.com" in email)),
    ),
    Mistake(
        "minds-case",
        "Only “@example.com” in small letters is refused; ADA@EXAMPLE.COM gets through.",
        "test_example_com_is_refused_however_it_is_written",
        method(ClientForm, "clean_email", clean_email(lambda email: email.endswith("@example.com"))),
    ),
    Mistake(
        "error-without-a-field",
        "The error stands above the form and not beside the e-mail.",
        "test_an_address_at_example_com_is_a_validation_error",
        method(ClientForm, "clean_email", clean_without_field),
    ),
]
