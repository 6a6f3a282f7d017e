"""The value of a plan by hand."""

import numpy as np
import pytest

from sim.measure.value import Parts, Worth, add_parts, net_value, no_parts, return_on_cost

WORTH = Worth(gross_margin=0.8, lifetime=2.0, early_value=0.05)


def parts(kept, cost):
    full = np.full(4, 1.0)
    return Parts(
        kept=kept * full, due=120 * full, grown=10 * full, early=20 * full, lapse=3 * full, cost=cost * full
    )


def test_net_value_by_hand():
    """0.8 x 2 x (100 + 10) + 0.05 x 20 - 3 - 15 = 159."""
    np.testing.assert_allclose(net_value(parts(100.0, 15.0), WORTH), 159.0)


def test_return_is_what_a_dollar_of_cost_brings():
    assert return_on_cost(parts(100.0, 15.0), parts(90.0, 10.0), WORTH) == pytest.approx(11.0 / 5.0)
    assert (
        return_on_cost(parts(100.0, 9.0), parts(90.0, 10.0), WORTH) is None
    )  # it costs less: no return on cost
    assert return_on_cost(parts(100.0, 10.0), parts(90.0, 10.0), WORTH) is None


def test_books_add_up():
    total = add_parts(add_parts(no_parts(4), parts(1.0, 2.0)), parts(3.0, 4.0))
    np.testing.assert_allclose(total.kept, 4.0)
    np.testing.assert_allclose(total.cost, 6.0)
