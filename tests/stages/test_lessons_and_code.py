"""What a milestone's page is made of: its Markdown, cleaned, and its code, found in the source files."""

import os
from pathlib import Path

import pytest

from stages.catalog import catalog
from stages.code import MissingCodeError, excerpt
from stages.pages import page_html, page_of


# --- Markdown -------------------------------------------------------------------------------------------------------
def test_the_text_adds_no_second_title_to_its_page():
    assert page_html("# A\n\n## B\n\n# C") == "<h2>B</h2>\n<h2>C</h2>\n"
    assert page_html("A\n\n# B") == "<p>A</p>\n<h2>B</h2>\n"
    assert page_html("") == ""


def test_a_link_to_another_milestones_file_leads_to_its_page():
    html = page_html("[8](08-orders.md), [9](./09-order-totals.md#sums), [x](99-none.md)")
    assert 'href="/stages/orders/"' in html
    assert 'href="/stages/order-totals/#sums"' in html
    assert 'href="99-none.md"' in html


def test_markup_and_scripts_in_a_page_do_nothing():
    html = page_html(
        "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![i](http://evil.test/i.png) <b onclick=x>b</b>"
    )
    assert "<script" not in html
    assert "href" not in html
    assert "<img" not in html
    assert "<b " not in html


def test_tables_and_code_are_kept():
    html = page_html("|a|b|\n|:-|-:|\n|`1`|2|\n\n```python\nx = 1 < 2\n```")
    assert "<table>" in html
    assert "<code>1</code>" in html
    assert "style" not in html
    assert "x = 1 &lt; 2" in html


def test_a_page_that_was_edited_is_rendered_anew(tmp_path):
    milestone = catalog().get("start")
    path = tmp_path / milestone.path_doc
    assert page_of(milestone, tmp_path) is None
    path.parent.mkdir(parents=True)
    path.write_text("one")
    assert page_of(milestone, tmp_path) == "<p>one</p>\n"
    path.write_text("two")
    os.utime(path, ns=(1, 1))
    assert page_of(milestone, tmp_path) == "<p>two</p>\n"


# --- Code -----------------------------------------------------------------------------------------------------------
SOURCE = '''"""A module."""

LIMIT: int = 3
a = b = 1
(c, d) = (1, 2)


class Box:
    size = 4

    @property
    @staticmethod
    def lid():
        text = """
    kept
"""
        return text


async def wait():
    pass
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("NAME = 'shop'\n")
    (package / "things.py").write_text(SOURCE)
    (package / "broken.py").write_text("x = 1\ndef (\n")
    return tmp_path


@pytest.mark.parametrize(
    "name,first,text",
    [
        ("shop.things:LIMIT", 3, "LIMIT: int = 3"),
        ("shop.things:b", 4, "a = b = 1"),
        ("shop.things:Box.size", 9, "size = 4"),
        ("shop.things:wait", 20, "async def wait():\n    pass"),
        ("shop:NAME", 1, "NAME = 'shop'"),
    ],
)
def test_a_symbol_is_found_in_its_file(project, name, first, text):
    found = excerpt(name, project)
    assert (found.first, found.text) == (first, text)


def test_a_method_comes_with_its_decorators_and_without_its_indentation(project):
    found = excerpt("shop.things:Box.lid", project)
    assert (found.path, found.first, found.last) == ("shop/things.py", 11, 17)
    assert found.text.splitlines()[:3] == ["@property", "@staticmethod", "def lid():"]
    assert found.numbers == "11\n12\n13\n14\n15\n16\n17"


@pytest.mark.parametrize(
    "name,reason",
    [
        ("shop.things:Box.colour", "shop/things.py has no Box.colour."),
        ("shop.things:wait.inner", "shop/things.py has no wait.inner."),
        ("shop.things:LIMIT.x", "shop/things.py has no LIMIT.x."),
        ("shop.things:c", "shop/things.py has no c."),
        ("shop.things:", "shop/things.py has no ."),
        ("shop.nothing:x", "There is no module shop.nothing."),
        ("shop.broken:x", "shop/broken.py has a syntax error in line 2."),
        ("template:shop/nothing.html", "There is no template shop/nothing.html."),
        ("file:nothing.yml", "There is no file nothing.yml."),
        ("file:../outside.txt", "There is no file ../outside.txt."),
    ],
)
def test_code_that_is_not_there_says_where_it_was_looked_for(project, name, reason):
    (project.parent / "outside.txt").write_text("secret")
    with pytest.raises(MissingCodeError, match=f"^{reason.replace('.', r'[.]')}$"):
        excerpt(name, project)


def test_a_template_and_a_file_are_shown_whole():
    template = excerpt("template:stages/map.html")
    assert (template.path, template.first) == ("stages/templates/stages/map.html", 1)
    assert template.text.startswith("{% extends")
    assert excerpt("file:manage.py").path == "manage.py"
