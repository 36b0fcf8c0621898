"""Results as JUnit XML, which CI services and editors read: a suite a milestone."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from stages.checking.results import Report, Result, Row, Status

# Blocked is neither good nor bad news: these formats know “skipped” for that.
TAGS = {Status.FAIL: "failure", Status.ERROR: "error", Status.BLOCKED: "skipped"}
# Characters that XML cannot hold; test names may have them as parameters.
FORBIDDEN = {code: "�" for code in range(32) if chr(code) not in "\t\n\r"}


def junit(report: Report) -> str:
    root = Element("testsuites", name="mini-crm", time=f"{report.about.get('seconds', 0)}")
    for row in report.rows:
        _suite(root, row)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: Element, row: Row) -> None:
    counts = {tag: sum(one.status is status for one in row.results) for status, tag in TAGS.items()}
    suite = SubElement(
        root,
        "testsuite",
        name=str(row.milestone),
        tests=str(len(row.results)),
        failures=str(counts["failure"]),
        errors=str(counts["error"]),
        skipped=str(counts["skipped"]),
        time=f"{sum(one.seconds for one in row.results):.3f}",
    )
    for result in row.results:
        _case(suite, result)


def _case(suite: Element, result: Result) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=f"{result.run}.{result.milestone}",
        name=clean(result.title),
        time=f"{result.seconds}",
        file=result.test.partition("::")[0],
    )
    if result.status in TAGS:
        SubElement(case, TAGS[result.status], message=clean(result.got)).text = clean(result.message)


def clean(text: str) -> str:
    return text.translate(FORBIDDEN)
