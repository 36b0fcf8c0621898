"""HTTP: `gunicorn mini_crm.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mini_crm.settings.advanced")

application = get_wsgi_application()
