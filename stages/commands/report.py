"""Makes what people read from results files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from stages.checking.badges import write_badges
from stages.checking.html import write_html
from stages.checking.junit import junit
from stages.checking.markdown import markdown
from stages.checking.results import NoResults, Report

HELP = "Make a page, Markdown, JUnit XML or badges from results files (`stages prove --results FILE`)."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "results", type=Path, nargs="+", metavar="FILE", help="results files; several are read as one"
    )
    parser.add_argument(
        "--html", type=Path, metavar="FOLDER", help="a page for reviewers; report/ without any option"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="a comment for a pull request")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="JUnit XML")
    parser.add_argument("--badges", type=Path, metavar="FOLDER", help="badges, as endpoint JSON and as SVG")


def run(out: OutputWrapper, options: dict[str, Any]) -> int:
    """0 once everything is written, whatever the results say: that is `check` and `prove`'s to answer."""
    try:
        report = Report.read(*options["results"])
    except NoResults as error:
        raise CommandError(str(error), returncode=2) from error
    chosen = ("html", "markdown", "junit", "badges")
    if not any(options[name] for name in chosen):
        options = {**options, "html": Path("report")}
    for path in written(report, options):
        out.write(f"Written: {path}")
    return 0


def written(report: Report, options: dict[str, Any]) -> list[Path]:
    paths = []
    for name, content in (("markdown", markdown), ("junit", junit)):
        if path := options[name]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content(report), encoding="utf-8")
            paths.append(path)
    if options["html"]:
        paths.append(write_html(report, options["html"]))
    if options["badges"]:
        paths += write_badges(report, options["badges"])
    return paths
