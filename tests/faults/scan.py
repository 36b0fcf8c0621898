"""A web scanner against the CRM as it is deployed, as a guest and as staff: `make scan`. Ends with 1 for a find.

Left out are wapiti's modules that ask a server on the Internet (ssrf, xxe, wapp, nikto) or try passwords for hours, and
csrf, which does not know Django's field: that nothing is changed without its token is in tests/access/.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.office import TOKEN, Office

MODULES = "backup,cookieflags,crlf,csp,exec,file,htaccess,http_headers,methods"
MODULES += ",permanentxss,redirect,shellshock,sql,xss"
MINUTES = 5
# What is no find, by how its line begins.
EXPECTED = (
    # The office here speaks plain HTTP; behind HTTPS, HTTPS_ONLY adds both (tests/advanced/test_20_production.py).
    "Secure flag is not set",
    "Strict-Transport-Security is not set",
    # No browser of today reads it; the policy of the page's content has taken its place.
    "X-XSS-Protection is not set",
    # The pages' scripts send it back in a header.
    "HttpOnly flag is not set in the cookie : csrftoken",
)


def scan(office: Office, who: str, folder: Path) -> dict:
    """The report. `who` has a session in the office, or is "guest"."""
    report, cookies = folder / f"{who}.json", folder / f"{who}-cookies.json"
    session = {"sessionid": office.sessions[who], "csrftoken": TOKEN} if who in office.sessions else {}
    jar = {
        name: {"value": value, "expires": None, "secure": False, "port": None, "version": 0}
        for name, value in session.items()
    }
    cookies.write_text(json.dumps({"127.0.0.1": {"/": jar}}))
    command = ["wapiti", "--url", f"{office.url}/clients/", "--scope", "domain", "--module", MODULES]
    command += ["--cookie", str(cookies), "--flush-session"]
    command += [
        "--max-scan-time",
        str(MINUTES * 60),
        "--format",
        "json",
        "--output",
        str(report),
        "--no-bugreport",
    ]
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(f"wapiti ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
    return json.loads(report.read_text())


def keep_signed_in(office: Office) -> None:
    """The scanner sends every form, and would log itself out. Debian's cannot leave an address out."""
    configuration = office.proxy.configuration
    closed = "location = /accounts/logout/ { return 403; }\n        location / {"
    configuration.write_text(configuration.read_text().replace("location / {", closed, 1))
    assert office.proxy.process
    office.proxy.process.send_signal(signal.SIGHUP)


def findings(report: dict) -> Iterator[str]:
    for kind in ("vulnerabilities", "anomalies"):
        for name, found in report[kind].items():
            for one in found:
                if not one["info"].startswith(EXPECTED):
                    yield f"{name}: {one['method']} {one['path']} {one['parameter'] or ''} {one['info']}"


def main() -> int:
    with TemporaryDirectory(prefix="mini-crm-scan-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with Office(folder / "office") as office:
            keep_signed_in(office)
            found = {who: sorted(set(findings(scan(office, who, folder)))) for who in ("guest", "manager")}
    for who, lines in found.items():
        print(f"{who}: {len(lines)} found", *lines, sep="\n  ")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
