"""Milestone 6 as a person does it: a picture goes up and is shown; what is none is refused."""

from model_bakery import baker

from clients.models import Client
from tests.browser.steps import ROWS, fill_client, picture

SHOWN = "image => image.complete && image.naturalWidth > 0"


def test_an_uploaded_picture_is_shown_in_the_list(browsers, expect, learner):
    baker.make(Client, name="Without Picture", email="none@mail.test")
    page = browsers.open(learner)
    page.goto("/clients/add/")
    fill_client(page, name="Ada Lovelace", email="ada@mail.test")
    page.get_by_label("Avatar").set_input_files(files=[picture()])
    page.get_by_role("button", name="Add client").click()
    image = page.locator(f"{ROWS} img.avatar")
    expect(image).to_have_count(1)
    assert image.evaluate(SHOWN)
    assert image.get_attribute("src").startswith("/media/avatars/")
    expect(page.locator(f"{ROWS} span.avatar")).to_have_text("WP")


def test_a_text_that_calls_itself_a_picture_is_refused(browsers, expect, learner):
    page = browsers.open(learner)
    page.goto("/clients/add/")
    fill_client(page, name="Mallory", email="mallory@mail.test")
    fake = {"name": "me.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    page.get_by_label("Avatar").set_input_files(files=[fake])
    page.get_by_role("button", name="Add client").click()
    expect(page.get_by_label("Avatar")).to_have_attribute("aria-invalid", "true")
    assert not Client.objects.exists()
