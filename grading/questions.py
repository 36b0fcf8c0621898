"""Questions to the project's own interpreter: one `manage.py shell` for all of them, which costs seconds to start."""

import json
import os
import selectors
import subprocess
import time
from pathlib import Path
from typing import Any

from grading.commands import bounded, ended
from grading.verdicts import NotJudged
from grading.workplace import Workplace

PATIENCE = 60
MARK = "@@graded@@"
# Runs in the graded project. Each line that comes in is code, as JSON; what `answer` is after it goes out as JSON.
LOOP = f"""
import json, sys
for line in sys.stdin:
    found = {{"answer": None}}
    try:
        exec(json.loads(line), found)
        said = json.dumps({{"answer": found["answer"]}})
    except Exception as error:
        said = json.dumps({{"kind": type(error).__name__, "error": str(error)}})
    print({MARK!r} + said, flush=True)
"""


class QuestionFailed(NotJudged):
    """The code raised something; `kind` is the exception's name."""

    def __init__(self, kind: str, error: str) -> None:
        super().__init__(f"a question through manage.py shell failed: {kind}: {error}"[:300])
        self.kind, self.error = kind, error


class Questions:
    """An interpreter that waits for them."""

    def __init__(self, place: Workplace) -> None:
        self.log = place.home / "questions.log"
        with self.log.open("ab") as errors:
            self.process = subprocess.Popen(
                bounded([str(place.python), "manage.py", "shell", "-c", LOOP]),
                cwd=place.code,
                env=place.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        self._selector = selectors.DefaultSelector()
        assert self.process.stdout
        self._selector.register(self.process.stdout, selectors.EVENT_READ)
        self._rest = b""

    def ask(self, code: str) -> Any:
        """What `answer` is after this code. Raises NotJudged."""
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(code).encode() + b"\n")
            self.process.stdin.flush()
            found = self._answer()
        except OSError as error:
            raise NotJudged(f"manage.py shell ended: {self._last_words()}") from error
        if "error" in found:
            raise QuestionFailed(found["kind"], found["error"])
        return found["answer"]

    def _answer(self) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            line, mark, rest = self._rest.partition(b"\n")
            if mark:
                self._rest = rest
                if line.startswith(MARK.encode()):
                    found: dict[str, Any] = json.loads(line.removeprefix(MARK.encode()))
                    return found
            elif self._selector.select(left):
                assert self.process.stdout
                more = os.read(self.process.stdout.fileno(), 65_536)
                if not more:
                    raise BrokenPipeError
                self._rest += more
        raise NotJudged(f"a question through manage.py shell took more than {PATIENCE} seconds")

    def _last_words(self) -> str:
        lines = Path(self.log).read_text(errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else "it said nothing"

    def close(self) -> None:
        self._selector.close()
        ended(self.process)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
