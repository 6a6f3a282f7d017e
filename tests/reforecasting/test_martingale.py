"""Forecasts of made years are a martingale: the short version of `python -m tests.martingale`."""

import numpy as np
import pytest
from scipy.stats import norm

from tests.martingale.years import forecast, foretold, narrower, steps, study_of, uniform

YEARS, FALSE_ALARMS = 16, 1e-4
"""Of all tests together."""


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    study = study_of(tmp_path_factory.mktemp("made"), csms=2, accounts=12, worlds=128)
    return forecast(study, range(YEARS), days=(0, 120, 240))


@pytest.mark.jit
def test_no_step_has_a_mean_and_none_is_foretold(years):
    z, t, p = steps(years), foretold(years), uniform(years, bins=4)
    each = FALSE_ALARMS / (z.size + t.size + p.size)
    assert np.abs(z).max() < norm.isf(each / 2)
    assert np.abs(t).max() < norm.isf(each / 2) * 1.6  # Student's t of 14 degrees of freedom
    assert p.min() > each


@pytest.mark.jit
def test_forecasts_narrow(years):
    assert narrower(years).min() >= 0.95
    assert (years.width[:, -1] < years.width[:, -2]).mean() > 0.8
