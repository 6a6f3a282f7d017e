"""The normal distribution for likelihoods, in double precision: shares from a table, quantiles from a rational function."""

import math
from typing import Final

import numpy as np

from sim.kernel import leaf, stage

FARTHEST: Final = 9.0
CELLS: Final = 18_432
PER_UNIT: Final = CELLS / (2.0 * FARTHEST)
SHARES: Final = np.array(
    [0.5 * math.erfc(-x / math.sqrt(2.0)) for x in np.linspace(-FARTHEST, FARTHEST, CELLS + 1)]
)
SMALLEST: Final = 1e-300

A: Final = (3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125)
A2: Final = (45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727)
B: Final = (1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077)
B2: Final = (21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610)
C: Final = (1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504)
C2: Final = (
    1.27045825245236838258,
    0.241780725177450611770,
    0.0227238449892691845833,
    7.74545014278341407640e-4,
)
D: Final = (1.0, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550)
D2: Final = (
    0.148103976427480074590,
    0.0151986665636164571966,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9,
)
E: Final = (6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230)
E2: Final = (
    0.0265321895265761230930,
    0.00124266094738807843860,
    2.71155556874348757815e-5,
    2.01033439929228813265e-7,
)
F: Final = (1.0, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525)
F2: Final = (
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15,
)


@leaf
def share_below(x: float) -> float:
    """The share of a standard normal below ``x``. Relative error below 5e-6 down to -6; beyond 9 all is alike, and what is
    no number counts as far below, or a place outside the table would be read.
    """
    inside = x if x > -FARTHEST else -FARTHEST
    at = (min(inside, FARTHEST) + FARTHEST) * PER_UNIT
    cell = min(int(at), CELLS - 1)
    low: float = SHARES[cell]
    high: float = SHARES[cell + 1]
    return low + (at - cell) * (high - low)


@stage
def score_at(share: float) -> float:
    """The standard normal value below which ``share`` lies. Relative error about 1e-15.

    Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution" (1988), PPND16.
    """
    q = share - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        above = _seventh(r, A, A2)
        return q * above / _seventh(r, B, B2)
    tail = max(min(share, 1.0 - share), SMALLEST)
    r = math.sqrt(-math.log(tail))
    if r <= 5.0:
        value = _seventh(r - 1.6, C, C2) / _seventh(r - 1.6, D, D2)
    else:
        value = _seventh(r - 5.0, E, E2) / _seventh(r - 5.0, F, F2)
    return -value if q < 0.0 else value


@leaf
def _seventh(
    x: float, low: tuple[float, float, float, float], high: tuple[float, float, float, float]
) -> float:
    """A polynomial of degree seven by its coefficients, lowest first."""
    upper = ((high[3] * x + high[2]) * x + high[1]) * x + high[0]
    return (((upper * x + low[3]) * x + low[2]) * x + low[1]) * x + low[0]
