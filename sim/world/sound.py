"""Which of many draws may be no scenario: the rules of a segment and of the dependence between its numbers, on arrays.

A draw that these rules let pass is a scenario; one that they stop is looked at by the scenario's own checks, which decide
and say why. They are therefore a little stricter.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.world.segment import SUM_TOLERANCE, Segment, UniformSize

Numbers: TypeAlias = float | NDArray[np.float64]
Mask: TypeAlias = bool | NDArray[np.bool_]

NEAR = SUM_TOLERANCE / 2.0


def unsound(stack: Any, draws: int) -> NDArray[np.bool_]:
    """The draws in which numbers may not go together. [draw]

    stack : a scenario with arrays [draw] in the place of numbers, each within its own bounds.
    """
    wrong = np.zeros(draws, dtype=np.bool_)
    d = stack.dependence
    wrong |= d.market + d.skill + d.health >= 1.0 - NEAR
    for segment in stack.segment:
        for mask in _of_segment(segment):
            wrong |= mask
    return wrong


def _of_segment(segment: Segment) -> Iterator[Mask]:
    for mix in (segment.term_months, segment.renewed_term_months):
        if mix:
            yield _not_one(mix.values())
    yield _not_one(segment.due.quarter_weights)
    yield _not_one(band.share for band in segment.lag)
    yield segment.contraction.probability + segment.uplift.probability > 1.0 + NEAR
    yield sum((tier.probability for tier in segment.win_back), 0.0) > 1.0 + NEAR
    yield segment.contraction.size.high > 1.0
    for size in (segment.contraction.size, segment.uplift.size):
        if isinstance(size, UniformSize):
            yield size.low > size.high


def _not_one(shares: Iterable[Numbers]) -> Mask:
    total: Numbers = sum(shares, 0.0)
    return np.abs(total - 1.0) > NEAR
