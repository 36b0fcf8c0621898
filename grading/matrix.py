"""A results file as the matrix of a workflow, a job a milestone: `python -m grading.matrix RESULTS`."""

import json
import sys
from pathlib import Path

from grading.overview import WORDS, why
from stages.checking.results import Report


def matrix(report: Report) -> str:
    """One line of JSON: `{"include": [{"number": 3, "slug": …, "status": "fail", "says": "FAILS: …"}, …]}`."""
    jobs = [
        {
            "number": row.milestone.number,
            "slug": row.milestone.slug,
            "status": str(row.status),
            "says": ": ".join(filter(None, (WORDS[row.status], why(row)))),
        }
        for row in report.rows
    ]
    return json.dumps({"include": jobs})


if __name__ == "__main__":
    sys.stdout.write(matrix(Report.read(Path(sys.argv[1]))) + "\n")
