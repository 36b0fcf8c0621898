"""Django's PostgreSQL backend with limits of time: see base.py."""
