"""The CRM beside what answers the same question out of the box (bench/peers.py), by turns under one gunicorn."""

import re
import statistics
from urllib.request import Request, urlopen

from bench.measured import Measured
from bench.server import HOST, ROUNDS, Server, download, gunicorn, rates, session_cookie

ADMIN = "/peers/admin/clients/client/"
# Of one client alone.
ONE = "umit.dogan10@casa"
EXPORTED = 20_000  # clients; django-import-export keeps all of them in memory
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
# Pages are asked for with a session, the API without one.
PAIRS = (
    ("list with totals against the admin's list without", "/clients/", ADMIN, "≥ 3"),
    (
        "rare search against the admin's",
        f"/clients/?q={ONE}",
        f"{ADMIN}?q={ONE}",
        "≥ 2",
    ),
    ("API list with totals against django-ninja without", "/api/clients/", "/peers/ninja/clients", "≥ 3"),
    ("API list with totals against a plain ListAPIView without", "/api/clients/", "/naive/api/plain/", "≥ 3"),
)


def peers() -> list[Measured]:
    cookie = session_cookie("large")
    with gunicorn("large") as server:
        found = []
        for what, ours, theirs, limit in PAIRS:
            assert_same(server, ours, theirs, cookie)
            who = "" if ours.startswith("/api/") else cookie
            mine, peer = rates(server, ours, theirs, cookie=who)
            found.append(Measured(what, f"{mine:.0f}/s", f"{peer:.0f}/s", mine / peer, limit))
        return [*found, exported(server, cookie)]


def exported(server: Server, cookie: str) -> Measured:
    """Microseconds a client, since one of them cannot hold a million."""
    assert_same(server, "/clients/", "/peers/export.csv?limit=10", cookie)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(download(server, "/clients/export.csv", cookie)[0] / 1_000_000)
        theirs.append(download(server, f"/peers/export.csv?limit={EXPORTED}", cookie)[0] / EXPORTED)
    mine, peer = statistics.median(ours), statistics.median(theirs)
    what = f"django-import-export's CSV of {EXPORTED:,} clients against the CRM's of 1,000,000, per client"
    return Measured(what, f"{peer * 1e6:.1f} µs", f"{mine * 1e6:.1f} µs", peer / mine, "≥ 10")


def assert_same(server: Server, ours: str, theirs: str, cookie: str) -> None:
    """Both name the same clients in the same order."""
    mine, peer = clients_on(server, ours, cookie), clients_on(server, theirs, cookie)
    assert mine == peer, f"{ours} and {theirs} do not answer the same question: {mine}, {peer}"
    assert mine, f"{ours} names no client"


def clients_on(server: Server, path: str, cookie: str) -> list[str]:
    """The e-mail addresses on a page, each once."""
    request = Request(f"http://{HOST}:{server.port}{path}", headers={"Cookie": cookie})  # our own server
    with urlopen(request, timeout=600) as response:
        return list(dict.fromkeys(EMAIL.findall(response.read().decode())))
