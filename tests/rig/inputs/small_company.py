"""A company of two segments with everything that a calibration estimates."""

from sim.world.scenario import scenario_of

LAG = (
    {"days": (-90, -1), "share": 0.3},
    {"days": (0, 0), "share": 0.3},
    {"days": (1, 45), "share": 0.25},
    {"days": (46, 120), "share": 0.15},
)


def company(**changes):
    """Eight CSMs with 96 accounts. Keywords are tables of the scenario; ``small`` and ``large``, keys of the segments."""
    common = {
        "lag": LAG,
        "contraction": {"probability": 0.15, "size": {"low": 0.1, "high": 0.5}},
        "uplift": {"probability": 0.5, "size": {"mean": 0.06, "sigma": 0.5}},
        "expansion": {"events_per_year": 0.5, "size": {"mean": 0.2, "sigma": 0.5}},
        "win_back": ({"days": (121, 240), "probability": 0.15},),
        "due": {"quarter_weights": (0.2, 0.25, 0.25, 0.3), "last_month_share": 0.5},
        "term_months": {"12": 0.7, "24": 0.3},
    }
    small = {
        "name": "small",
        "csms": 4,
        "arr": {"mean": 20_000.0, "sigma": 0.6, "accounts": 14},
        "churn": {"probability": 0.25, "by_term": {"24": 0.2}, "dispersion": 0.1},
    }
    large = {
        "name": "large",
        "csms": 4,
        "arr": {"mean": 100_000.0, "sigma": 0.8, "accounts": 10},
        "churn": {"probability": 0.12, "dispersion": 0.08},
    }
    segments = (common | small | changes.pop("small", {}), common | large | changes.pop("large", {}))
    document = {"name": "company", "start": "2026-01-01", "periods": 12, "segment": segments}
    from datetime import date

    document["start"] = date(2026, 1, 1)
    return scenario_of(document | changes, "company.toml")
