"""What of a spread is not known and what is luck: Var(X) = Var(E[X | draw]) + E[Var(X | draw)]; and which inputs it is.

World w lives on one of the draws of what is not known. With two worlds a draw or more, the parts are those of one-way random
effects; with fewer, the part that a straight line in the inputs explains, and what is not straight counts as luck.

Source: law of total variance; ANOVA estimates of unbalanced random effects, Searle, Casella and McCulloch, Variance
Components (1992), section 3.6; their jackknife over draws, Efron and Stein (1981), Annals of Statistics 9(3); adjusted R^2,
Ezekiel (1930), and its variance, Olkin and Finn (1995), Psychological Bulletin 118(1), with what is left of it at none.
"""

from math import sqrt
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from sim.measure.estimate import MISS, Floats
from sim.records import IntP

Method: TypeAlias = Literal["worlds of a draw", "line in the inputs"]
WORLDS_A_DRAW: Final[Method] = "worlds of a draw"
LINE: Final[Method] = "line in the inputs"

FEWEST_DRAWS: Final = 10
"""Below so many draws nothing is told of how much they differ."""
WORLDS_AN_INPUT: Final = 5
"""Worlds that each free direction of the inputs needs, for a line through them to tell something (assumption)."""
SAME: Final = 1e-9
"""Directions that hold no more than this part of the largest are the sum of others, such as shares of one whole."""


class Spread(NamedTuple):
    """The variance of a quantity and its parts, in its unit squared; ``unknown`` may come out below zero by chance.

    share, share_se : of ``unknown`` in the whole, and its standard error.
    draws           : that the worlds live on.
    """

    total: float
    unknown: float
    luck: float
    share: float
    share_se: float
    draws: int
    method: Method


class Effect(NamedTuple):
    """By how much the mean moves as one input goes from its P5 to its P95, and the others with it as the draws have them;
    ``told`` where the 95 % interval, held against as many inputs as there are, leaves out zero.
    """

    change: float
    se: float
    told: bool


def spread_of(values: Floats, draw: IntP, inputs: Floats) -> Spread | None:
    """The parts of the variance of ``values`` [world]; None where there are too few draws or worlds, or nothing varies.

    draw   : that each world lives on. [world]
    inputs : [draw, input]
    """
    used, place, count = np.unique(draw, return_inverse=True, return_counts=True)
    if len(used) < FEWEST_DRAWS or not float(np.var(values)) > 0.0:
        return None
    if int(count.min()) >= 2:
        return _of_groups(values, place, count)
    return _of_line(values, inputs[draw], len(used))


def _of_groups(values: Floats, place: IntP, count: IntP) -> Spread | None:
    n = count.astype(np.float64)
    centred = values - np.mean(values)
    sums = np.bincount(place, weights=centred)
    within = np.bincount(place, weights=(centred - (sums / n)[place]) ** 2)
    groups = len(n)

    def parts(k: float, sums_over: list[Floats]) -> Floats:
        """Variance between and within draws: of k draws, from sums over them."""
        total, squares, s, between, w = sums_over
        luck = w / (total - k)
        usual = (total - squares / total) / (k - 1.0)
        return np.stack([((between - s**2 / total) / (k - 1.0) - luck) / usual, luck])

    one = [n, n**2, sums, sums**2 / n, within]
    whole = [np.asarray(each.sum()) for each in one]
    unknown, luck = parts(float(groups), whole).tolist()
    rest = parts(groups - 1.0, [all_of - each for all_of, each in zip(whole, one, strict=True)])
    without = rest[0] / rest.sum(axis=0)
    total = unknown + luck
    if not total > 0.0:
        return None
    error = sqrt((groups - 1.0) / groups * float(np.sum((without - np.mean(without)) ** 2)))
    return Spread(total, unknown, luck, unknown / total, error, groups, WORLDS_A_DRAW)


def _of_line(values: Floats, inputs: Floats, draws: int) -> Spread | None:
    count = len(values)
    apart = inputs - np.mean(inputs, axis=0)
    scale = np.std(apart, axis=0)
    moving = scale > SAME * np.maximum(np.abs(np.mean(inputs, axis=0)), SAME)
    if not moving.any():
        return None
    directions, size, _ = np.linalg.svd(apart[:, moving] / scale[moving], full_matrices=False)
    free = int((size > SAME * size[0]).sum())
    if count < WORLDS_AN_INPUT * (free + 1):
        return None
    centred = values - np.mean(values)
    total = float(np.sum(centred**2))
    explained = float(np.sum((directions[:, :free].T @ centred) ** 2)) / total
    share = 1.0 - (1.0 - explained) * (count - 1.0) / (count - free - 1.0)
    true = max(share, 0.0)
    error = sqrt(
        4.0 * true * (1.0 - true) ** 2 * (count - free - 1.0) ** 2 / ((count**2 - 1.0) * (count + 3.0))
        + 2.0 * free / count**2 * (1.0 - true) ** 2
    )
    variance = total / (count - 1.0)
    return Spread(variance, share * variance, (1.0 - share) * variance, share, error, draws, LINE)


def effects_of(values: Floats, draw: IntP, inputs: Floats) -> list[Effect | None]:
    """Of each input what it moves the mean of ``values`` [world] by; None where draws do not differ in it, or are too few.

    A straight line through the means of the draws, input by input: the slope is that of E[X | input], all other inputs
    moving as they do in the draws. Its error allows for draws that scatter differently.

    inputs : [draw, input]

    Source: regression; White (1980), Econometrica 48(4), with the correction for few draws of MacKinnon and White (1985).
    """
    from scipy.special import stdtrit

    used, place, count = np.unique(draw, return_inverse=True, return_counts=True)
    n, known = count.astype(np.float64), inputs[used]
    low, high = np.quantile(inputs, [0.05, 0.95], axis=0)
    if len(used) < FEWEST_DRAWS:
        return [None] * inputs.shape[1]
    means = np.bincount(place, weights=values) / n
    x = known - np.average(known, axis=0, weights=n)
    y = means - np.average(means, weights=n)
    power = (n[:, None] * x**2).sum(axis=0)
    moving = (high > low) & (np.std(known, axis=0) > SAME * np.maximum(np.abs(known.mean(axis=0)), SAME))
    safe = np.where(moving, power, 1.0)
    slope = (n[:, None] * x * y[:, None]).sum(axis=0) / safe
    left = y[:, None] - slope * x
    leverage = 1.0 / len(used) + n[:, None] * x**2 / safe
    pull = (n[:, None] * x * left / np.maximum(1.0 - leverage, 0.1)) ** 2
    error = np.sqrt(pull.sum(axis=0)) / safe
    change, se = slope * (high - low), error * (high - low)
    reach = float(stdtrit(len(used) - 2.0, 1.0 - MISS / 2.0 / max(int(moving.sum()), 1)))
    told = np.abs(change) > reach * se
    rows = zip(change.tolist(), se.tolist(), told.tolist(), moving.tolist(), strict=True)
    return [Effect(by, error, sure) if moves else None for by, error, sure, moves in rows]
