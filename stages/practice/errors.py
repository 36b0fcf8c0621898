"""What `stages start` and its companions refuse."""


class PracticeError(Exception):
    """Nothing was changed; the message says why, and what to do."""
