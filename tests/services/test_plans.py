"""Queries that are meant at scale go by the indexes made for them; what that is worth, `make bench` shows."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.lab_queries import LABS
from clients.exports.copy import export_statement
from clients.models import Client
from clients.reports.writing import lines_of
from clients.search.large_tables import estimated_rows
from tests.services.plans import MEANT_AT_SCALE, assert_answered_by, plan_of, plan_of_sql, steps_of

pytest_plugins = ["tests.services.plan_fixtures"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("many_rows")]


@pytest.mark.parametrize("asked", MEANT_AT_SCALE)
def test_what_is_meant_at_scale_is_answered_from_its_index(asked):
    rows, indexes = MEANT_AT_SCALE[asked]
    assert_answered_by(rows(), *indexes)


@pytest.mark.parametrize("side", ["after", "before"])
def test_the_neighbour_of_a_far_page_begins_in_the_middle_of_its_index(side):
    """An index that is read from its beginning, past everybody before, is no better than OFFSET."""
    rows, _ = MEANT_AT_SCALE[f"the page {side} one that lies far behind"]
    conditions = [step.get("Index Cond", "") for step in steps_of(plan_of(rows()))]
    assert any("created_at" in condition for condition in conditions)


def test_a_report_reads_its_month_and_no_other():
    """Of a function of the date, such as its month, PostgreSQL would compute the value for every order there is."""
    with CaptureQueriesContext(connection) as captured:
        assert list(lines_of(date(2026, 2, 1))) == []
    (sql,) = [query["sql"] for query in captured if "clients_order" in query["sql"]]
    plan = plan_of_sql(sql[sql.index("SELECT") :])
    assert "order_newest_first" in str(plan), f"PostgreSQL would answer {sql} by {plan}"


def test_the_export_looks_up_the_orders_of_each_client():
    """Grouped as a whole, all orders are read before the first line can be sent."""
    sql, _ = export_statement(Client.objects.all())
    plan = plan_of_sql(sql[sql.index("SELECT") : sql.rindex(") TO STDOUT")])
    conditions = [
        step.get("Index Cond", "") for step in steps_of(plan) if step.get("Index Name") == "order_totals"
    ]
    assert any("client_id = " in condition for condition in conditions), f"PostgreSQL would export by {plan}"


@pytest.mark.parametrize("lab", [lab for lab in LABS if not lab.everywhere], ids=lambda lab: lab.page)
def test_both_queries_of_a_lab_answer_the_same_on_postgresql(lab):
    naive, shipped = lab.answers()

    assert naive == shipped
    assert naive


def test_a_large_table_is_estimated_and_the_estimate_called_one(monkeypatch):
    monkeypatch.setattr("clients.search.large_tables.COUNT_LIMIT", 10)
    with CaptureQueriesContext(connection) as captured:
        rows, word = estimated_rows(Client.objects.all())
    assert len(captured) == 1
    assert word == "about"
    assert rows == pytest.approx(Client.objects.count(), rel=0.1)
