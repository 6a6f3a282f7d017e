"""Whether what does not fit is told, and what fits is not."""

import numpy as np
import pytest

from sim.calibration.checks import UNLIKELY, _check
from sim.calibration.model import KEPT, LOST
from sim.calibration.quarters import rates
from sim.calibration.replicas import World, settled


def chance_of(found, evidence, what):
    """The chance of a statistic of the company's first segment, or of the company."""
    rng = np.random.default_rng(3)
    for each in rates(evidence, found.prior, found.believed.groups, found.draws, rng):
        if what in (each.input, each.what):
            return _check(each.input, each.what, each.observed, each.drawn, each.renewals, each.square).p
    raise AssertionError(what)


def with_lost(found, which):
    """The same history in which exactly those of the settled renewals are lost."""
    evidence = found.evidence
    kind, known = evidence.rows.kind.copy(), settled(evidence, found.prior)
    kind[known] = np.where(which[known], LOST, KEPT)
    return evidence._replace(rows=evidence.rows._replace(kind=kind))


def test_a_history_of_the_model_itself_fits(found):
    assert found.summary.misfits == ()
    assert {"dependence.skill", "segment.large.uplift.probability"} <= {
        each.input for each in found.summary.checks
    }


def test_everybody_leaving_in_every_other_quarter_does_not_fit(found):
    odd = with_lost(found, found.evidence.rows.period % 2 == 1)
    assert chance_of(found, odd, "segment.small.churn.probability") < UNLIKELY


def test_a_csm_who_loses_everybody_while_others_lose_nobody_does_not_fit(found):
    odd = with_lost(found, found.evidence.rows.csm < 3)
    assert chance_of(found, odd, "dependence.skill") < UNLIKELY


@pytest.mark.parametrize("seed", range(3))
def test_drawings_have_the_rates_that_they_are_drawn_by(found, seed):
    """Churn, late bookings and growth of one draw, over 60 drawings without what is shared: five standard errors."""
    evidence, which = found.evidence, settled(found.evidence, found.prior)
    values = {path: float(each[seed]) for path, each in found.draws.items()}
    values |= {f"dependence.{key}": 0.0 for key in ("market", "skill", "health", "timing", "amount")}
    world, rng = World(evidence, found.prior, found.believed.groups), np.random.default_rng(seed)
    drawn = [world.draw(values, which, rng) for _ in range(60)]
    own = (evidence.rows.segment == 1)[which]
    lost = np.array([each.lost[own].mean() for each in drawn])
    kept = np.array([(~each.lost[own]).sum() for each in drawn])
    grown = np.array([(each.ratio[own] > 1.0).sum() for each in drawn])
    late = np.array([each.late[own].sum() for each in drawn])
    at = "segment.large"
    for some, of, truth in (
        (lost, np.ones(60), values[f"{at}.churn.probability"]),
        (grown, kept, values[f"{at}.uplift.probability"]),
        (late, kept, values[f"{at}.lag[2].share"] + values[f"{at}.lag[3].share"]),
    ):
        assert some.sum() / of.sum() == pytest.approx(truth, abs=5.0 * np.std(some / of) / np.sqrt(60))
