"""Stage 3: adds Celery and Channels. Without REDIS_URL both run inside the process, with it on Redis."""

from celery.schedules import crontab

from mini_crm.settings.middle import *

CRM_STAGE = "advanced"

# daphne first: its runserver serves websockets too.
INSTALLED_APPS = ["daphne", *INSTALLED_APPS, "channels", "mini_crm.apps.CeleryReady"]
ASGI_APPLICATION = "mini_crm.asgi.application"

CHANGE_LISTENERS = [
    "clients.caching.forget_pages",
    "clients.live.push.announce",
    "clients.webhooks.dispatch.announce",
]

# --- Channels ---------------------------------------------------------------------------------------------------------
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# --- Celery -----------------------------------------------------------------------------------------------------------
# Without a broker a task runs at once, inside the process that asks for it.
CELERY_TASK_ALWAYS_EAGER = REDIS_URL is None
CELERY_BROKER_URL = REDIS_URL or "memory://"
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
CELERY_BEAT_SCHEDULE = {
    "monthly-report": {
        "task": "clients.reports.tasks.send_last_month",
        "schedule": crontab(minute=0, hour=6, day_of_month=1),
    },
}

# --- The monthly report -----------------------------------------------------------------------------------------------
# Larger files are not attached; whoever wants one fetches it from /reports/.
REPORT_ATTACHMENT_LIMIT = 5 * 1024 * 1024
# A claim that was not renewed for this many seconds belonged to a worker that is dead.
REPORT_LEASE = 60
# Seconds until a failed step is tried again: doubled each time from the first to the second of these. The second stays
# below the visibility timeout, or Redis would give the waiting task out again and again. 200 times take five hours.
REPORT_RETRY_DELAYS = (5, 100)
REPORT_RETRIES = 200

if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "mini_crm.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    }
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
