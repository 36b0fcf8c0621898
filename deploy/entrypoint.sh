#!/bin/sh
# Runs a command with the secrets that the first start has made (deploy/first_start.py). One that is set in the
# environment already stays as it is. They are read here, so that no `docker inspect` shows them.
set -eu
secrets=/run/crm

if [ -z "${SECRET_KEY:-}" ]; then SECRET_KEY=$(cat "$secrets/secret_key"); fi
if [ -z "${DATABASE_URL:-}" ]; then DATABASE_URL="postgres://crm:$(cat "$secrets/postgres_password")@postgres:5432/crm"; fi
if [ -z "${REDIS_URL:-}" ]; then REDIS_URL="redis://:$(cat "$secrets/redis_password")@redis:6379/0"; fi
export SECRET_KEY DATABASE_URL REDIS_URL

# Nothing that serves starts while somebody could sign in with a password that everybody knows.
case ${1:-} in
gunicorn | uvicorn | celery) python manage.py check --tag database --database default ;;
esac
exec "$@"
