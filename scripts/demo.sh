#!/bin/sh
# Migrates, loads the demo data and serves: sh scripts/demo.sh [STAGE] [PORT]
# What the learner has changed since the last time is kept; the demo accounts are made once.
set -eu
cd "$(dirname "$0")/.."
stage=${1:-advanced}
port=${2:-8000}

case $stage in
junior | middle | advanced) ;;
*)
    echo "STAGE=$stage is not a stage: it takes junior, middle or advanced." >&2
    exit 2
    ;;
esac

free='import socket, sys
try:
    socket.create_server(("127.0.0.1", int(sys.argv[1]))).close()
except (OSError, OverflowError, ValueError) as error:
    sys.exit(f"PORT={sys.argv[1]} cannot be used ({error}). Choose another one: make demo PORT=8001")'
.venv/bin/python -c "$free" "$port"

export DJANGO_SETTINGS_MODULE="mini_crm.settings.$stage"
.venv/bin/python manage.py migrate --verbosity 0
.venv/bin/python manage.py load_demo --accounts

cat <<TEXT

  Mini CRM ($stage)   http://127.0.0.1:$port/
  Curriculum map      http://127.0.0.1:$port/stages/

  Sign in as   learner   an ordinary user
               manager   staff: switches milestones, merges clients, sees the reports
               admin     superuser: everything, and /admin/
  The password of all three is   demo

  Stop with Ctrl-C.

TEXT
exec .venv/bin/python manage.py runserver "$port"
