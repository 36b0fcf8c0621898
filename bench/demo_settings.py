"""The demo without its debug toolbar: what its pages and its memory are compared with."""

from mini_crm.settings.advanced import *

INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "debug_toolbar"]
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("debug_toolbar.")]
