"""Modifier: pay on one component times a curve of another one's attainment."""

from functools import cache

import numpy as np
from pydantic import field_validator

from sim.files.toml import Table
from sim.plan.bounds import Text
from sim.plan.curve import CurveTerms, curve_terms, paid
from sim.plan.piece import Piece, covering
from sim.plan.rule.earnings import Earnings, Setting, chosen, with_pay
from sim.plan.worksheet import Worksheet


class Modifier(Table):
    """Multiply the pay of a component by a curve of another component's attainment.

    component : whose pay; all components' where it is left out.
    by        : the component whose attainment is read, in the window that ends with the same period.
    curve     : the multiplier; ``pays`` and ``slope`` as in a payout curve. [usd/usd]

    Source: assumption, the usual clause: "the bonus is multiplied by 0.8 to 1.2 by company performance".
    """

    component: Text | None = None
    by: Text
    curve: tuple[Piece, ...]

    @field_validator("curve")
    @classmethod
    def _covering(cls, curve: tuple[Piece, ...]) -> tuple[Piece, ...]:
        return covering(curve)

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Pay times the multiplier."""
        measured = earnings[self.by].measured
        assert measured is not None, "top-ups are not named in a plan"
        multiplier = paid(_terms(self.curve), measured.attainment, sheet)
        if measured.skipped is not None:
            multiplier = np.where(measured.skipped, 1.0, multiplier)
        names = chosen(self.component, earnings)
        return with_pay(earnings, {name: earnings[name].pay * multiplier for name in names})


@cache
def _terms(curve: tuple[Piece, ...]) -> CurveTerms:
    """Not on the rule itself: rules are compared by all that stands on them, and arrays have no one answer."""
    return curve_terms(curve)
