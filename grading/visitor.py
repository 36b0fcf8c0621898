"""Somebody with a browser: asks, finds forms by their fields and rows by what they say, signs in wherever it is led."""

import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup, Tag

from grading.verdicts import NotJudged

LONGEST_WAIT = 70
Files = dict[str, tuple[str, bytes, str]]


class Visitor:
    """Cookies are kept, redirects are not followed unless a method says so, and who is asked to wait waits."""

    def __init__(self, url: str) -> None:
        self.browser = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self.signed_in = False

    # --- Asking -------------------------------------------------------------------------------------------------------
    def ask(self, method: str, path: str, *, follow: bool = False, **options: Any) -> httpx.Response:
        """A 429 is waited for, once. Raises NotJudged where no answer comes."""
        answer = self._ask(method, path, follow_redirects=follow, **options)
        if answer.status_code == 429:
            time.sleep(min(float(answer.headers.get("Retry-After", 61)), LONGEST_WAIT))
            answer = self._ask(method, path, follow_redirects=follow, **options)
        return answer

    def _ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            return self.browser.request(method, path, **options)
        except httpx.HTTPError as error:
            raise NotJudged(f"{method} {path} was not answered: {type(error).__name__}") from error

    def get(self, path: str, *, follow: bool = False, **options: Any) -> httpx.Response:
        return self.ask("GET", path, follow=follow, **options)

    # --- Forms --------------------------------------------------------------------------------------------------------
    def form(self, path: str, *fields: str) -> "Form":
        """The page's form that has all these fields; without any, the one that is sent to the page itself.

        Raises NoFormError.
        """
        answer = self.get(path, follow=True)
        for form in page(answer).select("form"):
            if not fields and urlsplit(Form(self, str(answer.url), form).address).path != path:
                continue
            names = {str(field["name"]) for field in form.select("[name]")}
            if all(any(name == field or name.endswith(f"-{field}") for name in names) for field in fields):
                return Form(self, str(answer.url), form)
        raise NoFormError(path, answer.status_code, fields)

    def sign_in(self, name: str, password: str, start: str = "/clients/") -> None:
        """At the page that a guest is sent to; else at /accounts/login/, else at the admin's."""
        for path in (start, "/accounts/login/", "/admin/login/?next=/clients/"):
            answer = self.get(path, follow=True)
            for form in page(answer).select("form"):
                secret = form.select_one("input[type=password][name]")
                known = form.select_one("input[name]:not([type=hidden]):not([type=password])")
                if secret and known:
                    login = Form(self, str(answer.url), form)
                    said = login.send({str(known["name"]): name, str(secret["name"]): password})
                    self.signed_in = said.status_code in (302, 303)
                    return


class NoFormError(NotJudged):
    """The page has no such form; a check that is about the form takes it for a failure."""

    def __init__(self, path: str, status: int, fields: tuple[str, ...]) -> None:
        super().__init__(f"{path} answered {status} and has no form with {', '.join(fields)}")


class Form:
    """A form of a page, with what it says by itself."""

    def __init__(self, visitor: Visitor, address: str, form: Tag) -> None:
        self.visitor, self.form = visitor, form
        self.address = urljoin(address, str(form.get("action") or "")) if form.get("action") else address
        self.method = str(form.get("method") or "get").upper()

    @property
    def fields(self) -> dict[str, str]:
        """What a browser would send as it stands; files and buttons are left out."""
        found = ((str(one["name"]), value_of(one)) for one in self.form.select("[name]"))
        return {name: value for name, value in found if value is not None}

    @property
    def carries_files(self) -> bool:
        """A browser sends files by a form that says so, and nothing of them by another."""
        return "multipart/form-data" in (self.form.get("enctype"), self.form.get("hx-encoding"))

    def named(self, field: str) -> str:
        """The field's whole name: a formset or a prefix puts something before it."""
        names = [str(one["name"]) for one in self.form.select("[name]")]
        return next((name for name in names if name == field or name.endswith(f"-{field}")), field)

    def send(self, fields: dict[str, str], files: Files | None = None) -> httpx.Response:
        sent = {**self.fields, **{self.named(name): value for name, value in fields.items()}}
        uploads = {self.named(name): file for name, file in (files or {}).items()}
        options: dict[str, Any] = {"headers": {"Referer": self.address, "Origin": origin_of(self.address)}}
        if self.method == "GET":
            return self.visitor.get(self.address, params=sent, **options)
        if uploads and self.carries_files:
            options["files"] = uploads
        return self.visitor.ask("POST", self.address, data=sent, **options)


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def value_of(field: Tag) -> str | None:
    """What this control sends as it stands; None where it sends nothing."""
    if field.name == "textarea":
        return field.get_text()
    if field.name == "select":
        chosen = field.select_one("option[selected]") or field.select_one("option")
        return str(chosen.get("value", chosen.get_text())) if chosen else None
    kind = str(field.get("type", "text"))
    if field.name != "input" or kind in {"file", "submit", "button", "image", "reset"}:
        return None
    if kind in {"checkbox", "radio"} and not field.has_attr("checked"):
        return None
    return str(field.get("value", "on" if kind == "checkbox" else ""))


def page(answer: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def row_of(answer: httpx.Response, text: str) -> Tag | None:
    """The smallest part of the page that tells of one client: a table row, a list item, a card."""
    found = list(page(answer).find_all(string=lambda said: bool(said) and text in said))
    for string in found:
        for parent in string.parents:
            if parent.name in ("tr", "li", "article") or "card" in " ".join(parent.get("class") or []):
                return parent
    return found[0].parent if found else None
