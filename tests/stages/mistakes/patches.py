"""The ways to make a mistake for a while. Each of these is a context manager that leaves nothing behind."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from unittest.mock import patch

from django.template import engines
from django.template.loaders.filesystem import Loader
from django.test import override_settings
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver

PACKAGES = ("clients", "mini_crm")


@contextmanager
def everywhere(real: object, wrong: object) -> Iterator[None]:
    """`wrong` in the place of `real` in every module that has imported it by name."""
    with ExitStack() as stack:
        places = [
            (module, name)
            for module in list(sys.modules.values())
            if getattr(module, "__name__", "").partition(".")[0] in PACKAGES
            for name, value in list(vars(module).items())
            if value is real
        ]
        assert places, f"nobody has {real!r} by name"
        for module, name in places:
            stack.enter_context(patch.object(module, name, wrong))
        yield


@contextmanager
def template(name: str, right: str, wrong: str) -> Iterator[None]:
    """`wrong` instead of `right` in the source of one template."""
    read = Loader.get_contents

    def get_contents(loader, origin):
        source = read(loader, origin)
        return source.replace(right, wrong) if origin.template_name == name else source

    loader = engines["django"].engine.template_loaders[0]
    assert right in engines["django"].get_template(name).template.source
    with patch.object(Loader, "get_contents", get_contents):
        loader.reset()
        try:
            yield
        finally:
            loader.reset()


@contextmanager
def route(name: str, change: Callable) -> Iterator[None]:
    """The view behind a URL's name replaced by `change(view)`."""
    found = [pattern for pattern in _patterns(get_resolver()) if pattern.name == name]
    assert found, f"no URL is called {name}"
    with ExitStack() as stack:
        for pattern in found:
            stack.enter_context(patch.object(pattern, "callback", change(pattern.callback)))
        yield


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        else:
            yield entry


def method(owner: type, name: str, wrong: object) -> Callable[[], AbstractContextManager]:
    """A mistake that replaces a method or an attribute that has to be there."""
    return lambda: patch.object(owner, name, wrong)


def setting(**values: object) -> Callable[[], AbstractContextManager]:
    return lambda: override_settings(**values)
