"""What every measure comes to: a value, what was asked of it, and the attainment that pays."""

from typing import NamedTuple, Protocol

import numpy as np

from sim.plan.worksheet import Worksheet
from sim.records import Activity, BoolPW, FloatPW


class Measured(NamedTuple):
    """A measure over the windows that end with each period. All [period, world].

    value      : credit [usd], a share, a number of events, or a reading on the KPI's own scale.
    target     : the same that was asked: quota or target.
    attainment : how far the value went from floor (or nothing) to target. [share]
    skipped    : nothing was asked, and the plan leaves the component out; None where it never does. of bool
    """

    value: FloatPW
    target: FloatPW
    attainment: FloatPW
    skipped: BoolPW | None = None


class Reading(Protocol):
    """A measure of one component, ready to be read. ``key`` spells it out."""

    @property
    def key(self) -> bytes:
        """Readings of the same key have the same result on the same Ledger."""

    @property
    def adds_up(self) -> bool:
        """Whether values and targets of windows that follow one another add up, as credit and quotas do, and shares and
        readings do not.
        """

    def counted(self, sheet: Worksheet) -> FloatPW | None:
        """What each period by itself adds to the value, account by account: credit, dollars or events. None of a share or a
        reading, which is of the whole book. [period, world]
        """

    def paid_on(self, sheet: Worksheet) -> FloatPW | None:
        """What pay of each period is for, account by account, in proportion; None where it is for the whole book, as of a
        share, a reading, or a change that losses are part of. [period, world]
        """

    def read(self, sheet: Worksheet) -> Measured:
        """The measure of the book on the sheet. [period, world]"""

    def unasked(self, sheet: Worksheet) -> BoolPW:
        """Windows in which nothing is asked: no quota, or no customers to keep. [period, world]"""


def activity_of(sheet: Worksheet) -> Activity:
    """What happened in the book.

    Raises: ValueError when the Ledger was filled without it, though ``Plan.reads`` asks for it.
    """
    if sheet.ledger.activity is None:
        raise ValueError("the Ledger has no activity, and this plan reads it")
    return sheet.ledger.activity


def company_of(sheet: Worksheet) -> Activity:
    """What happened in all books together.

    Raises: ValueError when the Ledger was filled without it, though ``Plan.reads`` asks for it.
    """
    if sheet.ledger.company is None:
        raise ValueError("the Ledger has no company activity, and this plan reads it")
    return sheet.ledger.company


def against_target(value: FloatPW, floor: float, target: float) -> Measured:
    """How far a value went from ``floor`` (0) to ``target`` (1); may be negative.

    Source: FlowFuse handbook, Customer Success Commission Structure: bonus = max(0, target bonus x (X - Y) / (G - Y)),
    with achievement X, baseline Y and goal G. The payout curve has the place of max(0, .): below 0 it pays what it
    pays at 0.
    """
    return Measured(value, np.full_like(value, target), (value - floor) / (target - floor))


def ratio(amount: FloatPW, base: FloatPW, otherwise: float) -> FloatPW:
    """``amount / base`` where there is a base, ``otherwise`` where there is none. [period, world]"""
    return np.divide(amount, base, out=np.full_like(base, otherwise), where=base > 0.0)
