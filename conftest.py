"""Everything the tests share."""

import pytest

# The plugin picks the settings profile and starts Django with it.
pytest_plugins = ["stages.checking.plugin"]


def pytest_configure(config: pytest.Config) -> None:
    """The fixtures come after the plugin: model_bakery can be imported only once Django has started."""
    config.pluginmanager.import_plugin("tests.fixtures")
