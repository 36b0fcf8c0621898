"""Pictures of pages: small files, and the same bytes again where nothing has changed."""

from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client as Browser
from PIL import Image

from tests.browser.chromium import Chromium
from tests.browser.office import NOW

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
WINDOW = {"width": 1280, "height": 720}
# Nothing that blinks, moves or depends on the moment.
STILL = {"animations": "disabled", "caret": "hide"}


class Camera:
    """Opens pages as one of the demo's people and takes pictures of them."""

    def __init__(self, chromium: Chromium, url: str) -> None:
        self.chromium = chromium
        self.url = url

    def page(self, username: str | None, *, theme: str = "light", window: dict[str, int] | None = None):
        context = self.chromium.new_context(
            base_url=self.url,
            viewport=window or WINDOW,
            color_scheme=theme,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        # Only what the page calls "now": its timers run on.
        context.clock.set_fixed_time(NOW)
        if username:
            context.add_cookies([self.cookie(username)])
        return context.new_page()

    def cookie(self, username: str) -> dict[str, str]:
        browser = Browser()
        user = get_user_model().objects.get(username=username)
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": browser.cookies[name].value, "url": self.url}


def settle(page) -> None:
    """Until every picture and font is there and every chart is drawn."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate(
        # Those out of sight are loaded lazily: waiting for them would have no end.
        "Promise.all([...document.images].filter((image) => {"
        " const { top, bottom } = image.getBoundingClientRect(); return top < innerHeight && bottom > 0; })"
        ".map((image) => image.decode().catch(() => {})))"
    )
    page.wait_for_timeout(150)


def picture(page) -> Image.Image:
    settle(page)
    return Image.open(BytesIO(page.screenshot(**STILL))).convert("RGB")


def save(image: Image.Image, name: str) -> int:
    """Writes docs/screenshots/NAME.png with 256 colours; returns its size in bytes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    few = image.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    path = FOLDER / f"{name}.png"
    few.save(path, "PNG", optimize=True)
    return path.stat().st_size
