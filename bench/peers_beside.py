"""The CRM beside what answers the same question out of the box (bench/peers.py), by turns under one gunicorn."""

from bench.measured import Measured, by_rounds, microseconds, per_second
from bench.pages import assert_same
from bench.server import ROUNDS, Server, clients_on, download, gunicorn, rates, session_cookie

API = "/api/clients/"
ADMIN = "/peers/admin/clients/client/"
# Of one client alone.
ONE = "umit.dogan10@casa"
EXPORTED = 10_000  # clients; django-import-export keeps all of them in memory
# Pages are asked for with a session, the API without one.
PAIRS = (
    ("list with totals against the admin's list without", "/clients/", ADMIN, "≥ 3", "≥ 8"),
    ("rare search against the admin's", f"/clients/?q={ONE}", f"{ADMIN}?q={ONE}", "≥ 2", "≥ 8"),
    ("API list with totals against django-ninja without", API, "/peers/ninja/clients", "≥ 4", "≥ 6"),
    ("API list with totals against a plain ListAPIView without", API, "/naive/api/plain/", "≥ 4", "≥ 8"),
)


def peers() -> list[Measured]:
    cookie = session_cookie("large")
    with gunicorn("large") as server:
        found = []
        for what, ours, theirs, limit, aim in PAIRS:
            assert_same({path: clients_on(server, path, cookie) for path in (ours, theirs)})
            taken = rates(server, ours, theirs, cookie="" if ours == API else cookie)
            found.append(by_rounds(what, *taken, per_second, limit, aim))
        return [*found, exported(server, cookie)]


def exported(server: Server, cookie: str) -> Measured:
    """Microseconds a client, since one of them cannot hold a million."""
    both = ("/clients/", "/peers/export.csv?limit=10")
    assert_same({path: clients_on(server, path, cookie) for path in both})
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(download(server, "/clients/export.csv", cookie)[0] / 1_000_000)
        theirs.append(download(server, f"/peers/export.csv?limit={EXPORTED}", cookie)[0] / EXPORTED)
    what = f"django-import-export's CSV of {EXPORTED:,} clients against the CRM's of 1,000,000, per client"
    return by_rounds(what, theirs, ours, microseconds, "≥ 10", "≥ 20")
