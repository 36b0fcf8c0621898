"""What a table with a picture does so that no file is left behind."""

from typing import Any, Self

from django.db import models

from clients.avatars.files import discard, undone_on_error


class AvatarFilesModel(models.Model):
    """For a model with a field `avatar`: the file of a replaced or deleted picture goes once that is committed."""

    avatar: Any

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> Self:
        """Remembers the stored avatar; `options` are Django 6.1's."""
        row = super().from_db(db, field_names, values, **options)
        row._stored_avatar = row.__dict__.get("avatar", "")
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Remembers the avatar that is stored by now."""
        super().refresh_from_db(*args, **kwargs)
        fields = args[1] if len(args) > 1 else kwargs.get("fields")
        if fields is None or "avatar" in fields:
            # As text: the file's object would change along with the field.
            self._stored_avatar = str(self.__dict__.get("avatar", ""))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A save that fails leaves no file behind either."""
        with undone_on_error(self.avatar):
            super().save(*args, **kwargs)
        if "avatar" in (kwargs.get("update_fields") or ["avatar"]):
            self._discard_replaced_avatar()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        discard([self.avatar.name or ""])
        return deleted

    def _discard_replaced_avatar(self) -> None:
        present = str(self.avatar.name or "")
        stored, self._stored_avatar = str(getattr(self, "_stored_avatar", "")), present
        if stored and stored != present:
            discard([stored])
