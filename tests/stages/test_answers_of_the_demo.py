"""What the demo's one server sends besides pages: answers to HEAD, static files, pictures."""

import asyncio

import pytest

from mini_crm.heads import without_bodies
from tests.fixtures import page


def sent_for(method: str) -> list[bytes]:
    """The bodies that a server gets for a page in two pieces."""
    messages = []

    async def page_in_two_pieces(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await send({"type": "http.response.body", "body": b"two"})

    async def send(message):
        messages.append(message)

    asyncio.run(without_bodies(page_in_two_pieces)({"type": "http", "method": method}, None, send))
    return [message["body"] for message in messages if message["type"] == "http.response.body"]


def test_an_answer_to_head_has_no_body_in_any_of_its_pieces():
    assert sent_for("HEAD") == [b"", b""]
    assert sent_for("GET") == [b"one", b"two"]


def test_the_demo_leaves_static_files_to_the_middleware_that_adds_the_headers(settings):
    first, second = settings.INSTALLED_APPS[:2]
    assert (first, second) == ("whitenoise.runserver_nostatic", "daphne")


@pytest.mark.parametrize(
    "path", ["..", "%2e%2e", "../..", "..%2f..%2fmanage.py", "%00", "x" * 300, "no-such.css"]
)
def test_what_is_no_static_file_is_refused_in_words(guest, path):
    answer = guest.get(f"/static/{path}")
    assert answer.status_code in (400, 404)
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_static_files_are_sent_with_the_security_headers(guest):
    answer = guest.get("/static/crm/frame.css")
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    answer.close()


@pytest.mark.parametrize(
    "name", ["x" * 256, "x" * 5000, "a%00b", "..", ".", "%2e%2e", "..%2freports", "~", "a%0d%0ab", "💥"]
)
def test_what_is_no_picture_is_not_found(learner_client, media_root, name):
    (media_root / "avatars").mkdir(parents=True)
    page(learner_client.get(f"/media/avatars/{name}"), status=404)


@pytest.mark.parametrize("pk", ["9" * 400, "9" * 19, "abc", "-1", "1.5", "\x00"])
def test_a_group_that_is_none_is_an_error_beside_the_field(manager_client, pk):
    answer = manager_client.post("/stages/rollout/", {"milestone": "orders", "groups": pk})
    assert answer.status_code == 200
    assert "groups" in answer.context["form"].errors


@pytest.mark.parametrize(
    "path", ["/", "/clients/", "/clients/add/", "/stages/", "/stages/orders/", "/reports/", "/api/docs/"]
)
@pytest.mark.parametrize("way", ["there", "gone"])
def test_every_page_describes_itself_to_search_engines(manager_client, path, way):
    answer = manager_client.get(path if way == "there" else f"{path}no-such-page/")
    described = page(answer, status=200 if way == "there" else 404).select('head meta[name="description"]')
    assert [len(meta["content"]) > 40 for meta in described] == [True]


def test_the_month_of_a_report_has_no_placeholder(manager_client):
    month = page(manager_client.get("/reports/")).select_one("input[type=month]")
    assert not month.has_attr("placeholder")
    assert month["max"] == month["value"]


def test_the_page_of_the_api_answers_options_in_words(guest):
    answer = guest.options("/api/docs/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
