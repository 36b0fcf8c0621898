"""Milestone 18 as the manager does it: ask for a month, fetch the file."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.core import mail
from django.utils import timezone
from model_bakery import baker

from clients.models import Client, Order


def test_the_manager_asks_for_last_months_report_and_fetches_it(browsers, expect, manager, settings):
    settings.REPORT_RECIPIENTS = ["boss@mail.test"]
    ada = baker.make(Client, name="Ada", email="ada@mail.test")
    order = baker.make(Order, client=ada, title="Loom", amount=Decimal("10.05"))
    last_month = timezone.localtime().replace(day=1) - timedelta(days=2)
    Order.objects.filter(pk=order.pk).update(created_at=last_month)
    page = browsers.open(manager)
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Reports").click()
    page.get_by_role("button", name="Make and send the report").click()
    row = page.locator(f"#report-list tr[data-month='{last_month:%Y-%m}']")
    expect(row).to_contain_text("10.05")
    expect(row.locator(".report-deliveries")).to_contain_text("boss@mail.test")
    with page.expect_download() as started:
        row.get_by_role("link", name="CSV").click()
    assert "Loom" in Path(started.value.path()).read_text(encoding="utf-8-sig")
    assert [message.to for message in mail.outbox] == [["boss@mail.test"]]


def test_who_is_not_staff_finds_no_way_there(browsers, expect, learner):
    page = browsers.open(learner)
    page.goto("/")
    expect(page.get_by_role("link", name="Reports")).to_have_count(0)
    assert page.goto("/reports/").status == 403
