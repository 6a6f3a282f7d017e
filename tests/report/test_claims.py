"""Every key that a run writes into a plan's entry belongs to one question, whose model reads it back as it is."""

import pytest

from sim.questions.registry import QUESTIONS
from sim.summary.summary import part_of

pytestmark = pytest.mark.jit


def sections_of(question):
    """What a question writes into a plan's entry."""
    fields = (field for part in question.of_plan for field in part.model_fields.items())
    return {field.alias or name for name, field in fields}


ASKED = [each for each in QUESTIONS if each.name in ("gaming", "incentive", "response")]


@pytest.mark.parametrize("question", ASKED, ids=lambda each: each.name)
def test_what_is_written_is_what_is_read(asked, question):
    sections = sections_of(question)
    for entry in asked["plans"].values():
        written = {key: value for key, value in entry.items() if key in sections}
        assert written
        (part,) = question.of_plan
        assert part_of(part, entry).document() == written


def test_sections_of_what_a_study_may_ask_are_claimed(asked, document):
    """What a plan's entry has more where everything is asked."""
    more = set().union(*asked["plans"].values()) - set().union(*document["plans"].values())
    assert more >= {"split", "exposure", "leak", "incentive", "response", "card"}
    assert more <= set().union(*map(sections_of, QUESTIONS))
