#!/bin/sh
# The checks on real servers: DATABASE_URL=… REDIS_URL=… sh scripts/test_services.sh
# First what only real servers can show (one process: the files start workers and servers of their own), then the ordinary
# suites on PostgreSQL. Those keep the embedded stand-ins for Redis, so that parallel test processes share nothing.
set -eu
cd "$(dirname "$0")/.."
sh scripts/debian_package.sh soffice libreoffice-calc-nogui
.venv/bin/pytest tests/services
env -u REDIS_URL .venv/bin/pytest -n auto --maxprocesses 4
