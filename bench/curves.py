"""`python -m bench.curves`: each question from 1,000 to 1,000,000 clients, the CRM's answer and a peer's.

Writes docs/performance/curves.json and a drawing of each. Both sides of a question are asked
one after the other in one process, and that in several processes.
"""

import json
import statistics
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot

from bench import databases
from bench.machine import machine
from bench.pages import ONE, assert_same
from bench.pages_beside import pages
from bench.peers_beside import ADMIN

FOLDER = databases.ROOT / "docs" / "performance"
ROUNDS = 3
# Both are read on white and on black.
OURS, PEER, LINES = "#2f81f7", "#d9822b", "#808890"


@dataclass(frozen=True)
class Question:
    """Two pages that answer the same; `views` of each for a figure."""

    name: str
    title: str
    ours: str
    peer: str
    whose: str
    views: int = 5


QUESTIONS = (
    Question("list", "A page of the list", "/clients/", ADMIN, "the admin, without totals"),
    Question(
        "totals",
        "A page of the list, with totals",
        "/clients/",
        "/naive/clients/",
        "annotate, then slice",
        views=1,
    ),
    Question("search", "A search that finds few", f"/clients/?q={ONE}", f"{ADMIN}?q={ONE}", "the admin"),
    Question(
        "active", "Active clients", "/clients/?active=1", "/naive/active/", "a join and DISTINCT", views=2
    ),
    Question(
        "api", "A page of the API", "/api/clients/", "/peers/ninja/clients", "django-ninja, without totals"
    ),
)
Curve = dict[str, list[float]]


def measured(question: Question) -> Curve:
    """Milliseconds of both sides, from the smallest database up: the median of the rounds and their spread."""
    found: Curve = {"clients": [], "ours": [], "peer": [], "ours_spread": [], "peer_spread": []}
    for name in databases.CURVE:
        turns = [pages(name, question.ours, question.peer, rounds=question.views) for _ in range(ROUNDS)]
        assert_same({url: turns[0][url]["clients"] for url in (question.ours, question.peer)})
        found["clients"].append(databases.DATABASES[name][1])
        for side, url in (("ours", question.ours), ("peer", question.peer)):
            seconds = [turn[url]["seconds"] for turn in turns]
            found[side].append(round(statistics.median(seconds) * 1000, 2))
            found[f"{side}_spread"].append(round((max(seconds) - min(seconds)) * 1000, 2))
    return found


def draw(question: Question, curve: Curve, file: Path) -> None:
    """Both axes by powers of ten, so that what grows with the table rises as a straight line."""
    figure, axes = pyplot.subplots(figsize=(6, 3.4))
    for side, color, label in (("ours", OURS, "this CRM"), ("peer", PEER, question.whose)):
        axes.plot(curve["clients"], curve[side], color=color, marker="o", label=label)
    axes.set(title=question.title, xlabel="clients", ylabel="milliseconds", xscale="log", yscale="log")
    axes.set_ylim(bottom=1)
    axes.grid(color=LINES, alpha=0.3)
    axes.legend(frameon=False)
    for scale in (axes.xaxis, axes.yaxis):
        scale.set_major_formatter("{x:,.0f}")
    figure.savefig(file, transparent=True, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)


def main() -> None:
    for name in databases.CURVE:
        databases.prepare(name)
    FOLDER.mkdir(exist_ok=True)
    mpl.use("svg")
    mpl.rcParams.update({f"{what}.color": LINES for what in ("text", "xtick", "ytick")})
    mpl.rcParams.update(
        {"axes.labelcolor": LINES, "axes.edgecolor": LINES, "svg.hashsalt": "curves", "svg.fonttype": "none"}
    )
    curves = {}
    for question in QUESTIONS:
        curves[question.name] = measured(question)
        draw(question, curves[question.name], FOLDER / f"{question.name}.svg")
        print(question.title, curves[question.name])
    text = json.dumps({"machine": machine(), "milliseconds": curves}, indent=2)
    (FOLDER / "curves.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
