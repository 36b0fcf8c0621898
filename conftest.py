"""Everything the tests share."""

import pytest
from django.apps import AppConfig

# The plugin picks the settings profile and starts Django with it.
pytest_plugins = ["stages.checking.plugin"]


def pytest_configure(config: pytest.Config) -> None:
    """Only now: both need a Django that has started."""
    switch_on_zeal()
    # model_bakery can be imported only once Django has started.
    config.pluginmanager.import_plugin("tests.fixtures")


def switch_on_zeal() -> None:
    """Does what Django does for an installed app. No settings profile names zeal: each of them also serves the CRM."""
    AppConfig.create("zeal").ready()
