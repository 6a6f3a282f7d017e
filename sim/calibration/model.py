"""What is known and what is asked, as the arrays that the likelihood reads: contracts, growth and inputs."""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

NOT_DUE, LOST, KEPT, EITHER = 0, 1, 2, 3
"""What is known of a renewal: nothing yet, that it is lost, that it is kept, or that it may be both."""
SMALLER, SAME, LARGER, UNKNOWN = 0, 1, 2, 3
"""What became of the ARR of a kept renewal."""

MARKET, HEALTH, SKILL, HEALTH_PERSISTENCE, TIMING, AMOUNT, EXPANSION, MARKET_PERSISTENCE = range(8)
"""Places of the company's inputs; those of segments follow."""
FARTHEST_CORRELATION: Final = 0.99
LARGEST_PERSISTENCE: Final = 0.999


class Rows(NamedTuple):
    """Contracts, account by account, in order of due dates. Accounts of a segment stand together.

    account   : first contract of each account, and of the one after the last. [account + 1]
    first     : first account of each segment, and of the one after the last. [segment + 1]
    segment   : [contract]
    group     : which churn probability faces it: that of its segment and term. [contract]
    csm, period : who holds it, and in which period it is due. [contract]
    kind      : ``NOT_DUE``, ``LOST``, ``KEPT`` or ``EITHER``. [contract]
    low, high : if it is kept, its booking lies in the bands from ``low`` to before ``high``, latest first. [contract]
    part      : and in this share of the band ``high``. [contract] [share]
    amount    : what became of its ARR, if it is kept. [contract]
    tier      : the tier of win-back in which it returned, if it is lost; -1 where it has not. [contract]
    waited    : share of each tier that lies behind it. [contract, tier] [share]
    odds      : of a day that a tier and a band share, how much likelier in the tier by their lengths. [contract]
    """

    account: Places
    first: Places
    segment: Places
    group: Places
    csm: Places
    period: Places
    kind: Places
    low: Places
    high: Places
    part: Floats
    amount: Places
    tier: Places
    waited: Floats
    odds: Floats


class Cells(NamedTuple):
    """Growth: a cell for each contract and period in which it may have grown. Cells of a contract stand together.

    start    : first cell of each contract, and of the one after the last. [contract + 1]
    contract, period : [cell]
    exposure : part of the period in which it may have grown, and is told. [cell] [share]
    events   : expansions. [cell]
    """

    start: Places
    contract: Places
    period: Places
    exposure: Floats
    events: Floats


class Layout(NamedTuple):
    """Where each input of a segment stands among all inputs; -1 where there is none.

    mean       : a churn probability. [group]
    owner      : segment of each. [group]
    dispersion, smaller, larger, rate : [segment]
    stick      : share of a band in what later bands leave. [segment, band]
    bands      : number of bands. [segment]
    back       : share of a tier in what earlier tiers leave. [segment, tier]
    per_period : periods a year. [1/yr]
    free       : inputs that are estimated. [input]
    """

    mean: Places
    owner: Places
    dispersion: Places
    smaller: Places
    larger: Places
    rate: Places
    stick: Places
    bands: Places
    back: Places
    per_period: float
    free: Flags


class Believed(NamedTuple):
    """Normal prior of the inputs on their scales: means, and the inverse of their covariance. [input], [input, input]"""

    mean: Floats
    precision: Floats


class Terms(NamedTuple):
    """What is known of each contract as a sum of chances: that it is lost, and of up to two codes if it is kept.

    leaves : whether it may be lost. [contract]
    code   : of ``sim.calibration.told``. [contract, 2]
    weight : of each. [contract, 2] [share]
    """

    leaves: Flags
    code: Places
    weight: Floats


def offsets(counts: Places) -> Places:
    """Where each of several runs begins, and where the last ends."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts, dtype=np.int64)])
