"""Results as JUnit XML, which CI services and editors read: a suite a milestone, a case a check."""

from collections import Counter
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from stages.checking.causes import Causes
from stages.checking.grouping import Check, Checks
from stages.checking.results import Report, Row, Status

# Blocked is neither good nor bad news: these formats know “skipped” for that.
TAGS = {Status.FAIL: "failure", Status.ERROR: "error", Status.BLOCKED: "skipped", Status.UNJUDGED: "skipped"}
# Characters that XML cannot hold; test names may have them as parameters.
FORBIDDEN = {code: "�" for code in range(32) if chr(code) not in "\t\n\r"}


def junit(report: Report) -> str:
    root = Element("testsuites", name="mini-crm", time=f"{report.about.get('seconds', 0):.1f}")
    for row in report.rows:
        _suite(root, row, Causes(report))
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: Element, row: Row, causes: Causes) -> None:
    checks = Checks.of(row)
    counts = Counter(TAGS[one.status] for one in checks.all if one.status in TAGS)
    suite = SubElement(
        root,
        "testsuite",
        name=str(row.milestone),
        tests=str(len(checks.all)),
        failures=str(counts["failure"]),
        errors=str(counts["error"]),
        skipped=str(counts["skipped"]),
        time=f"{sum(one.seconds for one in checks.all):.1f}",
    )
    passed = [check for check in checks.all if check.status is Status.PASS]
    for check in (*checks.bad, *passed):
        _case(suite, row, check, causes)


def _case(suite: Element, row: Row, check: Check, causes: Causes) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=f"{check.run}.{row.milestone.slug}",
        name=clean(check.title),
        time=f"{check.seconds:.2f}",
        file=check.test.partition("::")[0],
    )
    if check.status in TAGS:
        cause = causes.of(row, check) if check.status in (Status.FAIL, Status.ERROR) else None
        text = "\n".join([*check.told, *([str(cause)] if cause else [])])
        SubElement(case, TAGS[check.status], message=clean(check.sentence)).text = clean(text)


def clean(text: str) -> str:
    return text.translate(FORBIDDEN)
