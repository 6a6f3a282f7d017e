"""A quota that ratchets takes pay back: the closed form, and plans that do not."""

import pytest


@pytest.mark.parametrize(("ratchet", "left"), [(0.25, 0.75**7), (0.5, 0.5**7)])
def test_what_is_left_of_a_dollar_over_eight_quarters(faults, ratchet, left):
    """100 above 600 pay 3.33; of a small dollar (1 - lambda)^7 is left. A sixth of a quota is not small: within 8 %."""
    (fault,) = faults(quota={"kind": "fixed", "amount": 600_000.0, "ratchet": ratchet}).ratchet
    assert fault.number == pytest.approx(20_000 / 6 * (1 - left), rel=0.08)
    assert fault.severity == "major"
    assert fault.clause == "component[0].quota.ratchet"
    assert "$100,000 above quota" in fault.short


def test_a_ratchet_that_only_goes_down_takes_nothing_from_who_is_above(names):
    assert "ratchet" not in names(
        quota={"kind": "fixed", "amount": 600_000.0, "ratchet": 0.0, "ratchet_down": 0.5}
    )
    assert "ratchet" not in names()
