"""The stack as its users meet it: everything goes through the proxy, over HTTP and the socket."""

import csv
import json
import re
import time
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from clients.avatars.uploads import AVATAR_MAX_BYTES
from tests.stack.conftest import ADDRESS, PORT, Visitor, compose

SOCKET = f"ws://127.0.0.1:{PORT}/ws/orders/"


def picture() -> bytes:
    target = BytesIO()
    Image.new("RGB", (300, 200), "#336699").save(target, "PNG")
    return target.getvalue()


def add_client(visitor: Visitor, avatar: bytes | None = None) -> int:
    """The id of a new client."""
    email = f"{uuid4().hex}@mail.com"
    files = {"avatar": ("me.png", avatar, "image/png")} if avatar else {"avatar": ("", b"")}
    answer = visitor.fill_in("/clients/add/", files=files, name="Ada Stack", email=email, phone="")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/clients/")
    row = visitor.page(f"/clients/?q={email}").select_one("#client-list tbody tr a[href$='/edit/']")
    return int(row["href"].split("/")[2])


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_door_answers_and_so_does_everything_behind_it(guest):
    assert guest.get("/health/").text == "ok"
    assert guest.get("/health/ready/").json() == {"database": "ok", "cache": "ok"}


def test_a_guest_is_sent_to_the_login_page(guest):
    answer = guest.get("/clients/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=/clients/")


def test_a_manager_logs_in_and_sees_the_clients(guest):
    assert guest.log_in("manager").headers["Location"] == "/"

    page = guest.page("/clients/")
    assert page.select_one("#current-user").get_text(strip=True) == "manager"
    assert len(page.select("#client-list tbody tr")) == 10


def test_every_page_says_that_this_is_a_demo(guest):
    assert "demonstration" in guest.page("/accounts/login/").select_one("aside.demo-banner").get_text()


def test_a_form_from_another_site_is_refused(learner):
    answer = learner.post("/clients/add/", data={"name": "Eve"}, headers={"Origin": "http://evil.test"})

    assert answer.status_code == 403


def test_nothing_can_be_switched_off(manager):
    token = manager.page("/accounts/logout/").select_one("input[name=csrfmiddlewaretoken]")["value"]
    fields = {"csrfmiddlewaretoken": token, "to": "off"}
    answer = manager.post("/stages/login-required/switch/", data=fields, headers={"Origin": ADDRESS})

    assert answer.status_code == 409
    with Visitor() as guest:
        assert guest.get("/clients/").status_code == 302


# --- Files ------------------------------------------------------------------------------------------------------------
def test_an_uploaded_avatar_is_served_by_the_proxy(learner, guest):
    pk = add_client(learner, picture())
    source = learner.page(f"/clients/{pk}/").select_one("main img[src^='/media/avatars/']")["src"]
    answer = guest.get(source)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert Image.open(BytesIO(answer.content)).size == (200, 200)


def test_a_file_that_is_a_little_too_large_gets_the_forms_own_answer(learner):
    files = {"avatar": ("me.png", bytes(AVATAR_MAX_BYTES + 1), "image/png")}
    answer = learner.fill_in("/clients/add/", files=files, name="Ada", email="large@mail.com", phone="")

    assert answer.status_code == 200
    assert "5 MB is the most" in answer.text


def test_a_huge_file_is_turned_away_at_the_door(learner):
    files = {"avatar": ("me.png", bytes(2 * AVATAR_MAX_BYTES), "image/png")}
    answer = learner.fill_in("/clients/add/", files=files, name="Ada", email="huge@mail.com", phone="")

    assert answer.status_code == 413
    assert "This upload is too large" in answer.text


def test_static_files_come_from_the_proxy_compressed_and_for_good(guest):
    page = guest.page("/accounts/login/")
    answer = guest.get(page.select_one("link[rel=stylesheet]")["href"], headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/avatars/",
        "/media/reports/",
        "/media/avatars/../reports/",
        "/static/",
        "/proxy-pages/too-large.html",
    ],
)
def test_folders_and_everything_else_of_the_media_stay_closed(guest, path):
    assert guest.get(path).status_code in {403, 404}


# --- API and proxies --------------------------------------------------------------------------------------------------
def test_a_guest_may_not_read_the_api_and_a_learner_may_not_write(guest, learner):
    assert guest.get("/api/clients/").status_code in {401, 403}
    assert learner.get("/api/clients/").json()["count"] >= 300
    token = {"X-CSRFToken": learner.cookies["csrftoken"], "Origin": ADDRESS}
    assert learner.post("/api/orders/", json={}, headers=token).status_code == 403


def test_a_forged_address_does_not_get_around_the_lock_on_wrong_passwords():
    """Five wrong passwords lock a name for one address; whatever the visitor writes, it is one address."""
    codes = []
    for number in range(6):
        with Visitor() as visitor:
            visitor.headers["X-Forwarded-For"] = f"198.51.100.{number}"
            codes.append(visitor.log_in("nobody", "wrong").status_code)

    assert codes[0] == 200
    assert codes[-1] == 429


def test_the_proxy_does_not_believe_a_visitor_who_says_https(guest):
    guest.headers["X-Forwarded-Proto"] = "https"

    assert "csrftoken" in guest.get("/accounts/login/").cookies
    # Over HTTPS the Origin would have to be https as well.
    assert guest.log_in("learner").status_code == 302


# --- The export -------------------------------------------------------------------------------------------------------
def test_the_export_streams_every_client(learner):
    with learner.stream("GET", "/clients/export.csv") as answer:
        assert answer.status_code == 200
        assert answer.headers["Transfer-Encoding"] == "chunked"
        assert "Content-Encoding" not in answer.headers
        text = b"".join(answer.iter_bytes()).decode("utf-8-sig")
    header, *rows = csv.reader(text.splitlines())

    assert header == ["Name", "Email", "Phone", "VIP", "Created", "Orders", "Total"]
    assert len(rows) == learner.get("/api/clients/").json()["count"]


# --- Live orders ------------------------------------------------------------------------------------------------------
def test_an_order_is_pushed_to_two_sockets(learner, manager):
    pk = add_client(manager)
    options = {"origin": ADDRESS, "open_timeout": 10}
    with (
        connect(SOCKET, additional_headers=learner.socket_headers, **options) as first,
        connect(SOCKET, additional_headers=manager.socket_headers, **options) as second,
    ):
        answer = manager.fill_in(f"/clients/{pk}/", title="Chairs", amount="12.50", status="NEW")
        assert answer.status_code == 302
        frames = [json.loads(socket.recv(timeout=10)) for socket in (first, second)]

    assert frames[0] == frames[1]
    assert frames[0]["type"] == "order.created"
    assert frames[0]["order"]["title"] == "Chairs"
    assert frames[0]["client"] == {"id": pk, "name": "Ada Stack", "orders_count": 1, "orders_total": "12.50"}


def test_a_guests_socket_is_refused(guest):
    with pytest.raises(InvalidStatus, match="403"):
        connect(SOCKET, origin=ADDRESS, open_timeout=10)


def test_a_socket_from_another_site_is_refused(learner):
    with pytest.raises(InvalidStatus, match="403"):
        connect(SOCKET, origin="http://evil.test", additional_headers=learner.socket_headers, open_timeout=10)


# --- The report -------------------------------------------------------------------------------------------------------
def test_the_worker_mails_the_report_and_staff_can_download_it(manager, learner):
    month = manager.page("/reports/").select_one("input[name=month]")["value"]
    assert manager.fill_in("/reports/", month=month).status_code == 302
    mail = waited_for_mail(f"orders-{month}")

    assert "To: boss@mail.com" in mail
    assert re.search(r"Message-ID: <\S+>", mail, re.IGNORECASE)
    report = manager.get(f"/reports/orders-{month}.csv")
    assert (report.status_code, report.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert learner.get(f"/reports/orders-{month}.csv").status_code == 403


def waited_for_mail(text: str) -> str:
    """What the mail server has got, once the text is in it."""
    deadline = time.monotonic() + 60
    while text not in (mail := compose("logs", "--no-color", "--no-log-prefix", "mail")):
        assert time.monotonic() < deadline, f"no mail with {text} within a minute: {mail}"
        time.sleep(1)
    return mail
