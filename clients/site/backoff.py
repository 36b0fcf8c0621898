"""How long to wait before something that failed is tried again."""

from random import uniform

# 2 to the power of more than this is longer than any limit.
MOST_DOUBLINGS = 30


def backoff(retries: int, *, first: float, longest: float, factor: int = 2) -> float:
    """Seconds until the next try, after `retries` earlier ones: `factor` times as long each time, up to `longest`.

    Up to a quarter is taken off by chance, so that what failed together is not tried together again.
    """
    delay: float = min(longest, first * factor ** min(retries, MOST_DOUBLINGS))
    return delay * uniform(0.75, 1)  # noqa: S311  # no secret, it only spreads the load
