"""Pay for performance: the coarse density against the fine histogram's values, and curves read point by point."""

import numpy as np
import pytest

from sim.measure.histogram import BINS, count_values
from sim.plan.component import Component
from sim.plan.plan import Plan
from sim.questions.cost.performance import density, performance

ATTAINMENTS = np.array([[0.0, 0.02, 0.0499, 0.05, 0.95, 0.999, 1.0, 1.0, 1.04, 1.06, 1.99, 2.0, 2.5, 40.0]])


def histogram(values):
    counts, shifted = np.zeros(BINS, dtype=np.int64), np.empty(values.shape[1])
    count_values(values, 1.0, shifted.view(np.int64), shifted, counts)
    return counts


def test_density_counts_attainments_by_hand():
    found = density(histogram(ATTAINMENTS))
    assert len(found) == 41
    assert sum(found) == pytest.approx(1.0)
    count = {at: round(part * ATTAINMENTS.size) for at, part in enumerate(found) if part}
    # 0.0499 and 0.999 lie within a fine bin (1 + x) / 2,048 of the edge above: they may count there.
    assert count[0] + count.get(1, 0) == 4
    assert count[19] + count[20] == 5
    assert count[21] == 1
    assert count[39] == 1
    assert count[40] == 3


def test_whole_target_counts_as_reached():
    assert density(histogram(np.array([[1.0, 1.0]])))[20] == 1.0


def plan_of(**component):
    return Plan.model_validate(
        {
            "name": "plan",
            "pay": {"target_bonus": 10_000},
            "component": ({"quota": {"kind": "retention", "rate": 0.9}, **component},),
        }
    )


def test_the_curve_is_its_corners():
    steps = (
        {"attainment": "[0, 0.9)", "pays": 0.0},
        {"attainment": "[0.9, 1]", "pays": 0.5, "slope": 2.0},
        {"attainment": "(1, inf)", "pays": 1.5},
    )
    found = performance(plan_of(curve=steps), histogram(ATTAINMENTS)).curve
    wanted = [[0, 0], [0.9, 0], [0.9, 0.5], [1.0, 0.7], [1.0, 1.5], [2.0, 1.5]]
    assert np.allclose(found, wanted, atol=1e-5)


def test_plans_of_several_parts_have_a_density_and_no_curve():
    several = plan_of(measurement="year_to_date") if "measurement" in Component.model_fields else plan_of()
    assert performance(several, histogram(ATTAINMENTS)).curve is None
