"""docs/screenshots/tour.webp: half a minute through the CRM, made of single frames with a line of text below."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from stages.catalog import catalog
from stages.switches import turn_on
from tests.browser.camera import FOLDER, WINDOW, Camera, picture
from tests.browser.scenes import place_order, regular_client
from tests.browser.steps import wait_for_socket
from tests.browser.taking import nothing_left_behind

WIDTH, HEIGHT, CAPTION = 960, 540, 44
HALF = {"width": WINDOW["width"] // 2 - 4, "height": WINDOW["height"]}
INK, PAPER, LINE = "#ffffff", "#0f3d3a", "#c8ced6"
FONTS = (
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)
# Milliseconds that a frame stays.
LONG, SHORT = 2600, 350


class Tour:
    def __init__(self) -> None:
        self.frames: list[Image.Image] = []
        self.durations: list[int] = []
        self.font = ImageFont.truetype(next(path for path in FONTS if Path(path).exists()), 20)

    def show(self, image: Image.Image, text: str, duration: int = LONG) -> None:
        frame = Image.new("RGB", (WIDTH, HEIGHT + CAPTION), PAPER)
        frame.paste(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))
        ImageDraw.Draw(frame).text((WIDTH // 2, HEIGHT + CAPTION // 2), text, INK, self.font, anchor="mm")
        self.frames.append(frame)
        self.durations.append(duration)

    def save(self) -> int:
        path = FOLDER / "tour.webp"
        first, *others = self.frames
        first.save(
            path,
            "WEBP",
            save_all=True,
            append_images=others,
            duration=self.durations,
            loop=0,
            quality=72,
            method=6,
            minimize_size=True,
        )
        return path.stat().st_size


def tour(camera: Camera) -> dict[str, int]:
    """The size of the file, by its name."""
    shown = Tour()
    with nothing_left_behind():
        page = camera.page("manager")
        look_around(shown, page)
        search(shown, page)
        switch(shown, page)
        page.context.close()
        live_order(shown, camera)
    return {"tour.webp": shown.save()}


def look_around(shown: Tour, page) -> None:
    page.goto("/")
    shown.show(picture(page), "Mini CRM: how the office is doing")
    page.goto("/clients/")
    shown.show(picture(page), "Clients with pictures, orders and totals")
    page.goto(f"/clients/{regular_client().pk}/")
    shown.show(picture(page), "One client, and everything they have ordered")


def search(shown: Tour, page) -> None:
    page.goto("/clients/")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    word = regular_client().name.split()[0][:3].lower()
    for end in range(1, len(word) + 1):
        with page.expect_response("**/clients/?q=*"):
            box.press(word[end - 1])
        shown.show(picture(page), "The list follows while you type", SHORT if end < len(word) else LONG)


def switch(shown: Tour, page) -> None:
    page.goto("/stages/")
    shown.show(
        picture(page), f"The course: {len(catalog().milestones)} milestones, most of them with a switch"
    )
    page.locator("#stop-orders").click()
    page.locator(".switch-notice").wait_for()
    shown.show(picture(page), "One click, and orders are switched off …")
    page.goto("/clients/")
    shown.show(picture(page), "… on the very next page, and nothing is lost")
    turn_on(["orders"])
    page.reload()
    shown.show(picture(page), "Switched on again, everything is back")


def live_order(shown: Tour, camera: Camera) -> None:
    """Two browsers side by side; a third person places the order."""
    pages = [camera.page(name, window=HALF) for name in ("manager", "learner")]
    for page in pages:
        page.goto("/clients/")
        wait_for_socket(page)
    shown.show(side_by_side(pages), "Two colleagues have the list open …")
    place_order(regular_client())
    for page in pages:
        page.locator(".live-notice").wait_for()
    shown.show(side_by_side(pages), "… and both see a new order at once", LONG + 1000)
    for page in pages:
        page.context.close()


def side_by_side(pages) -> Image.Image:
    both = Image.new("RGB", (WINDOW["width"], WINDOW["height"]), LINE)
    for number, page in enumerate(pages):
        both.paste(picture(page), (number * (WINDOW["width"] // 2 + 4), 0))
    return both
