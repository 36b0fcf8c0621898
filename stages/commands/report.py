"""Makes what people read from results files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from stages.catalog import ROOT
from stages.checking.badges import write_badges
from stages.checking.html import write_html
from stages.checking.junit import junit
from stages.checking.markdown import markdown
from stages.checking.results import NoResultsError, Report
from stages.last_results import latest

HELP = "Make a page, Markdown, JUnit XML or badges from what `stages check` or `make prove` wrote down."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "results",
        type=Path,
        nargs="*",
        metavar="FILE",
        help="results files, read as one; without any what the last check or proof wrote down",
    )
    parser.add_argument(
        "--html", type=Path, metavar="FOLDER", help="a page for reviewers; report/ without any option"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="a comment for a pull request")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="JUnit XML")
    parser.add_argument("--badges", type=Path, metavar="FOLDER", help="badges, as endpoint JSON and as SVG")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    """0 once everything is written, whatever the results say: that is `check` and `prove`'s to answer."""
    files = options["results"] or found()
    try:
        report = Report.read(*files)
    except NoResultsError as error:
        raise CommandError(str(error), returncode=2) from error
    chosen = ("html", "markdown", "junit", "badges")
    if not any(options[name] for name in chosen):
        options = {**options, "html": Path("report")}
    source = " and ".join(map(shown, files))
    out.write(f"Read: {source}")
    for path in written(report, options, source):
        out.write(f"Written: {path}")
    return 0


def found() -> list[Path]:
    """What was written down last without being named. Raises CommandError where there is nothing yet."""
    if file := latest():
        return [file]
    raise CommandError(
        "There are no results yet: neither .results/latest.json nor results.json is there. Run "
        "`python manage.py stages check` or `make prove` first, or name a results file.",
        returncode=2,
    )


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def written(report: Report, options: dict[str, Any], source: str) -> list[Path]:
    paths = []
    for name, content in (("markdown", markdown), ("junit", junit)):
        if path := options[name]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content(report), encoding="utf-8")
            paths.append(path)
    if options["html"]:
        paths.append(write_html(report, options["html"], source=source))
    if options["badges"]:
        paths += write_badges(report, options["badges"])
    return paths
