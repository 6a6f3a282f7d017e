"""Explaining one book of a study of role sets."""

import pytest

from sim.errors import InputError
from sim.explain.explain import explain
from sim.study.load import load
from sim.study.run import run
from tests.rig.inputs.roles import LEAVING, SCENARIO, TEAM, write_roles

pytestmark = pytest.mark.jit  # whole runs

MIXED = (
    TEAM.replace("company-growth", "mixed").replace("weight = 0.4", "weight = 0.2")
    + """
[[component]]
name = "renewals"
weight = 0.2
quota = { kind = "retention", rate = 0.9 }
"""
)


def test_a_plan_that_reads_more_than_renewals_is_explained_as_it_was_run(tmp_path):
    """CSMs of a role set, whose seats can be vacant: their statements add up to what the run paid."""
    study = load(write_roles(tmp_path / "roles", scenario=SCENARIO + LEAVING, team=MIXED))
    totals = run(study, worlds=64).totals
    paid = sum(explain(study, "mixed", 5, str(csm)).statement.bonus[:, 0] for csm in range(7))
    assert paid == pytest.approx(totals.variable[3, :, 5])


def test_plans_that_cannot_be_told_deal_by_deal(tmp_path):
    study = load(write_roles(tmp_path / "roles"))
    sentences = []
    for plan in ("company-growth", "override"):
        with pytest.raises(InputError) as caught:
            explain(study, plan, 0, "0")
        sentences.append(str(caught.value))
    assert sentences == [
        (
            "--plan must be a plan with a component on renewal_bookings, received 'company-growth'. "
            "Deal by deal there is nothing else to tell."
        ),
        "--plan must be one of ['bonus', 'company-growth'], received 'override'.",
    ]
