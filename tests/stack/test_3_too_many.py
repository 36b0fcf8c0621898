"""What the proxy turns away. The last file, because the visitors of the others share its address."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.stack.conftest import ADDRESS

PAGES = ("/accounts/login/", "/admin/login/")


def test_a_flood_of_logins_is_turned_away_and_the_page_still_comes(guest):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda number: httpx.post(f"{ADDRESS}{PAGES[number % 2]}"), range(60)))
    refused = [answer for answer in answers if answer.status_code == 429]

    # Without a token Django itself answers 403 to those that get through.
    assert {answer.status_code for answer in answers} == {403, 429}
    assert len(answers) - len(refused) >= 20
    assert "Too many requests from your network" in refused[0].text
    assert [guest.get(page).status_code for page in PAGES * 15] == [200] * 30
