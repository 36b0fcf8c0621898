"""The apps of the advanced profile without ours: what Django, DRF, Celery and Channels take by themselves."""

from bench.settings import *

OURS = ("stages", "clients", "mini_crm")
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith(OURS)]
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith(OURS)]
_processors = TEMPLATES[0]["OPTIONS"]["context_processors"]
TEMPLATES[0]["OPTIONS"]["context_processors"] = [name for name in _processors if not name.startswith(OURS)]
ROOT_URLCONF = "bench.bare_urls"
AXES_CLIENT_IP_CALLABLE = None
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
CHANGE_LISTENERS: list[str] = []
CHANGE_RECORDERS: list[str] = []
