"""What people do again and again, and what they see then."""

from io import BytesIO

from PIL import Image

ROWS = "#client-list tbody tr"
MESSAGES = "#messages"


def fill_client(page, **values: str) -> None:
    """Types into the client form; `name`, `email` and `phone` are its labels in lower case."""
    for label, value in values.items():
        page.get_by_role("textbox", name=label.capitalize()).fill(value)


def add_client(page, **values: str) -> None:
    page.goto("/clients/")
    page.locator(".page-heading").get_by_role("button", name="Add client").click()
    fill_client(page, **values)
    page.get_by_role("button", name="Add client").click()


def names(page) -> list[str]:
    """The clients in the list, top to bottom."""
    return page.locator(f"{ROWS} a[data-row-link]").all_inner_texts()


def picture(colour: str = "teal") -> dict[str, object]:
    """A PNG as a file to upload."""
    target = BytesIO()
    Image.new("RGB", (64, 64), colour).save(target, "PNG")
    return {"name": "me.png", "mimeType": "image/png", "buffer": target.getvalue()}


def wait_for_socket(page) -> None:
    """Until the open list is connected: what is ordered from now on is pushed to it."""
    page.locator('#live-orders[data-live-state="open"]').wait_for(state="attached")


def focused(page) -> str:
    return page.evaluate("document.activeElement.innerText || document.activeElement.id").strip()


def tab_to(page, name: str) -> None:
    """Presses Tab until this has the focus; every stop on the way has to show that it has it."""
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none')"
            "(getComputedStyle(document.activeElement))"
        ), f"nobody sees that {focused(page)!r} has the focus"
        if focused(page) == name:
            return
    raise AssertionError(f"Tab does not lead to {name!r}")
