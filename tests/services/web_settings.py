"""The production profile without collected static files: nothing here looks at a page."""

from mini_crm.settings.production import *  # noqa: F403  # a settings profile is its base plus a few lines
from mini_crm.settings.production import STORAGES as REAL_STORAGES

STORAGES = {
    **REAL_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
