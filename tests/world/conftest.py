"""What the tests of the world share."""

import pytest

from tests.rig.inputs.small_scenarios import LAG, make_scenario


@pytest.fixture
def rich():
    """Everything switched on, two terms, win-backs that come inside and after the late window."""
    return make_scenario(
        term_months={"12": 0.7, "24": 0.3},
        churn={"probability": 0.15, "by_term": {"24": 0.1}, "dispersion": 0.1},
        lag=LAG,
        back_dated=0.3,
        contraction={"probability": 0.15, "size": {"low": 0.1, "high": 0.4}},
        uplift={"probability": 0.5, "size": {"mean": 0.06, "sigma": 0.5}},
        win_back=({"days": (20, 60), "probability": 0.1}, {"days": (181, 300), "probability": 0.2}),
        expansion={"events_per_year": 1.2, "size": {"mean": 0.2, "sigma": 0.5}},
        due={"quarter_weights": (0.2, 0.2, 0.2, 0.4), "last_month_share": 0.5},
    )
