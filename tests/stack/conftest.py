"""The running stack, as deploy/test-stack.sh has started it, and people who use it through its one door."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
PORT = os.environ.get("PORT", "")
ADDRESS = f"http://127.0.0.1:{PORT}"


def compose(*arguments: str, check: bool = True) -> str:
    """What `docker compose …` says; fails with it when the command fails."""
    done = subprocess.run(
        ["docker", "compose", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0 or not check, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def containers() -> list[dict]:
    """All of the stack's, those that have ended too."""
    return [json.loads(line) for line in compose("ps", "--all", "--format", "json").splitlines() if line]


class Visitor(httpx.Client):
    """A browser without JavaScript."""

    def __init__(self) -> None:
        super().__init__(base_url=ADDRESS, timeout=30)

    def page(self, path: str) -> BeautifulSoup:
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return BeautifulSoup(answer.text, "html.parser")

    def fill_in(self, path: str, files: dict | None = None, **fields: object) -> httpx.Response:
        """Fills in and sends the form at `path`; the answer is not followed."""
        form = self.page(path).select_one('main form[method="post"]')
        hidden = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden][name]")}
        return self.post(path, data={**hidden, **fields}, files=files, headers={"Origin": ADDRESS})

    def log_in(self, name: str, password: str = "demo") -> httpx.Response:
        return self.fill_in("/accounts/login/", username=name, password=password)

    @property
    def socket_headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies.jar)}


def signed_in(name: str) -> Iterator[Visitor]:
    with Visitor() as visitor:
        assert visitor.log_in(name).status_code == 302
        yield visitor


@pytest.fixture
def guest() -> Iterator[Visitor]:
    with Visitor() as visitor:
        yield visitor


@pytest.fixture(scope="session")
def learner() -> Iterator[Visitor]:
    yield from signed_in("learner")


@pytest.fixture(scope="session")
def manager() -> Iterator[Visitor]:
    yield from signed_in("manager")
