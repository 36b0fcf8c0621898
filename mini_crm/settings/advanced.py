"""Stage 3: adds Celery and Channels. Without REDIS_URL both run inside the process, with it on Redis."""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from mini_crm.settings import environment
from mini_crm.settings.middle import *

CRM_STAGE = "advanced"

# daphne second, behind whitenoise: its runserver serves websockets too.
INSTALLED_APPS.insert(1, "daphne")
INSTALLED_APPS += ["channels", "mini_crm.apps.CeleryReady"]
ASGI_APPLICATION = "mini_crm.asgi.application"

CHANGE_LISTENERS = [
    "clients.caching.forget_pages",
    "clients.live.push.announce",
]
CHANGE_RECORDERS = ["clients.webhooks.dispatch.record"]

# --- Channels ---------------------------------------------------------------------------------------------------------
CHANNEL_LAYERS: dict[str, Any] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# --- Celery -----------------------------------------------------------------------------------------------------------
# Without a broker a task runs at once, inside the process that asks for it.
CELERY_TASK_ALWAYS_EAGER = REDIS_URL is None
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_TIMEZONE = TIME_ZONE
# A task is acknowledged when it is done, so that a killed worker's task is given to the next one …
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# … and Redis gives it back after this many seconds (an hour by default, far too long for a report), looking for
# such tasks every ten seconds. A task that runs longer is given out a second time: it has to hold a claim.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120, "unacked_restore_throttle": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_BEAT_SCHEDULER = "mini_crm.scheduler.Scheduler"
CELERY_BEAT_SCHEDULE = {
    "monthly-report": {
        "task": "clients.reports.tasks.send_last_month",
        "schedule": crontab(minute=0, hour=6, day_of_month=1),
    },
    "reports-overdue": {"task": "clients.reports.tasks.sweep", "schedule": 60.0},
    "webhooks-overdue": {"task": "clients.webhooks.tasks.sweep", "schedule": 60.0},
    "webhooks-forget": {"task": "clients.webhooks.tasks.forget", "schedule": crontab(minute=30, hour=3)},
}

# Signs of life for the person who watches the worker and beat (production only).
HEARTBEAT_FILE: Path | None = None

# --- The monthly report -----------------------------------------------------------------------------------------------
# Larger files are not attached; the person who wants one fetches it from /reports/.
REPORT_ATTACHMENT_LIMIT = 5 * 1024 * 1024
# A claim that was not renewed for this many seconds belonged to a worker that is dead.
REPORT_LEASE = 60
# Seconds until a failed step is tried again: doubled each time from the first to the second of these. The second stays
# below the visibility timeout, or Redis would give the waiting task out again and again. 200 times take five hours.
REPORT_RETRY_DELAYS = (5, 100)
REPORT_RETRIES = 200

# --- Order webhooks ---------------------------------------------------------------------------------------------------
# Whether they may call this machine and private networks: for trying them out, never where strangers enter addresses.
WEBHOOK_ALLOW_PRIVATE = environment.flag("WEBHOOK_ALLOW_PRIVATE", default=False)
# httpx writes every address it calls at INFO, and a subscriber's address may be a secret of theirs.
LOGGING["loggers"] = {"httpx": {"level": "WARNING"}}

if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "mini_crm.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    }
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # No retries: an order must not wait for Redis, and who missed it is told later (live/reliable/catchup.py).
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}],
        },
    }
