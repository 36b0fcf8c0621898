"""Redis as a cache that may be away: a cache that cannot be reached is an empty one, not an error page."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# After a failure Redis is left alone for so long, so that not every request waits for the same time-out.
PAUSE_SECONDS = 5.0


class CacheAwayError(Exception):
    """Raised by `or_raise` while Redis cannot be reached, for callers that must know."""


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, answering as an empty one while the server is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._away_until = 0.0

    def or_raise(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """The plain operation; raises CacheAwayError when Redis cannot be reached or is left alone after a failure."""
        if time.monotonic() < self._away_until:
            raise CacheAwayError(operation)
        method: Callable[..., Any] = getattr(super(), operation)
        try:
            return method(*args, **kwargs)
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("The cache cannot be reached: %s", error)
            raise CacheAwayError(operation) from error

    def _or(self, answer: Any, operation: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return self.or_raise(operation, *args, **kwargs)
        except CacheAwayError:
            return answer

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, "get", key, default, version)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._or({}, "get_many", keys, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._or(None, "set", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return self._or([], "set_many", *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, "add", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, "touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, "delete", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._or(None, "delete_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._or(False, "has_key", *args, **kwargs)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError for a key that is not there, as Django's caches do, and so while Redis is away."""
        try:
            counted: int = self.or_raise("incr", key, delta, version)
        except CacheAwayError as error:
            raise ValueError(f"Key {key!r} not found: the cache is away") from error
        return counted

    def clear(self) -> None:
        self._or(None, "clear")
