"""Which orders have been told about already."""

from collections.abc import Iterable

# More than any replay holds, so that a repetition is always recognised.
REMEMBERED = 2000


class SentOrders:
    """The ids that were passed on last; older ones are forgotten."""

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._ids = dict.fromkeys(ids)

    def __contains__(self, pk: int) -> bool:
        return pk in self._ids

    def covers(self, ids: Iterable[int]) -> bool:
        """Whether all of these are known; never for none at all."""
        asked = set(ids)
        return bool(asked) and asked <= self._ids.keys()

    def add(self, ids: Iterable[int]) -> None:
        self._ids.update(dict.fromkeys(ids))
        for pk in list(self._ids)[: max(len(self._ids) - REMEMBERED, 0)]:
            del self._ids[pk]
