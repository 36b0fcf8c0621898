"""A plain solution of milestone 3, Forms & validation."""

from django.core.exceptions import ValidationError


class ClientForm(PlainClientForm):
    def clean_email(self) -> str:
        """The address in lower case. Raises ValidationError for example.com and its subdomains, in any case."""
        email: str = self.cleaned_data["email"].lower()
        refuse_forbidden_domain(email)
        return email


def refuse_forbidden_domain(email: str) -> None:
    """Raises ValidationError for a lower-case address at example.com or at a subdomain of it."""
    if email.endswith(f"@{FORBIDDEN_DOMAIN}"):
        raise ValidationError("Addresses at example.com are not accepted.")
