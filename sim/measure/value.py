"""What the company gets: margin on ARR kept and grown, less lapses, discounts and pay, against a reference plan."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.estimate import mean_of

Floats = NDArray[np.float64]


class Parts(NamedTuple):
    """What value is made of, company totals over the horizon. All [world].

    kept  : ARR of the renewals due in the horizon that were booked, at their new size. [usd/yr]
    due   : ARR of those renewals before. [usd/yr]
    grown : in-term expansion. [usd/yr]
    early : of the kept, booked in an earlier period than due. [usd/yr]
    lapse : revenue not recognised between due day and a late booking. [usd]
    cost  : pay of all CSMs with on-costs. [usd]
    """

    kept: Floats
    due: Floats
    grown: Floats
    early: Floats
    lapse: Floats
    cost: Floats


class Worth(NamedTuple):
    """What a part is worth. gross_margin [share]; lifetime [yr]; early_value, lapse_loss [usd/usd]."""

    gross_margin: float
    lifetime: float
    early_value: float
    lapse_loss: float = 1.0


def no_parts(worlds: int) -> Parts:
    """Nothing yet."""
    return Parts(*(np.zeros(worlds) for _ in Parts._fields))


def add_parts(one: Parts, other: Parts) -> Parts:
    """Two sets of books together."""
    return Parts(*(a + b for a, b in zip(one, other, strict=True)))


def gross_value(parts: Parts, worth: Worth) -> Floats:
    """Value before pay: margin on what is kept and grown for its lifetime, early signatures, less lapses. [world] [usd]

    Source: METHOD.md, net value.
    """
    arr = parts.kept + parts.grown
    margin = worth.gross_margin * worth.lifetime * arr
    return margin + worth.early_value * parts.early - worth.lapse_loss * parts.lapse


def net_value(parts: Parts, worth: Worth) -> Floats:
    """Value less pay. [world] [usd]"""
    return gross_value(parts, worth) - parts.cost


def return_on_cost(parts: Parts, reference: Parts, worth: Worth) -> float | None:
    """Net value gained per usd of cost added; None where cost is not told apart from the reference's, or lower.

    Source: return on investment, (gain - cost) / cost of what is added.
    """
    cost = mean_of(parts.cost - reference.cost)
    if cost.ci95[0] <= 0.0:
        return None
    return float((net_value(parts, worth) - net_value(reference, worth)).mean()) / cost.mean
