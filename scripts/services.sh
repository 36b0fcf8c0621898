#!/bin/sh
# Sees to it that PostgreSQL answers on 127.0.0.1:5432 and Redis on 127.0.0.1:6379, and fails when either does not.
#
# What answers already is used as it is. What does not is started from Debian's packages, installed when missing: a
# PostgreSQL cluster of its own under /var/tmp/mini-crm-services, so that no cluster of the machine is touched, and a Redis
# that saves nothing. Both are for tests: no password, no fsync, reachable from this machine only.
# A DATABASE_URL or REDIS_URL that names another server is left to the person who set it.
set -eu
cd "$(dirname "$0")/.."
place=/var/tmp/mini-crm-services
database_url=${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/mini_crm}
redis_url=${REDIS_URL:-redis://127.0.0.1:6379/15}

answers() {
    .venv/bin/python -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2).close()' "$1" 2>/dev/null
}

wait_for() {
    for _ in $(seq 60); do
        if answers "$1"; then return; fi
        sleep 0.5
    done
    echo "$2 was started and does not answer on 127.0.0.1:$1 after 30 seconds." >&2
    exit 1
}

# PostgreSQL refuses to run as root, so root lends it to the user that Debian's package made.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi
}

start_postgres() {
    # Debian would make and start a cluster with passwords on this very port when it installs the server, unless told not to.
    sh scripts/debian_package.sh pg_createcluster postgresql-common
    if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
        echo "create_main_cluster = false" >>/etc/postgresql-common/createcluster.conf
    fi
    sh scripts/debian_package.sh "/usr/lib/postgresql/*/bin/initdb" postgresql
    for bin in /usr/lib/postgresql/*/bin; do :; done # the last one is the newest
    if answers 5432; then return; fi
    echo "Starting PostgreSQL ($bin)"
    mkdir -p "$place"
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$place"; fi
    if [ ! -f "$place/postgres/PG_VERSION" ]; then
        as_postgres "$bin/initdb --pgdata=$place/postgres --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8" >/dev/null
    fi
    options="-c listen_addresses=127.0.0.1 -c port=5432 -c unix_socket_directories=$place"
    options="$options -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
    as_postgres "$bin/pg_ctl --pgdata=$place/postgres --log=$place/postgres.log --options='$options' start" >/dev/null
    wait_for 5432 PostgreSQL
}

start_redis() {
    sh scripts/debian_package.sh redis-server redis-server
    if answers 6379; then return; fi
    echo "Starting Redis"
    redis-server --bind 127.0.0.1 --port 6379 --save "" --appendonly no --daemonize yes >/dev/null
    wait_for 6379 Redis
}

case $database_url in
*@127.0.0.1:5432/* | *@localhost:5432/*) answers 5432 || start_postgres ;;
esac
case $redis_url in
*127.0.0.1:6379* | *localhost:6379*) answers 6379 || start_redis ;;
esac

# An open port is not yet a server that lets us in: log in to both, and make the database that DATABASE_URL names.
DATABASE_URL=$database_url REDIS_URL=$redis_url .venv/bin/python -m scripts.services_ready
