"""What a milestone has beyond its core: how the manifest says it, where it is shown, and whose error it is."""

import os

import pytest

from stages import checks
from stages.catalog import Stage, catalog
from stages.checking.blame import Place, owner
from stages.checking.files import code_files, digest
from stages.checking.html import write_html
from stages.code import MissingCodeError, excerpt
from stages.entries import CurriculumError, Kind
from tests.fixtures import page
from tests.processes import ROOT
from tests.stages.conftest import entry
from tests.stages.samples import report, result

SCALE = '{ name = "stages.code:excerpt", kind = "scale", why = "Because of *many* rows." }'
COMFORT = '{ name = "template:stages/map.html", kind = "comfort", why = "It is pleasant to have." }'


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


# --- The manifest -----------------------------------------------------------------------------------------------------
def test_the_manifest_gives_name_kind_and_reason(curriculum):
    found = curriculum(
        entry(1, "one", code='[{ shown = "stages.catalog:load" }]', beyond=f"[{COMFORT}, {SCALE}]")
    ).get(1)

    assert [(one.name, one.kind, one.why) for one in found.beyond] == [
        ("template:stages/map.html", Kind.COMFORT, "It is pleasant to have."),
        ("stages.code:excerpt", Kind.SCALE, "Because of *many* rows."),
    ]
    assert found.whole_code == ("stages.catalog:load", "template:stages/map.html", "stages.code:excerpt")
    assert list(found.beyond_by_kind) == [Kind.SCALE, Kind.COMFORT]


def test_a_milestone_may_have_nothing_beyond(curriculum):
    assert curriculum(entry(1, "one")).get(1).beyond == ()


@pytest.mark.parametrize(
    "beyond,message",
    [
        ('"x"', "beyond takes a list of tables, not 'x'"),
        ('["x"]', "beyond takes tables of kind, name, why, not 'x'"),
        ('[{ name = "a:b", kind = "scale" }]', "beyond takes tables of kind, name, why, not {"),
        ('[{ name = "a:b", kind = "scale", why = " " }]', "beyond: why takes a text, in {"),
        ('[{ name = 3, kind = "scale", why = "w" }]', "beyond: name takes a text, in {"),
        (
            '[{ name = "a:b", kind = "speed", why = "w" }]',
            "beyond: kind takes scale, races, hostile, outages, comfort, not 'speed'",
        ),
        (f"[{SCALE}, {COMFORT}, {SCALE}]", "beyond names stages.code:excerpt more than once"),
    ],
)
def test_a_mistake_is_one_error_of_the_system_check(curriculum, beyond, message):
    with pytest.raises(CurriculumError):
        curriculum(entry(3, "three", beyond=beyond))
    (error,) = checks.check_curriculum(None)
    assert error.id == "stages.E001"
    assert error.msg.startswith(f"milestone 3 (three): {message}")


def test_code_that_is_not_there_is_a_warning_as_in_the_core(curriculum):
    wrong = '{ name = "stages.code:Nothing", kind = "scale", why = "w" }'
    found = curriculum(entry(1, "one", beyond=f"[{wrong}]"))
    (missing,) = checks.missing_code(found, Stage.JUNIOR, ROOT)
    assert missing.id == "stages.W003"
    assert missing.msg.startswith("The code of milestone 1 one, stages.code:Nothing: AttributeError")


@pytest.mark.parametrize(
    "name",
    ["stages.models:MilestoneFlag.Meta", "stages.forms:RolloutForm.milestone", "file:docker-compose.yml#web"],
)
def test_what_django_takes_off_a_class_and_a_part_of_a_file_count_as_there(name):
    assert checks.import_trouble(name, ROOT) == ""


# --- A part of a file -------------------------------------------------------------------------------------------------
TEXT = """needs: { web: 1 }

jobs:
  web: { first: no }
  other: 1

  web:
    image: crm

    ports: 8000
function told() {
  tell();
}

function tell() {
}
"""


@pytest.mark.parametrize(
    "mark,first,text",
    [
        ("web", 7, "web:\n  image: crm"),
        ("jobs", 3, "jobs:\n  web: { first: no }\n  other: 1"),
        ("function tell", 15, "function tell() {\n}"),
        ("needs: {", 1, "needs: { web: 1 }"),
    ],
)
def test_a_mark_stands_for_the_paragraph_it_begins(tmp_path, mark, first, text):
    (tmp_path / "some.yml").write_text(TEXT)
    found = excerpt(f"file:some.yml#{mark}", tmp_path)
    assert (found.path, found.first, found.text) == ("some.yml", first, text)


def test_a_mark_that_no_line_has_is_said_to_be_missing(tmp_path):
    (tmp_path / "some.yml").write_text(TEXT)
    with pytest.raises(MissingCodeError, match=r"^some\.yml has no image: cr\.$"):
        excerpt("file:some.yml#image: cr", tmp_path)


def test_code_that_was_edited_is_read_again(tmp_path):
    file = tmp_path / "shop.py"
    file.write_text("SIZE = 1")
    assert excerpt("shop:SIZE", tmp_path).text == "SIZE = 1"
    file.write_text("SIZE = 2")
    os.utime(file, ns=(1, 1))
    assert excerpt("shop:SIZE", tmp_path).text == "SIZE = 2"


# --- Whose it is ------------------------------------------------------------------------------------------------------
def owned(curriculum, **other: str) -> str | None:
    curriculum(entry(1, "one", beyond=f"[{SCALE}]"), entry(2, "two", **other), entry(3, "three"))
    found = owner(Place("stages/code.py", excerpt("stages.code:excerpt").last), catalog().get("three"), ROOT)
    return found and found.slug


def test_a_line_beyond_a_milestone_is_its_own(curriculum):
    assert owned(curriculum) == "one"


def test_a_core_comes_before_what_is_beyond_another(curriculum):
    assert owned(curriculum, code='[{ shown = "stages.code:excerpt" }]') == "two"


def test_the_narrower_name_comes_before_a_core_around_it(curriculum):
    assert owned(curriculum, code='[{ shown = "file:stages/code.py" }]') == "one"


def test_what_was_found_out_is_out_of_date_when_code_beyond_changes(curriculum, tmp_path):
    beyond = '[{ name = "file:some.yml#web", kind = "scale", why = "Because of many rows." }]'
    milestone = curriculum(entry(1, "one", beyond=beyond)).get(1)
    file = tmp_path / "some.yml"
    file.write_text("web: 1")
    before = digest(milestone, tmp_path)
    file.write_text("web: 2")
    os.utime(file, ns=(1, 1))
    assert code_files(milestone, tmp_path) == [file]
    assert digest(milestone, tmp_path) != before


# --- Where it is shown ------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_page_shows_it_last_by_kind_with_its_reason_and_closed(guest, curriculum):
    curriculum(
        entry(90, "one", code='[{ shown = "stages.catalog:load" }]', beyond=f"[{COMFORT}, {SCALE}]"),
        real=True,
    )
    html = page(guest.get("/stages/one/"))

    assert [section["aria-labelledby"] for section in html.select(".about > section")][-2:] == [
        "code-title",
        "beyond-title",
    ]
    beyond = html.select_one("section.beyond")
    assert [words(one) for one in beyond.select("h3")] == [Kind.SCALE.heading, Kind.COMFORT.heading]
    assert [words(one.summary) for one in beyond.select("details")] == [
        "stages.code:excerpt Because of many rows.",
        "template:stages/map.html It is pleasant to have.",
    ]
    assert beyond.select_one("summary em").text == "many"
    assert beyond.select("details[open]") == []
    assert html.select_one("nav.contents a[href='#beyond-title']") is not None


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{}, {"planned": "true", "beyond": f"[{SCALE}]"}])
def test_a_page_without_such_code_has_no_such_part(guest, curriculum, values):
    curriculum(entry(90, "one", **values), real=True)
    html = page(guest.get("/stages/one/"))
    assert html.select("section.beyond, nav.contents a[href='#beyond-title']") == []


def test_the_report_shows_it_too(tmp_path):
    write_html(report(result("search-pagination")), tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    beyond = text[text.index("<h3>Beyond</h3>") :]
    assert beyond.index(Kind.SCALE.heading) < beyond.index("clients.search.large_tables:LargeTablePaginator")
    assert "class LargeTablePaginator(Paginator)" in beyond
