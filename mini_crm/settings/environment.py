"""The one place that reads the environment.

Every reader names the variable, the value it found and what it takes when the value is wrong, so that a start with a
bad setting stops at once with a message that can be acted on.
"""

import ipaddress
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

env = environ.Env()

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
# What the parsers raise for a value they cannot read.
UNUSABLE = (
    ImproperlyConfigured,
    KeyError,
    OSError,
    UserWarning,
    ValidationError,
    ValueError,
    ZoneInfoNotFoundError,
)
PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@/\s]*@")
RATE = re.compile(r"\d+/(s|sec|second|m|min|minute|h|hour|d|day)")


def wrong(name: str, value: str, takes: str) -> ImproperlyConfigured:
    """The error for a variable whose value cannot be used; a password in an address is not repeated."""
    shown = PASSWORD.sub(r"\1…@", value)
    return ImproperlyConfigured(f"{name}={shown!r} cannot be used: {name} takes {takes}.")


def text(name: str, default: str = "") -> str:
    """The value, blanks around it dropped. Set to nothing is as good as not set at all."""
    return env.str(name, default="").strip() or default


def required(name: str, takes: str) -> str:
    """A value without a default; its absence stops the start."""
    value = text(name)
    if not value:
        raise wrong(name, value, takes)
    return value


def flag(name: str, *, default: bool) -> bool:
    value = text(name, str(default))
    if value.lower() not in TRUE | FALSE:
        raise wrong(name, value, "1 or 0 (also true/false, yes/no, on/off)")
    return value.lower() in TRUE


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list, blanks dropped."""
    value = text(name, ",".join(default))
    return [word.strip() for word in value.split(",") if word.strip()]


def parsed(name: str, value: str, parse: Callable[[str], Any], takes: str) -> Any:
    """`parse(value)`, whatever it raises turned into the message of `wrong`."""
    try:
        with warnings.catch_warnings():
            # django-environ only warns of an address it does not understand.
            warnings.simplefilter("error", UserWarning)
            return parse(value)
    except UNUSABLE as error:
        raise wrong(name, value, takes) from error


def database(default: str) -> dict[str, Any]:
    value = text("DATABASE_URL", default)
    takes = "an address such as postgres://user:password@host:5432/name or sqlite:////absolute/path.sqlite3"
    config = parsed("DATABASE_URL", value, env.db_url_config, takes)
    if config.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise wrong("DATABASE_URL", value, takes)
    return dict(config)


def redis() -> str | None:
    """The address of Redis, or None when the embedded stand-ins are to be used."""
    value = text("REDIS_URL")
    if value and not re.match(r"rediss?://[^/\s]+|unix://\S+", value):
        raise wrong("REDIS_URL", value, "an address such as redis://127.0.0.1:6379/0, or nothing")
    return value or None


def email() -> dict[str, Any]:
    takes = "an address such as smtp://user:password@host:25, smtp+tls://…, consolemail:// or memorymail://"
    value = text("EMAIL_URL", "consolemail://")
    return dict(parsed("EMAIL_URL", value, env.email_url_config, takes))


def time_zone() -> str:
    value = text("TIME_ZONE", "UTC")
    parsed("TIME_ZONE", value, ZoneInfo, "a time zone's name such as Europe/Berlin")
    return value


def recipients() -> list[str]:
    found = words("REPORT_RECIPIENTS")
    for address in found:
        parsed("REPORT_RECIPIENTS", address, validate_email, "e-mail addresses separated by commas")
    return found


def rate(name: str, default: str) -> str:
    value = text(name, default)
    if not RATE.fullmatch(value):
        raise wrong(name, value, "a rate such as 600/min (per s, min, hour or day)")
    return value


def seconds(name: str, default: int) -> int:
    value = text(name, str(default))
    if not re.fullmatch(r"[0-9]{1,5}", value):
        raise wrong(name, value, "a whole number of seconds, 0 for no limit")
    return int(value)


def networks(name: str) -> list[str]:
    """Addresses or networks of the proxies whose X-Forwarded-For is believed."""
    found = words(name)
    for network in found:
        parsed(
            name,
            network,
            ipaddress.ip_network,
            "addresses or networks such as 10.0.0.0/8, separated by commas",
        )
    return found


def directory(name: str, default: Path) -> Path:
    return Path(text(name, str(default)))


def origins(name: str) -> list[str]:
    found = words(name)
    for origin in found:
        if not re.fullmatch(r"https?://[^/\s]+", origin):
            raise wrong(name, origin, "origins such as https://crm.company.com, separated by commas")
    return found
