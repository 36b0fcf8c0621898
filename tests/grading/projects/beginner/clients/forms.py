from django import forms

from .models import Client


class ClientForm(forms.ModelForm):
    class Meta:
        model = Client
        fields = ["name", "email", "phone", "avatar"]

    def clean_email(self):
        # Mistake: the address stays as it was typed in.
        email = self.cleaned_data["email"]
        if email.lower().endswith("@example.com"):
            raise forms.ValidationError("Not this one, please.")
        return email
