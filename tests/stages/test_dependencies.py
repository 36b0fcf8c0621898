"""Dependencies: each has its reason written down, its pin and its hash, and no file says where it comes from."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNNING = PROJECT["dependencies"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = {
    "requirements.txt": RUNNING + EXTRAS["servers"] + EXTRAS["test"],
    "requirements-prod.txt": RUNNING + EXTRAS["servers"],
    "requirements-tools.txt": RUNNING + EXTRAS["tools"],
}


def pins(lock: str) -> dict[str, Version]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*])?==([^ ;\\]+)", text, flags=re.MULTILINE | re.IGNORECASE)
    return {canonicalize_name(name): Version(version) for name, version in found}


def reasons() -> dict[str, str]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([a-z0-9.-]+)` \| (.+) \|$", text, flags=re.MULTILINE))


def test_every_dependency_has_its_reason_and_no_reason_has_outlived_its_dependency():
    named = {Requirement(line).name for lines in (RUNNING, *EXTRAS.values()) for line in lines}

    assert set(reasons()) == named


def test_every_reason_says_something():
    assert {name for name, reason in reasons().items() if len(reason) < 15} == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_dependency_inside_the_range_that_pyproject_gives(lock):
    pinned = pins(lock)
    wanted = [Requirement(line) for line in LOCKS[lock]]

    outside = [
        f"{need} is {pinned.get(canonicalize_name(need.name))}"
        for need in wanted
        if (version := pinned.get(canonicalize_name(need.name))) is None or version not in need.specifier
    ]
    assert outside == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text, flags=re.IGNORECASE)

    bare = [entry.splitlines()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert bare == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert re.findall(r"\w+://\S+|^-\S*(?:index|find-links)\S*", text, flags=re.MULTILINE) == []


@pytest.mark.parametrize("lock", ["requirements-prod.txt", "requirements-tools.txt"])
def test_the_locks_agree_with_each_other_so_that_all_fit_into_one_environment(lock):
    base, other = pins("requirements.txt"), pins(lock)

    assert {
        name: (base[name], other[name]) for name in base.keys() & other if base[name] != other[name]
    } == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_an_extra_that_a_pinned_package_asks_for_is_pinned_with_it(lock):
    """pip before 23.3 takes `coverage[toml]` for a package of its own and then wants its newest version, unpinned."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = {
        canonicalize_name(name): {extra.strip() for extra in extras.split(",")}
        for name, extras in re.findall(
            r"^([a-z0-9._-]+)\[([^]]*)]==", text, flags=re.MULTILINE | re.IGNORECASE
        )
    }
    asked = [
        need
        for name in pins(lock)
        for need in asked_by(name)
        if need.extras and (need.marker is None or need.marker.evaluate({"extra": ""}))
    ]

    assert [
        str(need) for need in asked if not need.extras <= pinned.get(canonicalize_name(need.name), set())
    ] == []


def asked_by(name: str) -> list[Requirement]:
    """What the installed package requires; a package of another platform is not installed here and says nothing."""
    try:
        return [Requirement(line) for line in metadata.requires(name) or []]
    except metadata.PackageNotFoundError:
        return []
