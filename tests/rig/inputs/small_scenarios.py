"""Small scenarios for the tests of the world."""

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

    law = {"name": "all"}
    if not (book or {}).get("file"):
        law |= {"csms": 3, "arr": {"mean": 50_000.0, "sigma": 0.8, "accounts": 12}}
    law |= {"churn": {"probability": 0.12}, **segment}
    document = {"name": "test", "start": start or date(2026, 1, 1), "periods": periods, "segment": (law,)}
    document |= {"dependence": dependence or {}, "market": market or {}, "book": book or {}}
    return check(Scenario, document, "test.toml")


INDEPENDENT = {"market": 0.0, "skill": 0.0, "health": 0.0, "timing": 0.0, "amount": 0.0, "expansion": 0.0}
