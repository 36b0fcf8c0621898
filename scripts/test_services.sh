#!/bin/sh
# The checks on real servers: DATABASE_URL=… REDIS_URL=… sh scripts/test_services.sh [servers|checks]
# `servers` is what only real servers can show (one process: the files start workers and servers of their own), `checks`
# every check of a milestone and the demo data on PostgreSQL. Those keep the embedded stand-ins for Redis, so that
# parallel test processes share nothing. What is left out, the engine's own tests, asks the database nothing of its own.
set -eu
cd "$(dirname "$0")/.."
what=${1:-all}

if [ "$what" != checks ]; then
    sh scripts/debian_package.sh soffice libreoffice-calc-nogui
    .venv/bin/pytest tests/services
fi
if [ "$what" != servers ]; then
    env -u REDIS_URL .venv/bin/pytest -n auto --maxprocesses 4 tests/junior tests/middle tests/advanced tests/stages/test_load_demo.py tests/stages/test_demo_people.py tests/stages/test_demo_command.py \
        tests/stages/test_features.py tests/stages/test_summary.py tests/stages/test_hostile_requests.py
fi
