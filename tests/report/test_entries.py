"""What ``--json`` prints of a statement: no residue of sums, and no change above it."""

import pytest

from sim.shapes.entries import tidy


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (-1.8e-12, "0.0"),
        (0.1 + 0.2, "0.3"),
        (12800.000000000002, "12800.0"),
        (-0.0, "0.0"),
        (1e12 + 0.01, "1000000000000.01"),
        (2 / 3, "0.666666666666667"),
        (-2_500.125, "-2500.125"),
    ],
)
def test_residue_of_sums_is_not_printed(value, printed):
    assert repr(tidy(value)) == printed
