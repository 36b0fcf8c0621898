"""What every profile shares. A profile (junior, middle, advanced, production) adds to it what its stage needs."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from mini_crm.settings import environment

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# --- Core -------------------------------------------------------------------------------------------------------------
DEBUG = environment.flag("DEBUG", default=True)
# Fit for trying things out only: the production profile has no default.
SECRET_KEY = environment.text("SECRET_KEY", "django-insecure-mini-crm-for-learning-only")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = "mini_crm.urls"
WSGI_APPLICATION = "mini_crm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The covering index of the orders is PostgreSQL's; SQLite makes it without the extra columns, as it should.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
REDIS_URL = environment.redis()

# --- The curriculum ---------------------------------------------------------------------------------------------------
# The profile is the ceiling: a milestone of a later stage is never active below it.
CRM_STAGE = "junior"
# Locked: every milestone is on and nothing can be switched (production).
CRM_LOCKED = False
CRM_DEMO = environment.flag("CRM_DEMO", default=False)
# Called with what changed (clients/changes.py): for each write, in its transaction; once per transaction, after commit.
CHANGE_RECORDERS: list[str] = []
CHANGE_LISTENERS: list[str] = []

# --- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    # First, so that runserver leaves /static/ to whitenoise, whose answers carry the security headers.
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "waffle",
    "stages",
    "clients",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clients.site.wellformed.WellFormedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "waffle.middleware.WaffleMiddleware",
    "stages.middleware.FlagsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "clients.accounts.busy.BusyMiddleware",
    "clients.site.outage.OutageMiddleware",
    "stages.middleware.YoursToWriteMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mini_crm.context.demo",
            ]
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------------
# Seconds that a statement may take on PostgreSQL, 0 for any time: for whatever answers requests.
STATEMENT_TIMEOUT = environment.seconds("STATEMENT_TIMEOUT", 0)
DATABASES = {"default": environment.database(f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers and a writer work side by side (WAL), and a writer waits for its turn from the first statement on.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Seconds: to connect; until a machine that is gone is noticed (milliseconds in tcp_user_timeout).
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }
    if STATEMENT_TIMEOUT:
        DATABASES["default"]["ENGINE"] = "mini_crm.postgresql"
        DATABASES["default"]["OPTIONS"]["options"] = f"-c statement_timeout={STATEMENT_TIMEOUT}s"

# --- Cache ------------------------------------------------------------------------------------------------------------
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "mini-crm"},
    # What stays within this process: throttles count here while Redis is away.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process"},
    # waffle reads its flags through this one, so always from the database: a flip counts in every process at once.
    "flags": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}

# --- Feature flags ----------------------------------------------------------------------------------------------------
WAFFLE_CACHE_NAME = "flags"
WAFFLE_FLAG_DEFAULT = True
WAFFLE_OVERRIDE = False
# Its cookies, which keep a visitor's side of a percentage, work over plain HTTP as well.
WAFFLE_SECURE = False

# --- Accounts ---------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "clients.accounts.hashers.SmallArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "login"
# Behind a proxy the visitor's address is the last one that no trusted proxy has written.
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")
# Five wrong passwords for one name from one address lock that pair for a quarter of an hour, a hundred for any names
# lock the address: as many as twenty people of one office who have all forgotten theirs.
AXES_HANDLER = "clients.accounts.lockout.NameAndAddressLock"
AXES_FAILURE_LIMIT = 5
LOGIN_FAILURES_PER_ADDRESS = 100
AXES_COOLOFF_TIME = 0.25
# What is tried while a name is locked does not count: one impatient colleague would lock the address of all.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_CLIENT_IP_CALLABLE = "clients.accounts.lockout.counted_address"
AXES_VERBOSE = False

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = environment.time_zone()
USE_I18N = True
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# The milestones' pages show what each of them looks like, off and on.
SCREENSHOTS = BASE_DIR / "docs" / "screenshots"
STATICFILES_DIRS = [("screenshots", SCREENSHOTS)] if SCREENSHOTS.is_dir() else []
MEDIA_URL = "/media/"
MEDIA_ROOT = environment.directory("MEDIA_ROOT", BASE_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Whitenoise serves straight from the apps' folders here, so that nothing has to be collected first.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- Mail -------------------------------------------------------------------------------------------------------------
vars().update(environment.email())
# Seconds that a mail server may take to answer; without it a dead one holds a worker for ever.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = "Mini CRM <crm@localhost>"
REPORT_RECIPIENTS = environment.recipients()

# --- Security ---------------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Logging ----------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
