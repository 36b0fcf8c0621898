#!/bin/sh
# The job before everything else that needs the database; compose starts the rest when it has succeeded.
set -eu
python manage.py migrate --no-input
case $(printf %s "${CRM_DEMO:-0}" | tr '[:upper:]' '[:lower:]') in
1 | true | yes | on) python manage.py load_demo --accounts ;;
esac
# What Django would say about these settings stands in this job's log; only errors stop the start.
python manage.py check --deploy --database default --fail-level ERROR
