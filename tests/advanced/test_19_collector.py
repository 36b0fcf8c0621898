"""Milestone 19, beyond: a process that holds sockets."""

import json

import pytest

from tests.processes import python

# Fewer objects than there are once Django has been imported.
MANY = 50_000
# About what two thousand sockets keep.
CODE = """
import gc, json, sys
import mini_crm.asgi
frozen, walks = gc.get_freeze_count(), []
gc.callbacks.append(lambda phase, about: walks.append(about["generation"]))
kept = [[] for _ in range(400_000)]
print(json.dumps([frozen, walks.count(2), "mini_crm.urls" in sys.modules]))
"""


@pytest.mark.beyond("scale")
def test_the_collector_leaves_alone_what_is_there_to_stay():
    """Or it would walk over all of it again and again while orders are sent to a thousand sockets."""
    done = python("-c", CODE, DJANGO_SETTINGS_MODULE="mini_crm.settings.advanced")

    assert done.returncode == 0, done.stderr
    frozen, walks_over_everything, pages_are_imported = json.loads(done.stdout)
    assert frozen > MANY
    assert pages_are_imported
    assert walks_over_everything == 0
