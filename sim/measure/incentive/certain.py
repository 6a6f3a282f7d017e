"""What uncertain pay is worth for certain to someone who minds risk: exponential utility, which no tail can dominate."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_EXPONENT: Final = 600.0
"""Larger exponents would overflow: pay so far below all pay seen counts as that far below. [1]"""


class Worth(NamedTuple):
    """How one payee values pay over the horizon.

    aversion : absolute risk aversion, relative risk aversion over yearly earnings at target; 0 for none. [1/usd]
    level    : pay that exponents are taken from. [usd]
    mean     : E[exp(-aversion (pay - level))]. [1]
    """

    aversion: float
    level: float
    mean: float

    @property
    def certain(self) -> float:
        """The certain pay that is as good: -log E[exp(-a W)] / a, the mean where risk does not matter. [usd]"""
        return self.level - float(np.log(self.mean)) / self.aversion if self.aversion else self.level

    def utility(self, pay: Floats) -> Floats:
        """Utility in usd: a small change of its mean is the change of ``certain``. [usd]"""
        if not self.aversion:
            return pay
        return -_exponential(pay, self.aversion, self.level) / (self.aversion * self.mean)


def worth_of(pay: Floats, aversion: float) -> Worth:
    """How pay is valued that is distributed as in these worlds. pay : [world] [usd]

    Source: Pratt (1964), "Risk aversion in the small and in the large", Econometrica 32: exponential utility, whose
    premium is a / 2 x variance for small risks, and whose certain pay adds up over independent years.
    """
    if not aversion:
        return Worth(0.0, float(pay.mean()), 1.0)
    level = float(pay.min())
    return Worth(aversion, level, float(_exponential(pay, aversion, level).mean()))


def certain_by_world(pay: Floats, aversion: float | Floats, years: float) -> Floats:
    """What each world adds to a CSM's certain pay of a year, whose estimate is their mean over worlds, mean over books.
    [world] [usd/yr]

    pay      : of each book over the horizon, [book, world] [usd]
    aversion : absolute, of all or of each of them. [1/usd]

    Source: influence function of the certain pay (delta method), so that its error is that of a mean.
    """
    found = np.zeros(pay.shape[1])
    for book, minds in zip(pay, np.broadcast_to(aversion, len(pay)).tolist(), strict=True):
        worth = worth_of(book, minds)
        utility = worth.utility(book)
        found += worth.certain + utility - utility.mean()
    return found / (len(pay) * years)


def _exponential(pay: Floats, aversion: float, level: float) -> Floats:
    grown: Floats = np.exp(np.minimum(-aversion * (pay - level), MOST_EXPONENT))
    return grown
