"""The two kinds of column a client has that Django does not bring along."""

from os import PathLike
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.db import models

from clients.avatars import uploads


class LowercaseEmailField(models.EmailField):
    """An e-mail address that is lower-case wherever it goes: forms, save(), bulk_create(), update() and lookups.

    `save()` and `bulk_create()` also lower-case the attribute, so that the object in hand equals its row.
    """

    def to_python(self, value: Any) -> str | None:
        return lowered(super().to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = lowered(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        return lowered(super().get_prep_value(value))


def lowered(value: Any) -> Any:
    """`value` in lower case; None and expressions such as F("email") pass through untouched."""
    return value.lower() if isinstance(value, str) else value


class AvatarFormField(forms.ImageField):
    """A file input whose cleaned value is a picture of our own making; see `uploads.clean_avatar`."""

    def to_python(self, data: Any) -> ContentFile | None:
        # Past forms.ImageField, whose own Pillow check comes before any limit and judges by the uploaded name too.
        upload = super(forms.ImageField, self).to_python(data)
        return None if upload is None else uploads.clean_avatar(upload)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": ",".join(uploads.MEDIA_TYPES)}


class AvatarField(models.ImageField):
    """A picture that every form, the admin's too, decodes and draws again, stored under a name nobody can guess."""

    def formfield(self, **kwargs: Any) -> Any:
        # No max_length: it would be held against the uploaded name, of which nothing is kept.
        return super().formfield(**{"form_class": AvatarFormField, **kwargs, "max_length": None})

    def generate_filename(self, instance: models.Model, filename: str | PathLike[str]) -> str:
        """Files that other code stores get an unguessable name as well, with the suffix they came with."""
        path = PurePosixPath(filename)
        if not uploads.is_unguessable(path.stem):
            filename = uploads.unguessable_name(path.suffix.lower())
        return super().generate_filename(instance, filename)
