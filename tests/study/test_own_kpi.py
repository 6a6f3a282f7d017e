"""A study whose plan pays on a KPI of the company's own: with a scale it runs, without one it is refused."""

import pytest

import sim
from sim.errors import InputError
from tests.rig.inputs.small_study import SCENARIO

PLAN = {
    "name": "csat",
    "pay": {"target_bonus": 10_000.0, "base_salary": 80_000.0},
    "component": [
        {"measure": "kpi", "kpi": "csat", "quota": {"kind": "target", "floor": 3.0, "target": 4.5}},
    ],
}
SCALE = "\n[kpi.own.csat]\ncorrelation = 0.5\nscale = [1.0, 3.5, 4.2, 4.6, 5.0]\n"


def study(tmp_path, scenario):
    path = tmp_path / "scenario.toml"
    path.write_text(scenario)
    return sim.Study(str(path), [PLAN], worlds=16)


def test_it_is_paid(tmp_path):
    """Where every account reads 4.5 everyone is at target: 3 CSMs, 4 x 10,000 and 80,000 each, 10 % on cost."""
    flat = SCALE.replace("[1.0, 3.5, 4.2, 4.6, 5.0]", "[4.5, 4.5]")
    worlds = sim.run(study(tmp_path, SCENARIO + flat)).worlds
    assert worlds.groupby("world")["cost"].sum().tolist() == pytest.approx([1.1 * 3 * 120_000] * 16)


def test_without_a_scale_it_is_refused(tmp_path):
    with pytest.raises(InputError) as error:
        study(tmp_path, SCENARIO)
    assert (
        "component[0].kpi must be a KPI that the scenario has a scale for, received 'csat'. "
        "Add [kpi.own.csat] with its correlation with health and its scale to the scenario."
    ) in str(error.value)


def test_a_name_that_is_taken_is_refused(tmp_path):
    with pytest.raises(InputError) as error:
        study(tmp_path, SCENARIO + SCALE.replace("csat", "nps"))
    assert "kpi.own must be a name of one's own, received 'nps'. That KPI is there already." in str(
        error.value
    )
