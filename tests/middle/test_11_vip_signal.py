"""Milestone 11: whoever is saved with an address at company.com is a VIP."""

import pytest
from django.core import serializers
from django.db.models.signals import post_save
from model_bakery import baker

from clients.models import Client
from clients.signals import has_vip_domain
from tests.fixtures import form_data, page
from tests.sentences import answer


@pytest.mark.required
@pytest.mark.contrast
def test_a_client_created_with_that_domain_is_a_vip(milestones):
    client = Client.objects.create(name="Ada", email="ada@company.com")
    assert Client.objects.get().vip, "A client with the address ada@company.com was created, and is no VIP."
    assert client.vip, (
        "The stored client is a VIP, the object that `create()` returned is not: its `vip` is still False."
    )


@pytest.mark.required
@pytest.mark.parametrize(
    "email",
    [
        "ada@notcompany.com",
        "ada@company.com.evil.org",
        "ada@sub.company.com",
        "ada@company.co",
        "company.com@mail.com",
        '"ada@company.com"@mail.com',
    ],
)
def test_a_domain_that_only_looks_like_it_does_not_count(milestones, email):
    client = Client.objects.create(name="Ada", email=email)
    stored = Client.objects.get().vip
    assert (client.vip, stored) == (False, False), (
        f"A client with the address {email} became a VIP; only company.com counts."
    )


@pytest.mark.required
@pytest.mark.contrast
def test_a_client_whose_address_changes_to_that_domain_becomes_one(milestones):
    client = Client.objects.create(name="Bob", email="bob@mail.com")
    client.email = "bob@company.com"
    client.save()
    assert Client.objects.get().vip, (
        "Bob's address was changed to bob@company.com and saved, and he is no VIP."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_a_quoted_at_sign_before_the_domain_does_not_hide_it(milestones):
    assert Client.objects.create(name="Ada", email='"ada@home"@company.com').vip is True


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
@pytest.mark.parametrize("email", ["Ada@COMPANY.com", "ADA@Company.Com"])
def test_capitals_make_no_difference(milestones, email):
    assert Client.objects.create(name="Ada", email=email).vip is True


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_it_holds_for_what_the_form_saves(learner_client, milestones):
    milestones.on("client-crud")
    response = learner_client.post("/clients/add/", {"name": "Ada", "email": "ada@company.com"})
    assert response.status_code == 302, f"{answer(response)}; to be led on after saving (302) was expected."
    assert Client.objects.get().vip, "Ada was added by the form with ada@company.com, and is no VIP."


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_it_holds_for_what_the_admin_saves(admin_client, milestones):
    url = "/admin/clients/client/add/"
    form = admin_client.get(url)
    assert form.status_code == 200
    sent = form_data(form, name="Ada", email="ada@company.com", phone="")
    assert admin_client.post(url, sent).status_code == 302
    assert Client.objects.get().vip is True


@pytest.mark.beyond("comfort")
def test_a_vip_who_moves_away_stays_one(milestones):
    client = Client.objects.create(name="Ada", email="ada@company.com")
    client.email = "ada@mail.com"
    client.save()
    assert Client.objects.get().vip is True


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_signal_writes_once_and_does_not_call_itself(milestones, django_assert_num_queries):
    """Savepoint, INSERT, the flags, savepoint, UPDATE, releases: no second INSERT or save."""
    heard = []

    def listener(sender, **kwargs):
        heard.append(sender)

    post_save.connect(listener, sender=Client)
    try:
        with django_assert_num_queries(7) as captured:
            Client.objects.create(name="Ada", email="ada@company.com")
    finally:
        post_save.disconnect(listener, sender=Client)
    assert heard == [Client], (
        f"Creating one client sent post_save {len(heard)} times: `save()` in a receiver sends it again."
    )
    verbs = [query["sql"].split()[0] for query in captured]
    assert verbs.count("INSERT") == 1
    assert verbs.count("UPDATE") == 1


@pytest.mark.beyond("scale")
def test_saving_again_costs_no_second_query(milestones, django_assert_num_queries):
    vip = baker.make(Client, email="ada@company.com", vip=True)
    other = baker.make(Client, email="ada@mail.com")
    for client in (vip, other):
        with django_assert_num_queries(3) as captured:
            client.save()
        assert [query["sql"].split()[0] for query in captured] == ["SAVEPOINT", "UPDATE", "RELEASE"]


@pytest.mark.beyond("scale")
def test_bulk_paths_send_no_signal(milestones):
    Client.objects.bulk_create([Client(name="Ada", email="ada@company.com")])
    Client.objects.filter(email="ada@company.com").update(name="Ada Lovelace")
    assert Client.objects.get().vip is False


@pytest.mark.beyond("comfort")
def test_loading_a_fixture_keeps_what_the_fixture_says(milestones):
    Client.objects.bulk_create([Client(name="Ada", email="ada@company.com")])
    dumped = serializers.serialize("json", Client.objects.all())
    Client.objects.all().delete()
    for loaded in serializers.deserialize("json", dumped):
        loaded.save()
    assert Client.objects.get().vip is False


@pytest.mark.beyond("comfort")
@pytest.mark.contrast
def test_the_clients_page_says_vip(learner_client, milestones):
    milestones.on("client-crud")
    client = Client.objects.create(name="Ada", email="ada@company.com")
    shown = page(learner_client.get(f"/clients/{client.pk}/")).select_one("main h1")
    assert "VIP" in shown.text, (
        f"The heading of a VIP's page says {shown.text.strip()!r}; VIP was expected in it."
    )


@pytest.mark.beyond("hostile")
@pytest.mark.contrast
def test_the_list_says_vip_beside_the_name_and_of_nobody_else(learner_client, milestones):
    milestones.on("client-crud")
    for email in ("ada@company.com", "bob@mail.com"):
        Client.objects.create(name=email.partition("@")[0], email=email)
    rows = page(learner_client.get("/clients/")).select("#client-list tbody tr")
    assert [("VIP" in row.text) for row in rows] == [False, True], (
        "Of Bob and Ada at company.com Ada alone is a VIP."
    )


@pytest.mark.beyond("comfort")
@pytest.mark.parametrize("email", ["ada@company.com", "ADA@COMPANY.COM", '"a@b"@company.com'])
def test_the_domain_alone_counts_in_any_case(email):
    assert has_vip_domain(email) is True


@pytest.mark.beyond("hostile")
@pytest.mark.parametrize("email", ["", "no-at-sign", "@", "a@b@company.com@"])
def test_no_text_however_odd_breaks_the_rule(email):
    assert has_vip_domain(email) is False


@pytest.mark.switch
def test_switched_off_the_signal_does_nothing_and_vips_stay(milestones):
    vip = Client.objects.create(name="Ada", email="ada@company.com")
    milestones.off("vip-signal")
    assert Client.objects.create(name="Bob", email="bob@company.com").vip is False
    assert Client.objects.get(pk=vip.pk).vip is True


@pytest.mark.beyond("comfort")
def test_switched_on_for_some_only_it_does_nothing(milestones, learner, learner_client):
    """Outside a request nobody is asking, so the flag counts only when it is on for everyone."""
    from waffle.models import Flag

    flag = Flag.objects.get(name="vip-signal")
    flag.everyone = None
    flag.save()
    flag.users.add(learner)
    milestones.on("client-crud")
    sent = form_data(learner_client.get("/clients/add/"), name="Ada", email="ada@company.com")
    assert learner_client.post("/clients/add/", sent).status_code == 302
    assert Client.objects.get().vip is False
