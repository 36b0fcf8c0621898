"""The demo's rows look like an office's."""

import re

import pytest
from django.db.models import Count, F

from clients.demo import people, pictures
from clients.demo.timeline import CLIENT_DAYS, Timeline
from clients.demo.words import DETAILS, DOMAINS, GOODS, TONGUES
from clients.models import Client, Order
from tests.demo import UNTIL, load_demo, made_clients, made_orders


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch) -> None:
    """Drawing all forty takes longer than the rest of a load."""
    monkeypatch.setattr(pictures, "NEWEST", 5)


# --- Plausible --------------------------------------------------------------------------------------------------------
def test_no_address_comes_twice_however_many_there_are():
    addresses = [row["email"] for row in made_clients(120_000)]

    assert len(set(addresses)) == 120_000
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+[0-9]*@[a-z.-]+", address) for address in addresses[::97])


def test_addresses_come_around_again_with_a_number():
    pairs = len(people.people()) * len(DOMAINS)
    chance = people.Random("x")
    emails = [email for _, email, _ in people.contacts(pairs + 1, chance)]

    assert emails[pairs] == emails[0].replace("@", "2@")


def test_no_mail_can_reach_a_stranger():
    assert {domain for domain in DOMAINS if not domain.endswith(".example")} == {"company.com"}


def test_clients_at_company_com_are_the_vips(milestones):
    load_demo("--clients", "400")

    assert Client.objects.filter(vip=True).count() > 0
    assert set(Client.objects.filter(vip=True)) == set(Client.objects.filter(email__endswith="@company.com"))


def test_names_come_from_many_alphabets():
    names = "".join(row["name"] for row in made_clients(300))

    for alphabet in (r"[Є-я]", r"[α-ω]", r"[一-龥]", r"[가-힣]", r"[ء-ي]", r"[א-ת]", r"[ऀ-ॿ]", r"[àéüñł]"):
        assert re.search(alphabet, names), alphabet


def test_people_s_mailboxes_differ_and_are_plain_letters():
    mailboxes = [person.mailbox for person in people.people()]

    assert len(set(mailboxes)) == len(mailboxes) == 2840
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", mailbox) for mailbox in mailboxes)


def test_no_word_holds_what_means_something_to_copy():
    words = [tongue.first + tongue.last + tongue.phone + tongue.pattern for tongue in TONGUES]
    words += [name for name, _ in GOODS] + list(DETAILS) + list(DOMAINS)

    assert not any(set(word) & set("\t\n\r\\") for word in words)


def test_most_clients_have_a_telephone_and_all_digits_are_filled_in():
    phones = [row["phone"] for row in made_clients(1000)]

    assert 800 < sum(map(bool, phones)) < 900
    assert not any("#" in phone for phone in phones)


def test_clients_and_orders_come_in_order_of_time_by_daylight():
    for rows in (made_clients(500), made_orders(2000, clients=500)):
        times = [row["created_at"] for row in rows]
        assert times == sorted(times)
        assert {time[11:13] for time in times} <= {f"{hour:02}" for hour in range(8, 18)}


def test_the_last_24_months_all_have_orders_and_today_has_none():
    months = {row["created_at"][:7] for row in made_orders(900, clients=300)}

    assert len(months) == 25, "two years, begun and ended within a month"
    assert max(months) == "2026-11"
    assert max(row["created_at"] for row in made_orders(900, clients=300)) < "2026-11-23"


def test_no_order_is_older_than_its_client(milestones):
    load_demo("--clients", "100", "--orders", "2000")

    assert Order.objects.filter(created_at__lt=F("client__created_at")).count() == 0


def test_some_clients_never_order_and_some_order_often(milestones):
    load_demo()
    counts = sorted(Client.objects.annotate(count=Count("orders")).values_list("count", flat=True))

    assert counts.count(0) >= 30
    assert counts[-1] >= 9


def test_old_orders_are_mostly_done_and_new_ones_mostly_not():
    rows = made_orders(10_000, clients=500)
    old = [row["status"] for row in rows if row["created_at"] < "2026-09"]
    new = [row["status"] for row in rows if row["created_at"] > "2026-10"]

    assert 0.94 < old.count("DONE") / len(old) < 0.98
    assert 0.3 < new.count("DONE") / len(new) < 0.5
    assert {*old, *new} == {"NEW", "IN_PROGRESS", "DONE"}


def test_the_timeline_begins_and_ends_where_it_says():
    timeline = Timeline(UNTIL)

    assert timeline.at(0) == "2024-01-15 08:00:00"
    assert timeline.at(CLIENT_DAYS - 1e-9) == "2026-11-22 17:59:59"


def test_a_face_is_the_same_for_the_same_name_only():
    assert pictures.drawn("one") == pictures.drawn("one") != pictures.drawn("two")
