"""The CRM beside what answers the same question out of the box (bench/peers.py), by turns under one gunicorn."""

import re
from urllib.request import Request, urlopen

from bench.measured import Measured, by_rounds, microseconds, per_second
from bench.server import HOST, ROUNDS, Server, download, gunicorn, rates, session_cookie

API = "/api/clients/"
ADMIN = "/peers/admin/clients/client/"
# Of one client alone.
ONE = "umit.dogan10@casa"
EXPORTED = 20_000  # clients; django-import-export keeps all of them in memory
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
# Pages are asked for with a session, the API without one.
PAIRS = (
    ("list with totals against the admin's list without", "/clients/", ADMIN, "≥ 3", "≥ 8"),
    ("rare search against the admin's", f"/clients/?q={ONE}", f"{ADMIN}?q={ONE}", "≥ 2", "≥ 8"),
    ("API list with totals against django-ninja without", API, "/peers/ninja/clients", "≥ 3", "≥ 6"),
    ("API list with totals against a plain ListAPIView without", API, "/naive/api/plain/", "≥ 3", "≥ 8"),
)


def peers() -> list[Measured]:
    cookie = session_cookie("large")
    with gunicorn("large") as server:
        found = []
        for what, ours, theirs, limit, aim in PAIRS:
            assert_same(server, ours, theirs, cookie)
            taken = rates(server, ours, theirs, cookie="" if ours == API else cookie)
            found.append(by_rounds(what, *taken, per_second, limit, aim))
        return [*found, exported(server, cookie)]


def exported(server: Server, cookie: str) -> Measured:
    """Microseconds a client, since one of them cannot hold a million."""
    assert_same(server, "/clients/", "/peers/export.csv?limit=10", cookie)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(download(server, "/clients/export.csv", cookie)[0] / 1_000_000)
        theirs.append(download(server, f"/peers/export.csv?limit={EXPORTED}", cookie)[0] / EXPORTED)
    what = f"django-import-export's CSV of {EXPORTED:,} clients against the CRM's of 1,000,000, per client"
    return by_rounds(what, theirs, ours, microseconds, "≥ 10", "≥ 20")


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
