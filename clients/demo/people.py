"""Demo clients: as many rows as asked for, one at a time, the same for the same seed."""

import math
import unicodedata
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Final, NamedTuple

from clients.demo.timeline import CLIENT_DAYS, Timeline
from clients.demo.words import DOMAINS, TONGUES, VIP_DOMAIN, Tongue

COLUMNS: Final = ("id", "name", "email", "phone", "avatar", "vip", "created_at", "updated_at")
WITH_PHONE: Final = 0.85
# Letters that Unicode does not take apart into a plain letter and an accent.
PLAIN_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ı": "i"})


class Person(NamedTuple):
    """A name, the part of an e-mail before the @, and the pattern of a phone number."""

    name: str
    mailbox: str
    phone: str


def client_rows(
    count: int, *, seed: int, timeline: Timeline, first_id: int, pictures: dict[int, str]
) -> Iterator[tuple[str, ...]]:
    """One row of COLUMNS a client, as text, oldest first; `pictures` has the avatar's name by the client's number."""
    chance = Random(f"clients {seed}")
    contact = contacts(count, chance)
    for number in range(count):
        person, email, vip = next(contact)
        phone = filled(person.phone, chance) if chance.random() < WITH_PHONE else ""
        # The very first came at the very beginning, so that there is somebody to place the first order.
        came = timeline.at(CLIENT_DAYS * (number + (chance.random() if number else 0)) / count)
        yield str(first_id + number), person.name, email, phone, pictures.get(number, ""), vip, came, came


def contacts(count: int, chance: Random) -> Iterator[tuple[Person, str, str]]:
    """Person, e-mail and "1" for a VIP or "0"; no e-mail comes twice, however many are asked for.

    Every person is paired with every domain in an order that looks random but visits each pair once (a step that has
    no divisor in common with their number); the second time round the mailbox gets a 2, and so on.
    """
    everybody, domains = people(), list(DOMAINS)
    chance.shuffle(everybody)
    chance.shuffle(domains)
    pairs = len(everybody) * len(domains)
    step, place = step_through(pairs, chance), chance.randrange(pairs)
    for number in range(count):
        place = (place + step) % pairs
        person, domain = everybody[place // len(domains)], domains[place % len(domains)]
        again = number // pairs
        suffix = str(again + 1) if again else ""
        yield person, f"{person.mailbox}{suffix}@{domain}", "1" if domain == VIP_DOMAIN else "0"


def step_through(length: int, chance: Random) -> int:
    while math.gcd(step := chance.randrange(length // 3, length), length) != 1:
        pass
    return step


def people() -> list[Person]:
    """Everybody whom the words can name, no two with the same mailbox."""
    by_mailbox = {person.mailbox: person for tongue in TONGUES for person in speakers(tongue)}
    return list(by_mailbox.values())


def speakers(tongue: Tongue) -> Iterator[Person]:
    for (first, plain_first), (last, plain_last) in product(spelled(tongue.first), spelled(tongue.last)):
        yield Person(
            tongue.pattern.format(first=first, last=last), f"{plain_first}.{plain_last}", tongue.phone
        )


def spelled(words: str) -> list[tuple[str, str]]:
    """Each word in its own letters and in plain ones."""
    pairs = (word.partition("=") for word in words.split())
    return [(native, romanised or plain(native)) for native, _, romanised in pairs]


def plain(word: str) -> str:
    """`Łącki` as `lacki`: what an e-mail address would be made of."""
    letters = unicodedata.normalize("NFKD", word.lower()).translate(PLAIN_LETTERS)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def filled(pattern: str, chance: Random) -> str:
    """The pattern with a digit for each #."""
    digits = iter(f"{chance.random():.10f}"[2:])
    return "".join([next(digits) if sign == "#" else sign for sign in pattern])
