"""Milestone 12: the clients for whom there is still something to do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from clients.models import Client, Order
from tests.fixtures import listed_ids, no_query_per_row, page, text_of
from tests.sentences import answer, listed, people


@pytest.fixture
def clients(milestones) -> dict[str, Client]:
    """One client for each kind of order history."""
    histories = {
        "none": [],
        "new": ["NEW"],
        "progress": ["IN_PROGRESS"],
        "done": ["DONE", "DONE"],
        "mixed": ["DONE", "NEW"],
        "many": ["NEW", "NEW", "IN_PROGRESS"],
    }
    made = {}
    for name, statuses in histories.items():
        made[name] = baker.make(Client, name=name, email=f"{name}@mail.com")
        for status in statuses:
            baker.make(Order, client=made[name], status=status, amount=1)
    return made


@pytest.mark.required
def test_active_returns_the_clients_with_an_unfinished_order_each_once(clients):
    names = sorted(Client.objects.active().values_list("name", flat=True))
    assert names == ["many", "mixed", "new", "progress"], (
        f"active() returns the clients {listed(names)}; those with an unfinished order were expected, each once: "
        "many, mixed, new and progress."
    )


@pytest.mark.beyond("comfort")
def test_finishing_the_last_order_makes_a_client_inactive(clients):
    clients["new"].orders.update(status="DONE")
    assert clients["new"] not in Client.objects.active()


@pytest.mark.beyond("comfort")
def test_active_repeats_no_client_that_would_have_to_be_sorted_out(clients):
    """A join has a row for each order, which DISTINCT sorts: 30 ms a page at a million clients, a subquery 0.2."""
    sql = str(Client.objects.active().query)
    found = [word for word in ("JOIN", "DISTINCT", "GROUP BY") if word in sql]
    assert not found, f"active() asks with {listed(found)}; a subquery (EXISTS or IN) was expected: {sql}"


@pytest.mark.beyond("comfort")
def test_active_combines_with_search_totals_and_slicing(clients):
    found = Client.objects.active().search("m").with_order_totals().newest_first()
    assert [(client.name, client.orders_count) for client in found] == [
        ("many", 3),
        ("mixed", 2),
        ("progress", 1),
        ("new", 1),
    ]


@pytest.mark.beyond("comfort")
def test_active_is_there_for_related_managers_too(clients):
    assert Client.objects.filter(name="many").active().count() == 1


@pytest.mark.required
@pytest.mark.contrast
def test_the_lists_filter_shows_only_active_clients(learner_client, clients):
    shown = listed_ids(learner_client.get("/clients/", {"active": "1"}))
    active = [clients[name] for name in ("many", "mixed", "progress", "new")]
    assert shown == [client.pk for client in active], (
        f"/clients/?active=1 shows {people(shown)}; {people(active)} were expected, newest first."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_filter_is_offered_and_says_that_it_is_on(learner_client, clients):
    link = page(learner_client.get("/clients/")).select_one('nav[aria-label="Filter"] a[href$="active=1"]')
    assert link is not None, "The list offers no filter for clients with open orders."
    current = page(learner_client.get("/clients/", {"active": "1"})).select_one(
        'nav[aria-label="Filter"] [aria-current="true"]'
    )
    assert current is not None, "With ?active=1 no filter is marked as the one that is on (aria-current)."
    assert current.text == link.text, (
        f"With ?active=1 “{current.text}” is marked as on; “{link.text}” was expected."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_filter_combines_with_search_and_pages(learner_client, clients, milestones):
    milestones.on("search-pagination")
    for n in range(15):
        baker.make(
            Order,
            client=baker.make(Client, name=f"Zed {n}", email=f"zed{n}@mail.com"),
            status="NEW",
            amount=1,
        )
        baker.make(Client, name=f"Zed idle {n}", email=f"idle{n}@mail.com")
    first = learner_client.get("/clients/", {"active": "1", "q": "zed"})
    link = page(first).select_one('a[rel="next"]')
    assert link is not None, (
        f"{answer(first)} without a link to page 2; 15 active clients were expected on two pages."
    )
    following = link["href"]
    assert "active=1" in following, f"The link to page 2, {following}, forgets the filter (active=1)."
    assert "q=zed" in following, f"The link to page 2, {following}, forgets the search (q=zed)."
    second = learner_client.get(f"/clients/{following}")
    names = [
        client.name for client in Client.objects.in_bulk(listed_ids(first) + listed_ids(second)).values()
    ]
    assert len(names) == 15, f"Both pages show {len(names)} clients; 15 match the search and are active."
    idle = [name for name in names if "idle" in name]
    assert not idle, f"The filtered list shows {listed(idle)}, who have no order at all."


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_both_choices_of_the_filter_keep_the_search(learner_client, clients, milestones):
    milestones.on("search-pagination")
    shown = page(learner_client.get("/clients/", {"q": "a & b"}))
    links = shown.select('nav[aria-label="Filter"] a')
    assert [link["href"] for link in links] == ["/clients/?q=a%20%26%20b", "/clients/?q=a%20%26%20b&active=1"]


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_list_says_how_many_are_active_or_that_nobody_is(learner_client, clients, milestones):
    milestones.on("search-pagination")
    milestones.off("list-cache")
    assert "4 active clients" in text_of(learner_client.get("/clients/", {"active": "1"}), "#result-summary")
    Order.objects.update(status="DONE")
    empty = text_of(learner_client.get("/clients/", {"active": "1"}), "section.empty")
    assert "No client has an open order" in empty


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("value", ["0", "", "true", "yes", "' OR 1=1 --", "1\x00"])
def test_any_other_value_shows_everybody(learner_client, clients, value):
    assert len(listed_ids(learner_client.get("/clients/", {"active": value}))) == 6


@pytest.mark.beyond("scale")
def test_the_filter_costs_no_query_of_its_own(learner_client, clients):
    def queries(**query: str) -> int:
        with no_query_per_row(), CaptureQueriesContext(connection) as captured:
            assert learner_client.get("/clients/", query).status_code == 200
        return len(captured)

    # The first page of all costs more, and a later milestone keeps what was shown: neither is asked for twice.
    queries(q="nobody")
    assert queries(active="1") <= queries()


@pytest.mark.switch
def test_switched_off_the_list_knows_no_filter_but_the_manager_works(learner_client, clients, milestones):
    milestones.off("active-clients")
    response = learner_client.get("/clients/", {"active": "1"})
    assert len(listed_ids(response)) == 6
    assert page(response).select_one('nav[aria-label="Filter"]') is None
    assert Client.objects.active().count() == 4
