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


def test_every_role_is_explained_by_its_payees(tmp_path):
    """Managers by territory, or by one of their CSMs; plans without renewals by their accounts and books."""
    study = load(write_roles(tmp_path / "roles"))
    totals = run(study, worlds=64).totals
    names = [role.plan.name for role_set in study.sets for role in role_set.roles]
    for place, (name, payees) in enumerate(zip(names, (7, 7, 3, 7, 3), strict=True)):
        if names.index(name) == place:
            told = [explain(study, name, 5, str(payee)) for payee in range(payees)]
            paid = sum(each.statement.bonus[:, 0] for each in told)
            assert paid == pytest.approx(totals.variable[place, :, 5])
    by_csm = explain(study, "override", 5, "smb-001")
    assert by_csm.csm == "smb-001..smb-003"
    assert by_csm.statement.bonus.tolist() == explain(study, "override", 5, "0").statement.bonus.tolist()


def test_whom_a_role_does_not_have_is_said(tmp_path):
    study = load(write_roles(tmp_path / "roles"))
    with pytest.raises(InputError) as caught:
        explain(study, "overide", 0, "smb-009")
    first, second = str(caught.value).splitlines()
    assert first.endswith("received 'overide'. Did you mean 'override'?")
    assert second.startswith("--csm must be a CSM of the book")
    with pytest.raises(InputError, match="one book"):
        explain(study, "override", 0, "0", gamed=True)
