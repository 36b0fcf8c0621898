"""Milestone 13 as a person does it: press the button, get the file."""

import csv
import re
from decimal import Decimal
from pathlib import Path

from model_bakery import baker

from clients.models import Client, Order


def test_the_button_downloads_all_clients_with_their_totals(browsers, milestones, learner):
    ada = baker.make(Client, name="Ada", email="ada@mail.test", phone="+44 1")
    baker.make(Order, client=ada, amount=Decimal("10.05"))
    baker.make(Client, name="=1+1", email="formula@mail.test", phone="")
    page = browsers.open(learner)
    page.goto("/clients/")
    with page.expect_download() as started:
        page.get_by_role("button", name="Export CSV").click()
    download = started.value
    assert re.fullmatch(r"clients-\d{4}-\d\d-\d\d\.csv", download.suggested_filename)
    saved = Path(download.path()).read_text(encoding="utf-8-sig")
    head, *rows = csv.reader(saved.splitlines())
    assert head == ["Name", "Email", "Phone", "VIP", "Created", "Orders", "Total"]
    assert {row[0]: row[5:] for row in rows} == {"Ada": ["1", "10.05"], "'=1+1": ["0", "0.00"]}


def test_a_search_is_exported_as_it_stands(browsers, milestones, learner):
    milestones.on("search-pagination")
    for name in ("Ada", "Grace"):
        baker.make(Client, name=name, email=f"{name.lower()}@mail.test")
    page = browsers.open(learner)
    page.goto("/clients/?q=grace")
    with page.expect_download() as started:
        page.get_by_role("button", name="Export CSV").click()
    assert len(Path(started.value.path()).read_text(encoding="utf-8-sig").splitlines()) == 2
