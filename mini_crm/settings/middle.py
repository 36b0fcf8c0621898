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
    # Who may not read the API has no use for its description, which names every field and filter.
    "SERVE_PERMISSIONS": ["clients.api.permissions.ReadAllWriteStaff"],
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
    DEBUG_TOOLBAR_CONFIG = {
        # Open, it covers a third of every page, and all of it on a phone; one click opens it.
        "SHOW_COLLAPSED": True,
        # The last pages whose panels can be opened. All of it stays in memory (`python -m bench demo`).
        "RESULTS_CACHE_SIZE": 10,
        # A context of the map holds the whole curriculum: to print it takes longer than the page and costs 100 MB.
        "SHOW_TEMPLATE_CONTEXT": False,
    }
    # What the course looks at: queries, the cache, signals, templates. Each panel costs every page time.
    DEBUG_TOOLBAR_PANELS = [
        "debug_toolbar.panels.history.HistoryPanel",
        "debug_toolbar.panels.timer.TimerPanel",
        "debug_toolbar.panels.request.RequestPanel",
        "debug_toolbar.panels.sql.SQLPanel",
        "debug_toolbar.panels.templates.TemplatesPanel",
        "debug_toolbar.panels.cache.CachePanel",
        "debug_toolbar.panels.signals.SignalsPanel",
    ]
