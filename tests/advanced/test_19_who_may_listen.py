"""Milestone 19: the handshake. Whose pages may listen, and for how long."""

import pytest
from asgiref.sync import sync_to_async

from clients.live.reliable import consumer
from tests.advanced.sockets import (
    add_on_page,
    assert_handshake_refused,
    asynchronous,
    commits,
    frames_of,
    listening,
    socket_of,
)

pytest_plugins = ["tests.advanced.live_fixtures"]
pytestmark = pytest.mark.django_db


@pytest.mark.required
@pytest.mark.contrast
@asynchronous
async def test_only_who_is_logged_in_may_listen(guest, learner_client):
    async with listening(learner_client):
        pass
    await assert_handshake_refused(socket_of(guest), who="A guest")


@pytest.mark.required
@pytest.mark.contrast
@asynchronous
async def test_another_sites_page_may_not_listen(learner_client):
    async with listening(learner_client):
        pass
    socket = socket_of(learner_client, origin="http://evil.example")
    await assert_handshake_refused(socket, who="A page of another site, in the browser of a user,")


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "null",
        "http://localhost:8080",
        "http://localhost.evil.example",
        "ftp://localhost",
        "http://[",
        "http://evil.example/localhost",
    ],
)
@asynchronous
async def test_an_origin_that_is_not_this_very_page_is_refused(learner_client, origin):
    await assert_handshake_refused(socket_of(learner_client, origin=origin))


@pytest.mark.beyond("hostile")
@asynchronous
async def test_a_trusted_origin_may_listen(learner_client, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://office.example"]
    socket = socket_of(learner_client, origin="https://office.example")
    assert (await socket.connect())[0]
    await socket.disconnect()


@pytest.mark.beyond("hostile")
@asynchronous
async def test_a_wildcard_in_allowed_hosts_does_not_let_other_sites_in(learner_client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    await assert_handshake_refused(socket_of(learner_client, origin="http://evil.example"))


@pytest.mark.beyond("hostile")
@asynchronous
async def test_a_host_that_is_not_ours_is_refused_even_when_the_origin_agrees(learner_client):
    socket = socket_of(learner_client, origin="http://evil.example", host="evil.example")
    await assert_handshake_refused(socket)


@pytest.mark.beyond("hostile")
@asynchronous
async def test_a_locked_out_user_may_not_listen(learner, learner_client):
    learner.is_active = False
    await sync_to_async(learner.save)()
    await assert_handshake_refused(socket_of(learner_client))


@pytest.mark.beyond("hostile")
@asynchronous
async def test_an_unknown_socket_address_is_refused(learner_client):
    await assert_handshake_refused(socket_of(learner_client, path="/ws/clients/"))


@pytest.mark.beyond("hostile")
@asynchronous
async def test_who_names_two_origins_is_refused(learner_client):
    socket = socket_of(learner_client)
    socket.scope["headers"].append((b"origin", b"http://evil.example"))
    await assert_handshake_refused(socket)


@pytest.mark.beyond("hostile")
@commits
@asynchronous
async def test_what_a_page_says_is_ignored(learner_client, client_row):
    async with listening(learner_client) as socket:
        await socket.send_to(text_data="hello")
        await socket.send_to(bytes_data=b"\x00")
        order = await add_on_page(learner_client, client_row)
        assert [frame["id"] for frame in await frames_of(socket, 1)] == [order]


@pytest.mark.beyond("hostile")
@asynchronous
async def test_a_socket_ends_after_a_while_so_that_the_login_is_asked_again(learner_client, monkeypatch):
    monkeypatch.setattr(consumer, "LIFETIME", 0.05)
    async with listening(learner_client) as socket:
        assert await socket.receive_output(timeout=3) == {"type": "websocket.close", "code": 1012}
