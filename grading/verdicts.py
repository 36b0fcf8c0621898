"""What a check can say besides that all is well."""


class Fails(Exception):  # noqa: N818  # it is no error of ours: the graded project does not do what the seed says
    """The project does something else than the seed says."""

    def __init__(self, did: str, expected: str, got: str) -> None:
        super().__init__(f"{did}: expected {expected}, got {got}")
        self.did, self.expected, self.got = did, expected, got


class NotJudged(Exception):  # noqa: N818  # nor is this: the grader could not tell
    """The grader cannot tell, and says why. Never an accusation."""


class CannotStartError(Exception):
    """The project as a whole cannot be judged; the message says which step failed, and how."""
