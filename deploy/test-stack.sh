#!/bin/sh
# Brings the whole stack up under a name and a port of its own, checks it through the proxy, and takes it down again,
# volumes included. Needs a Docker engine and .venv (make test-stack). What is running under another name is not touched.
set -eu
cd "$(dirname "$0")/.."
# Neither an .env nor the shell changes what is checked.
unset SECRET_KEY DATABASE_URL REDIS_URL ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS TRUSTED_PROXIES HTTPS_ONLY TIME_ZONE \
    API_PUBLIC_READ API_THROTTLE_ANON API_THROTTLE_USER WEBHOOK_ALLOW_PRIVATE
export COMPOSE_DISABLE_ENV_FILE=1 COMPOSE_PROJECT_NAME=mini-crm-test COMPOSE_PATH_SEPARATOR=:
export COMPOSE_FILE=docker-compose.yml:deploy/test-stack.yml
export PORT="${STACK_PORT:-18080}" CRM_DEMO=1 EMAIL_URL=smtp://mail:2525 REPORT_RECIPIENTS=boss@mail.com
logs=$(mktemp -d)

down() {
    status=$?
    trap - EXIT
    if [ "$status" -ne 0 ]; then
        docker compose ps --all >&2 || true
        docker compose logs --no-color --timestamps >"$logs/stack.log" 2>&1 || true
        tail -n 150 "$logs/stack.log" >&2
    fi
    docker compose down --volumes --remove-orphans --timeout 20 >"$logs/down.log" 2>&1 || cat "$logs/down.log" >&2
    rm -rf "$logs"
    exit "$status"
}
trap down EXIT
# An interrupted run may have left something behind.
docker compose down --volumes --remove-orphans --timeout 5 >"$logs/down.log" 2>&1

docker compose build --quiet
docker compose up --detach --wait --wait-timeout 300
.venv/bin/pytest tests/stack -p no:randomly --durations 5 --tb short "$@"
