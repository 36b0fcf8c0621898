"""The part of the pytest plugin that turns a check red when it has met a stub of `stages start`, wherever that was.

A page answers 501, a listener and a task log the error: what the check then finds is only a consequence. The stub
itself is what it is told.
"""

from collections.abc import Iterator

import pytest

from stages.not_written_yet import NotWrittenYet


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    NotWrittenYet.met.clear()
    try:
        result = yield
    except (Exception, pytest.fail.Exception) as error:
        if NotWrittenYet.met and not isinstance(error, NotWrittenYet):
            raise NotWrittenYet.met[0] from error
        raise
    if NotWrittenYet.met:
        raise NotWrittenYet.met[0]
    return result
