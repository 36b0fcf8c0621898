"""A plain solution of milestone 1, Client model."""

from typing import Any

from django.db import models


class LowercaseEmailField(models.EmailField):
    def to_python(self, value: Any) -> str | None:
        return lowered(super().to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = lowered(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        return lowered(super().get_prep_value(value))
