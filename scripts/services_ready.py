"""Logs in to PostgreSQL and Redis, and makes the database of DATABASE_URL where it is missing.

`python -m scripts.services_ready` exits 1 with one line that says which of the two refused, and why.
"""

import os
import sys

import psycopg
import redis
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo


def make_database(address: str) -> None:
    """Creates the database that `address` names; the server's own `postgres` database is the way in."""
    name = conninfo_to_dict(address)["dbname"]
    with psycopg.connect(
        make_conninfo(address, dbname="postgres"), connect_timeout=10, autocommit=True
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(str(name))))


def main() -> None:
    try:
        make_database(os.environ["DATABASE_URL"])
    except psycopg.Error as error:
        sys.exit(f"PostgreSQL at DATABASE_URL={os.environ['DATABASE_URL']} cannot be used: {error}")
    try:
        with redis.Redis.from_url(os.environ["REDIS_URL"], socket_connect_timeout=10) as connection:
            connection.ping()
    except redis.RedisError as error:
        sys.exit(f"Redis at REDIS_URL={os.environ['REDIS_URL']} cannot be used: {error}")


if __name__ == "__main__":
    main()
