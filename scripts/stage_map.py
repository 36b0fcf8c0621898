"""The table of milestones in README.md, made from stages/curriculum.toml: `python -m scripts.stage_map [--write]`.

Without --write the table is printed. README.md keeps it between two markers, and a test compares the two.
"""

import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- stage map: begin (make readme) -->\n", "<!-- stage map: end -->"
STAGES = {"junior": "1 · junior", "middle": "2 · middle", "advanced": "3 · advanced"}


def line(milestone: dict) -> str:
    """One row; the page of a milestone that is only planned is not there to be linked to."""
    page = f"docs/milestones/{milestone['number']:02d}-{milestone['slug']}.md"
    title = milestone["title"] if milestone.get("planned") else f"[{milestone['title']}]({page})"
    if not milestone.get("switchable", True):
        switch = "always on"
    else:
        switch = "planned" if milestone.get("planned") else f"`{milestone['slug']}`"
    requires = ", ".join(f"`{slug}`" for slug in milestone["requires"]) or "–"
    return f"| {milestone['number']} | {STAGES[milestone['stage']]} | {title} | {switch} | {requires} |\n"


def place(milestone: dict) -> tuple[int, int]:
    """Stage by stage, in each by number, as on the map."""
    return list(STAGES).index(milestone["stage"]), milestone["number"]


def table() -> str:
    manifest = tomllib.loads((ROOT / "stages" / "curriculum.toml").read_text(encoding="utf-8"))
    head = "| # | Stage | Milestone | Switch | Requires |\n|--:|---|---|---|---|\n"
    return head + "".join(map(line, sorted(manifest["milestone"], key=place)))


def parts() -> tuple[str, str, str]:
    """README.md before, inside and after the markers. Raises ValueError when one of them is missing."""
    text = README.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return text[:begin], text[begin:end], text[end:]


def write() -> None:
    before, _, after = parts()
    README.write_text(before + table() + after, encoding="utf-8")


if __name__ == "__main__":
    write() if "--write" in sys.argv[1:] else print(table(), end="")
