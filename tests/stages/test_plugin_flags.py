"""The curriculum's pytest plugin: which milestones a test starts with."""

import pytest

from stages.catalog import UnknownMilestoneError, catalog
from stages.features import is_active


# --- The flags --------------------------------------------------------------------------------------------------------
def slugs_on() -> set[str]:
    return {milestone.slug for milestone in catalog().switchable if milestones_flag(milestone.slug)}


def milestones_flag(slug: str) -> bool:
    return catalog().get(slug).planned is False and is_active(slug)


def flags_on(milestones) -> set[str]:
    """The stored flags, whatever the profile makes of them."""
    return {milestone.slug for milestone in catalog().switchable if milestones.row(milestone.slug).everyone}


def test_a_file_without_a_number_starts_with_everything_on(milestones):
    assert flags_on(milestones) == {milestone.slug for milestone in catalog().switchable}


@pytest.mark.parametrize(
    "slug, required",
    [
        ("client-crud", set()),
        ("client-validation", {"client-crud"}),
        ("orders", {"client-crud"}),
        ("csv-export", {"client-crud", "orders", "order-totals"}),
        ("api-permissions", {"client-crud", "orders", "read-only-api"}),
        ("live-orders", {"client-crud", "login-required", "orders"}),
    ],
)
def test_own_is_the_milestone_and_what_it_requires_and_off_is_the_same_without_it(milestones, slug, required):
    milestones.for_file(catalog().get(slug), "own")
    assert flags_on(milestones) == {slug} | required

    milestones.for_file(catalog().get(slug), "off")
    assert flags_on(milestones) == required


def test_all_is_everything_for_every_file(milestones):
    milestones.only()
    milestones.for_file(catalog().get("client-crud"), "all")

    assert flags_on(milestones) == {milestone.slug for milestone in catalog().switchable}


def test_a_test_switches_for_itself(milestones):
    milestones.only("orders")
    assert slugs_on() <= {"client-crud", "orders"}
    assert flags_on(milestones) == {"client-crud", "orders"}

    milestones.off("orders")
    assert flags_on(milestones) == {"client-crud"}

    milestones.on("order-totals")
    assert flags_on(milestones) == {"client-crud", "orders", "order-totals"}


@pytest.mark.parametrize("switch", ["on", "off", "only", "row"])
def test_a_misspelt_milestone_is_an_error_and_no_silence(milestones, switch):
    with pytest.raises(UnknownMilestoneError, match="client-crud"):
        getattr(milestones, switch)("client-crut")


def test_what_a_switch_has_changed_is_seen_at_once(milestones):
    milestones.off("client-crud")
    assert is_active("client-crud") is False
    assert is_active("search-pagination") is False

    milestones.on("search-pagination")
    assert is_active("client-crud") is True
    assert is_active("search-pagination") is True


@pytest.mark.django_db(transaction=True)
def test_flags_are_there_again_after_a_test_with_real_transactions(milestones):
    """The tables are emptied after this one; whichever test comes next finds its flags all the same."""
    milestones.only()
    assert flags_on(milestones) == set()
