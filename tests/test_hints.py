"""A hint names what was meant: the same word in another spelling, or a slip of the finger; never a word that looks alike."""

import pytest

from sim.errors import near_match

MEANT = [
    ("Due Date", "due_date"),
    ("due-date", "due_date"),
    ("CSM", "csm"),
    ("accounts", "account"),
    ("acount", "account"),
    ("booked_dtae", "booked_date"),
    ("expansion_booking", "expansion_bookings"),
    ("wolrds", "worlds"),
    ("probablity", "probability"),
    ("thershhold", "threshold"),
    ("adn", "and"),
]
NOT_MEANT = [
    ("Amount", "account"),
    ("Close Date", "cash_date"),
    ("hire_date", "due_date"),
    ("start_date", "due_date"),
    ("owner", "other"),
    ("day", "pay"),
    ("an", "in"),
    ("region", "version"),
    ("title", "file"),
    ("", "name"),
]


@pytest.mark.parametrize(("word", "meant"), MEANT)
def test_what_is_meant_is_named(word, meant):
    assert near_match(word, ["start", meant, "term_months"]) == f"Did you mean {meant!r}?"


@pytest.mark.parametrize(("word", "alike"), NOT_MEANT)
def test_what_only_looks_alike_is_not_named(word, alike):
    assert near_match(word, [alike, "term_months"]) == ""


def test_of_several_the_nearest_is_named_and_then_the_one_that_begins_alike():
    assert near_match("mid-031", ["mid-001", "mid-030", "mid-011"]) == "Did you mean 'mid-030'?"
