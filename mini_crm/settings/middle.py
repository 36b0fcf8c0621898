"""Stage 2: adds the API (DRF, django-filter, OpenAPI) and, while DEBUG is on, the debug toolbar."""

from mini_crm.settings import environment
from mini_crm.settings.base import *

CRM_STAGE = "middle"

INSTALLED_APPS += [
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

API_PUBLIC_READ = environment.flag("API_PUBLIC_READ", default=True)
API_THROTTLE_ANON = environment.rate("API_THROTTLE_ANON", "600/min")
API_THROTTLE_USER = environment.rate("API_THROTTLE_USER", "1200/min")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "clients.api.schema.CrmSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mini CRM API",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

DEBUG_TOOLBAR = DEBUG
if DEBUG_TOOLBAR:
    INSTALLED_APPS += ["debug_toolbar"]
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.sessions.middleware.SessionMiddleware"),
        "debug_toolbar.middleware.DebugToolbarMiddleware",
    )
    INTERNAL_IPS = ["127.0.0.1", "::1"]
    # Open, it covers a third of every page, and all of it on a phone; one click opens it.
    DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True}
