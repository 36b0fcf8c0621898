"""The milestones' pages: Markdown from docs/milestones/, made into clean HTML."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import nh3
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from stages.catalog import ROOT, Milestone, catalog

TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "dl",
        "dt",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "kbd",
        "li",
    ),
    *("ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "h2": {"id"}}
SIBLING = re.compile(r"(?:\./)?(\d\d)-([a-z0-9-]+)\.md(#.*)?")

NO_LETTERS = re.compile(r"[^\w\s-]")

markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class Heading:
    """Of a section; `anchor` is what a link to it names, as GitHub does."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Lesson:
    """A page as a part of another one, with its sections for a table of contents."""

    html: SafeString
    headings: tuple[Heading, ...]


def page_of(milestone: Milestone, root: Path = ROOT) -> SafeString | None:
    """Its page as HTML, or None when it has not been written."""
    path = root / milestone.path_doc
    if not path.is_file():
        return None
    return _rendered(path, path.stat().st_mtime_ns)


def lesson_of(milestone: Milestone, root: Path = ROOT) -> Lesson | None:
    """The same with an anchor at each section, for a page that shows no second lesson."""
    path = root / milestone.path_doc
    if not path.is_file():
        return None
    return _lesson(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _rendered(path: Path, changed: int) -> SafeString:
    """`changed` is the file's time: an edited page is rendered again."""
    return page_html(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _lesson(path: Path, changed: int) -> Lesson:
    return lesson_html(path.read_text(encoding="utf-8"))


def lesson_html(text: str) -> Lesson:
    tokens = _tokens(text)
    headings = tuple(_anchored(tokens))
    return Lesson(_clean(markdown.renderer.render(tokens, markdown.options, {})), headings)


def page_html(text: str) -> SafeString:
    return _clean(markdown.renderer.render(_tokens(text), markdown.options, {}))


def line_html(text: str) -> SafeString:
    return _clean(markdown.renderInline(text))


def _tokens(text: str) -> list[Token]:
    tokens = markdown.parse(text)
    _leave_one_title(tokens)
    _link_to_pages(tokens)
    return tokens


def _anchored(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Gives each section's heading its anchor, on the way."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            words = "".join(child.content for child in inline.children or ())
            anchor = NO_LETTERS.sub("", words.lower()).strip().replace(" ", "-")
            opening.attrs["id"] = anchor
            yield Heading(anchor, words)


def _clean(html: str) -> SafeString:
    return mark_safe(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES))  # noqa: S308  # cleaned in this very call


def _leave_one_title(tokens: list[Token]) -> None:
    """The page it stands on has the title already: that of the text goes, and a second one becomes an h2."""
    if tokens and tokens[0].tag == "h1":
        del tokens[:3]
    for token in tokens:
        if token.tag == "h1":
            token.tag = "h2"


def _link_to_pages(tokens: Sequence[Token]) -> None:
    """`08-orders.md`, a link that works in the repository, leads to /stages/orders/ here."""
    slugs = {milestone.slug for milestone in catalog()}
    for token in (child for block in tokens for child in block.children or ()):
        found = SIBLING.fullmatch(str(token.attrs.get("href", "")))
        if found and found[2] in slugs:
            token.attrs["href"] = reverse("milestone", args=[found[2]]) + (found[3] or "")
