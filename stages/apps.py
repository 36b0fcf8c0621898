from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StagesConfig(AppConfig):
    name = "stages"
    verbose_name = "Curriculum"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Both need the app registry, so neither can be imported with this file.
        from stages import checks  # noqa: F401, PLC0415  # importing it registers the checks
        from stages.flags import make_missing_flags  # noqa: PLC0415  # it imports models

        post_migrate.connect(make_missing_flags, sender=self)
