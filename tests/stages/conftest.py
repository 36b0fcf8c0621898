"""A curriculum of one's own, for what the real one does not contain."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stages import catalog as catalog_module
from stages import early, last_results
from stages.catalog import Catalog, catalog
from tests.stages.practice_tree import copied

REAL = catalog_module.MANIFEST
DEFAULTS = {
    "stage": '"junior"',
    "goal": '"A goal."',
    "tasks": '["A task"]',
    "check": '"A check"',
    "requires": "[]",
    "hints": "[]",
    "code": "[]",
    "switchable": "true",
    "off": '"Nothing."',
}


def entry(number: int, slug: str, /, **values: str) -> str:
    """A `[[milestone]]` table; values are TOML, None leaves a field out."""
    fields = {"number": str(number), "slug": f'"{slug}"', "title": f'"The {slug}"'} | DEFAULTS | values
    return "\n".join(
        ["[[milestone]]", *(f"{key} = {value}" for key, value in fields.items() if value is not None)]
    )


@pytest.fixture
def curriculum(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Catalog]]:
    """`curriculum(entry(…), entry(…))` puts this manifest in the place of the real one for one test.

    With `real=True` the real milestones stand before these: a whole page asks for some of them.
    """

    def use(*entries: str, real: bool = False) -> Catalog:
        manifest = tmp_path / "curriculum.toml"
        before = [REAL.read_text(encoding="utf-8")] if real else []
        manifest.write_text("\n\n".join([*before, *entries]), encoding="utf-8")
        monkeypatch.setattr(catalog_module, "MANIFEST", manifest)
        catalog.cache_clear()
        return catalog()

    yield use
    catalog.cache_clear()


@pytest.fixture(autouse=True)
def no_earlier_results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was checked on this machine is nobody else's business, and what a test makes up must not get there."""
    monkeypatch.setattr(last_results, "ROOT", tmp_path / "kept")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project, to take milestones out of."""
    return copied(tmp_path)


@pytest.fixture
def typed(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """`typed("start", "4", status=0)`: what `python manage.py stages start 4` prints, in the copy."""
    for name in early.EARLY:
        monkeypatch.setattr(f"stages.commands.{name}.ROOT", tree)

    def type_in(*arguments: str, status: int = 0) -> str:
        capsys.readouterr()
        try:
            ended = early.hand_on(["manage.py", "stages", *arguments])
        except SystemExit as error:
            ended = error.code
        printed = capsys.readouterr()
        assert ended == status, f"{printed.out}{printed.err}"
        return printed.out + printed.err

    return type_in
