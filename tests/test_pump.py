"""What the founding two quarters hide: relief that is pulled forward every quarter pays more than target for ever."""

import pytest

from tests.rig.inputs.deals import Deal, eight_quarters, in_quarter, settled, shipped

QUOTA = 600_000


def pulled(calendar, pull):
    """600 due in every quarter; of each quarter after the first, ``pull(period)`` is booked one quarter early."""
    deals = []
    for period in range(calendar.periods):
        due, early = in_quarter(calendar, period), pull(period) if period else 0
        deals.append(Deal(due, due, QUOTA - early))
        if early:
            deals.append(Deal(due, in_quarter(calendar, period - 1), early))
    return deals


@pytest.mark.parametrize(("early", "attainment"), [(100_000, 1.2), (200_000, 1.5), (300_000, 2.0)])
def test_pulling_the_same_amount_every_quarter_settles_above_target(early, attainment):
    """At 1 + e / (600 - e): each quarter swaps e due for e of the next, under a quota that is e lower."""
    calendar = eight_quarters()
    statement = settled(shipped("founding/early-4"), calendar, pulled(calendar, lambda period: early))
    assert attainment == pytest.approx(1 + early / (QUOTA - early))
    assert statement.attainment[0, 0] == pytest.approx((QUOTA + early) / QUOTA)
    assert statement.attainment[1:-1, 0] == pytest.approx(attainment)
    assert statement.attainment[-1, 0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("plan", "steady", "paid"),
    [("founding/early-4-provision-adjusted", 1.5, 230.0), ("founding/early-4-provision", 2.0, 290.0)],
)
def test_the_provision_slows_the_pump_and_does_not_stop_it(plan, steady, paid):
    """Of everything pulled, the cap k = 0.5 grants k x its base: pay settles at 1 + k or 1 / (1 - k) x target."""
    calendar = eight_quarters()
    statement = settled(shipped(plan), calendar, pulled(calendar, lambda period: QUOTA))
    # The base of the adjusted cap swings towards its limit (600, 300, 450, ...); attainment does not.
    assert statement.attainment[1:-1, 0] == pytest.approx(steady)
    assert statement.bonus.sum() / 1_000 == pytest.approx(paid)
    assert settled(shipped(plan), calendar, pulled(calendar, lambda _: 0)).bonus.sum() == pytest.approx(
        160_000
    )
