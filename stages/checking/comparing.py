"""Puts a failed comparison into words: “expected 2, got 3”."""

import reprlib
from collections.abc import Callable, Collection
from typing import Any

SHOWN = reprlib.Repr()
SHOWN.maxlist = SHOWN.maxtuple = SHOWN.maxset = SHOWN.maxfrozenset = SHOWN.maxdict = 10
SHOWN.maxstring = SHOWN.maxother = SHOWN.maxlong = 120
# Longer texts that differ are cut to where they begin to differ.
LONG, AROUND = 60, 20

RELATIONS: dict[str, Callable[[str, str], str]] = {
    "!=": lambda got, other: f"expected anything but {other}, got just that",
    "<": lambda got, other: f"expected less than {other}, got {got}",
    "<=": lambda got, other: f"expected {other} at most, got {got}",
    ">": lambda got, other: f"expected more than {other}, got {got}",
    ">=": lambda got, other: f"expected {other} at least, got {got}",
    "is": lambda got, other: f"expected {other}, got {got}",
    "is not": lambda got, other: f"expected anything but {other}, got just that",
    "in": lambda got, other: f"expected {got} to be in it, but there was {other}",
    "not in": lambda got, other: f"expected no {got} in it, but there was {other}",
}


def compared(operator: str, got: Any, expected: Any) -> str:
    """The house writes what came on the left and what is expected on the right."""
    if operator == "==":
        return equal(got, expected)
    if operator == "is not" and expected is None:
        return "expected something, got nothing (None)"
    said = RELATIONS.get(operator)
    return (
        said(show(got), show(expected)) if said else f"{show(got)} {operator} {show(expected)} does not hold"
    )


def show(value: Any) -> str:
    """Short, and never the cause of an error of its own."""
    return SHOWN.repr(value) if value is not None else "nothing (None)"


def equal(got: Any, expected: Any) -> str:
    if isinstance(got, str) and isinstance(expected, str):
        return texts(got, expected)
    if isinstance(got, dict) and isinstance(expected, dict):
        return dicts(got, expected)
    said = f"expected {show(expected)}, got {show(got)}"
    if not all(isinstance(value, list | tuple | set | frozenset) for value in (got, expected)):
        return said
    return f"{said}{difference(got, expected)}"


def texts(got: str, expected: str) -> str:
    """Long ones from shortly before the place where they begin to differ."""
    start = 0
    if max(len(got), len(expected)) > LONG:
        same = (n for n, (one, other) in enumerate(zip(got, expected, strict=False)) if one != other)
        start = max(0, next(same, min(len(got), len(expected))) - AROUND)
    place = f" (from character {start + 1} on)" if start else ""
    return f"expected {show(expected[start:])}, got {show(got[start:])}{place}"


def dicts(got: dict[Any, Any], expected: dict[Any, Any]) -> str:
    """Only the entries that differ."""
    names = [
        name
        for name in {**expected, **got}
        if (name in got, got.get(name)) != (name in expected, expected.get(name))
    ]
    wanted = {name: expected[name] for name in names if name in expected}
    came = {name: got[name] for name in names if name in got}
    return f"expected {show(wanted)}, got {show(came)}"


def difference(got: Collection[Any], expected: Collection[Any]) -> str:
    """What is missing and what is too much, where the values are too many to see it at a glance."""
    if max(len(got), len(expected)) <= 3:  # as many as are seen at a glance
        return ""
    parts = {
        "missing": [one for one in expected if one not in got],
        "not expected": [one for one in got if one not in expected],
    }
    told = "; ".join(f"{title}: {listed(values)}" for title, values in parts.items() if values)
    return f"; {told or 'the same ones, in another order or number'}"


def listed(values: list[Any]) -> str:
    return show(values)[1:-1]
