"""Practice in the browser: the milestone's page, the map, and the page that meets a stub."""

import json

import pytest

from scripts import readme_commands
from stages import practice_page
from stages.catalog import ROOT
from stages.not_written_yet import NotWrittenYet
from stages.practice.putting_back import put_back
from stages.practice.taking_out import take_out
from tests.fixtures import page
from tests.stages.practice_tree import milestones, write_into

pytestmark = pytest.mark.django_db


@pytest.fixture
def practised(tree, monkeypatch):
    """The copy in which something is taken out is the one whose state the pages show."""
    monkeypatch.setattr(practice_page, "ROOT", tree)
    return tree


def shown(browser) -> str:
    return " ".join(page(browser.get("/stages/search-pagination/practice/")).get_text(" ").split())


def checked(monkeypatch, tmp_path, held: int, status: str) -> None:
    results = tmp_path / "latest.json"
    entry = {
        "slug": "search-pagination",
        "status": status,
        "counts": {"required": [held, 6], "scale": [1, 2]},
    }
    results.write_text(json.dumps({"milestones": [entry]}))
    monkeypatch.setattr("stages.last_results.latest_file", lambda: results)


def test_the_page_has_the_three_commands_each_with_a_button(guest, practised):
    html = page(guest.get("/stages/search-pagination/"))
    commands = [code.text for code in html.select("#practice pre code")]

    assert commands == [
        "python manage.py stages start 4",
        "python manage.py stages check 4 --watch",
        "python manage.py stages restore 4",
    ]
    assert [button["data-copy"] for button in html.select("#practice button")] == commands


def test_the_state_follows_what_the_learner_does(guest, practised, monkeypatch, tmp_path):
    out = milestones("search-pagination")
    monkeypatch.setattr("stages.last_results.latest_file", lambda: tmp_path / "none.json")
    assert "Not started" in shown(guest)

    take_out(out, practised)
    assert "Yours: not checked yet" in shown(guest)
    checked(monkeypatch, tmp_path, 4, "fail")
    assert "Yours: 4 of 6 required hold" in shown(guest)
    checked(monkeypatch, tmp_path, 6, "pass")
    assert "Done: 6 of 6 required hold" in shown(guest)

    write_into(practised / "clients/search/pages.py", "    raise NotWrittenYet(4)\n", "    return 1\n")
    put_back(out, practised)
    assert "Not started 1 attempt kept in" in shown(guest)


def test_the_map_has_the_commands_of_the_readmes_first_quarter_of_an_hour(guest):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## The first quarter of an hour")[2].partition("\n## ")[0]
    commands = [line for line in readme_commands.commands(section) if "manage.py" in line]

    assert [code.text for code in page(guest.get("/stages/")).select(".first-quarter pre code")] == commands


def test_the_part_asks_for_itself_again(guest, practised):
    part = page(guest.get("/stages/search-pagination/practice/")).select_one("#practice")

    assert part["data-hx-get"] == "/stages/search-pagination/practice/"
    assert part["data-hx-trigger"] == "every 3s"


def test_the_map_marks_what_is_being_written(guest, practised):
    take_out(milestones("search-pagination"), practised)
    html = page(guest.get("/stages/"))

    assert [row["id"] for row in html.select("tr:has(.being-written)")] == ["search-pagination"]


def test_where_everything_is_locked_nobody_writes(guest, practised, settings):
    settings.CRM_LOCKED = True

    assert page(guest.get("/stages/search-pagination/")).select_one("#practice") is None
    assert guest.get("/stages/search-pagination/practice/").status_code == 404


def test_a_milestone_without_code_to_write_offers_nothing(guest, practised):
    assert guest.get("/stages/no-such/practice/").status_code == 404


@pytest.fixture
def met(monkeypatch):
    """The search meets a stub."""
    from clients.querysets import ClientQuerySet

    def search(self, text):
        raise NotWrittenYet(4, "clients/querysets.py line 32")

    monkeypatch.setattr(ClientQuerySet, "search", search)
    yield
    NotWrittenYet.met.clear()


def test_a_page_that_meets_a_stub_says_whose_turn_it_is(learner_client, met):
    answer = learner_client.get("/clients/?q=ada")
    NotWrittenYet.met.clear()

    assert answer.status_code == 501
    html = page(answer, status=501)
    assert html.select_one("h1").text == "This is yours to write"
    assert "clients/querysets.py line 32" in html.text
    assert "Traceback" not in answer.text


def test_who_prefers_json_gets_json(learner_client, met):
    answer = learner_client.get("/clients/?q=ada", headers={"accept": "application/json"})
    NotWrittenYet.met.clear()

    assert answer.status_code == 501
    assert answer.json()["detail"].startswith("This is yours to write: milestone 4 search-pagination")
