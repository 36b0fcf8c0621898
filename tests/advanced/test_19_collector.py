"""Milestone 19, beyond: a process that holds sockets."""

import pytest

from tests.processes import python

# Fewer objects than there are once Django has been imported.
MANY = 50_000
CODE = "import gc, mini_crm.asgi; print(gc.get_freeze_count())"


@pytest.mark.beyond("scale")
def test_the_collector_leaves_alone_what_has_been_imported():
    """Or it would walk over all of it again and again while orders are sent to a thousand sockets."""
    done = python("-c", CODE, DJANGO_SETTINGS_MODULE="mini_crm.settings.advanced")

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > MANY
