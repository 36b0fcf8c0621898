#!/bin/sh
# manage.py inside a running container, secrets included: docker compose exec web crm createsuperuser
set -eu
cd /app
exec deploy/entrypoint.sh python manage.py "$@"
