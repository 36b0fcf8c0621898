"""The advanced profile as it runs for real, with the naive ways beside it and nothing that only helps debugging."""

import os

os.environ["DEBUG"] = "0"
os.environ.setdefault("API_THROTTLE_ANON", "1000000/s")
os.environ.setdefault("API_THROTTLE_USER", "1000000/s")

from mini_crm.settings.advanced import *

ROOT_URLCONF = "bench.urls_with_peers"
ALLOWED_HOSTS = ["*"]
LOGGING = {}
# Locked, no flag is read: what the flags cost is the difference.
CRM_LOCKED = os.environ.get("BENCH_LOCKED") == "1"
