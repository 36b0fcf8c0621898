"""For real use: secrets without defaults, HTTPS, every milestone on and locked."""

from pathlib import Path
from tempfile import gettempdir

from mini_crm.settings import environment

SECRET_KEY_TAKES = (
    "a long random text of its own (python -c 'import secrets; print(secrets.token_urlsafe(50))')"
)
SECRET_KEY_GIVEN = environment.required("SECRET_KEY", SECRET_KEY_TAKES)
if len(SECRET_KEY_GIVEN) < 40 or SECRET_KEY_GIVEN.startswith("django-insecure-"):
    raise environment.wrong("SECRET_KEY", "…", SECRET_KEY_TAKES)
environment.required("ALLOWED_HOSTS", "the host names the CRM is reached by, separated by commas")
POSTGRES_ADDRESS = "the address of a PostgreSQL database: postgres://user:password@host:5432/name"
if not environment.required("DATABASE_URL", POSTGRES_ADDRESS).startswith(("postgres://", "postgresql://")):
    # Without the value: there may be a password in it.
    raise environment.wrong("DATABASE_URL", "…", POSTGRES_ADDRESS)
environment.required("REDIS_URL", "the address of Redis, such as redis://127.0.0.1:6379/0")
if environment.flag("DEBUG", default=False):
    raise environment.wrong("DEBUG", "1", "nothing but 0 in the production profile")
environment.env.ENVIRON.setdefault("DEBUG", "0")
environment.env.ENVIRON.setdefault("API_PUBLIC_READ", "0")

from mini_crm.settings.advanced import *

CRM_LOCKED = True

HTTPS_ONLY = environment.flag("HTTPS_ONLY", default=True)
SECURE_SSL_REDIRECT = HTTPS_ONLY
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
# The browsers' preload list is for whole domains and hard to leave: its owner decides, not this program.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
# Health checks come from inside, where there is no HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False

# Touched by Celery's worker and beat, looked at by their containers' health checks.
HEARTBEAT_FILE = Path(gettempdir(), "mini-crm-heartbeat")
