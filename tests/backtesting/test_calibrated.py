"""Forecasts by scenarios that are calibrated at the cut: the short version of `python -m tests.backtesting --calibrated`."""

import pytest

from sim.backtesting.scores import chance_of_scores, scores_of
from sim.questions.backtest.summary import WHATS
from tests.backtesting.made import YEAR, Made, backtested, percentiles

pytestmark = pytest.mark.jit
FALSE_ALARM = 0.001


def test_percentiles_are_those_of_right_forecasts():
    """By the sum of squared normal scores of five histories: one in a thousand right forecasts fails each."""
    found = percentiles(Made(calibrated=True), range(5))
    for what in WHATS:
        assert chance_of_scores(scores_of(found.pit[what])) > FALSE_ALARM, (what, found.pit[what])
    assert sum(p < 0.01 for p in found.p) <= 1  # two of five at 1 % each: a chance of 0.001


def test_a_recession_in_the_held_out_year_is_clearly_refuted():
    bad = backtested(Made(csms=6, calibrated=True, lost=0.5, cut=YEAR), 1)
    assert bad.calibrated
    assert bad.p < 0.01
    assert bad.cuts[0].row("grr").pit < 0.01
