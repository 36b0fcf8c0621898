"""What strangers type, and how often it is tried."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

MARKUP = '"><b id=evil>'
KNOWN = [
    "",
    " ",
    MARKUP,
    "{{ 7*7 }}{% debug %}",
    "'; DROP TABLE clients_client;--",
    "\x00",
    "a\r\nSet-Cookie: evil=1",
    "../../etc/passwd",
    "\u202eevil",
    "\ufeff=1+1",
    "%F0%9F%92%A9",
    "1e400",
    "-1",
    "NaN",
    "٣",
    "9" * 400,
    "x" * 5000,
    "0001-01-01",
    "9999-12-31T23:59:59+14:00",
]
hostile_text = st.one_of(st.sampled_from(KNOWN), st.text(max_size=60))
# One browser, one database and one set of rows serve all examples of a test; what an example writes may stay.
often = settings(
    max_examples=25,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],  # to make a find smaller would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# An answer that is meant: a page, a redirect, or a refusal that says why.
MEANT = {200, 302, 400, 403, 404, 405, 413, 414, 429}
