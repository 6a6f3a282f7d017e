"""Amounts to the cent, as they are paid, and parts that still add up to them."""

from collections.abc import Sequence
from math import copysign, floor
from typing import Final

RESIDUE: Final = 1e-6
"""An amount this close below half a cent is half a cent: what is missing is residue of float64 sums. [cent]"""
SAME: Final = (1e-8, 1e-13)
"""An amount this close to a whole cent is that cent: [usd], or of the amount. [share]"""


def to_cent(amount: float) -> float:
    """The amount rounded to the cent, half a cent away from zero. [usd]

    >>> to_cent(23_333.335), to_cent(-0.004), to_cent(12_800.000000000002)
    (23333.34, 0.0, 12800.0)
    """
    cents = floor(100.0 * abs(amount) + 0.5 + RESIDUE)
    return copysign(cents / 100.0, amount) if cents else 0.0


def without_dust(amount: float) -> float:
    """A sum of whole cents as the cent that it is; what is no whole cent, such as a third of a target, as it is. [usd]"""
    cent = to_cent(amount)
    return cent if abs(amount - cent) < max(SAME[0], SAME[1] * abs(amount)) else amount


def apportioned(parts: Sequence[float], whole: float) -> list[float]:
    """Parts to the cent that add up to ``whole``, a whole number of cents: each rounded down, and the cents that are left
    over given to those that lost most. [usd]

    Source: largest remainder (Hamilton's method).

    >>> apportioned([1 / 3, 1 / 3, 1 / 3], 1.0)
    [0.34, 0.33, 0.33]
    """
    exact = [100.0 * part for part in parts]
    cents = [floor(part + RESIDUE) for part in exact]
    left = round(100.0 * whole) - sum(cents)
    order = sorted(range(len(parts)), key=lambda at: cents[at] - exact[at])
    for turn in range(abs(left)):
        at = order[turn % len(order)] if left > 0 else order[-1 - turn % len(order)]
        cents[at] += 1 if left > 0 else -1
    return [cent / 100.0 for cent in cents]
