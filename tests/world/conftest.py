"""Small scenarios for the tests of the world."""

from pathlib import Path

import pytest

from sim.files.toml import check
from sim.world.scenario import Scenario

LAG = (
    {"days": (-180, -91), "share": 0.05},
    {"days": (-90, -31), "share": 0.15},
    {"days": (-30, 0), "share": 0.6},
    {"days": (1, 30), "share": 0.12},
    {"days": (31, 90), "share": 0.05},
    {"days": (91, 180), "share": 0.03},
)


def make_scenario(dependence=None, market=None, book=None, periods=8, start=None, **segment):
    """A one-segment scenario; keywords are keys of the segment."""
    from datetime import date

    law = {"name": "all", "csms": 3, "arr": {"mean": 50_000.0, "sigma": 0.8, "accounts": 12}}
    law |= {"churn": {"probability": 0.12}, **segment}
    document = {"name": "test", "start": start or date(2026, 1, 1), "periods": periods, "segment": (law,)}
    document |= {"dependence": dependence or {}, "market": market or {}, "book": book or {}}
    return check(Scenario, document, "test.toml")


INDEPENDENT = {"market": 0.0, "skill": 0.0, "health": 0.0, "timing": 0.0, "amount": 0.0, "expansion": 0.0}


@pytest.fixture
def rich():
    """Everything switched on, two terms, win-backs that come inside and after the late window."""
    return make_scenario(
        term_months={"12": 0.7, "24": 0.3},
        churn={"probability": 0.15, "by_term": {"24": 0.1}, "dispersion": 0.1},
        lag=LAG,
        contraction={"probability": 0.15, "size": {"low": 0.1, "high": 0.4}},
        uplift={"probability": 0.5, "size": {"mean": 0.06, "sigma": 0.5}},
        win_back=({"days": (20, 60), "probability": 0.1}, {"days": (181, 300), "probability": 0.2}),
        expansion={"events_per_year": 1.2, "size": {"mean": 0.2, "sigma": 0.5}},
        due={"quarter_weights": (0.2, 0.2, 0.2, 0.4), "last_month_share": 0.5},
    )


def configs() -> Path:
    return Path(__file__).parents[2] / "configs"
