"""Gate: no pay on one component unless another reaches a level."""

import numpy as np

from sim.files.toml import Table
from sim.plan.bounds import Multiple, Text
from sim.plan.curve import SNAP
from sim.plan.rule.earnings import Earnings, Setting, chosen, with_pay
from sim.plan.worksheet import Worksheet


class Gate(Table):
    """No pay on a component unless another one reaches an attainment.

    component  : whose pay; all components' where it is left out.
    requires   : the component that must reach it, in the window that ends with the same period.
    attainment : the least that opens the gate. [share]

    Source: assumption, the usual clause: "no bonus on expansion unless renewals reach 90 %".
    """

    component: Text | None = None
    requires: Text
    attainment: Multiple

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Pay where the gate is open. Of a window to date, all that it has earned is paid once the gate opens."""
        measured = earnings[self.requires].measured
        assert measured is not None, "top-ups are not named in a plan"
        is_open = measured.attainment >= self.attainment * (1.0 - SNAP)
        if measured.skipped is not None:
            is_open = is_open | measured.skipped
        names = chosen(self.component, earnings)
        return with_pay(earnings, {name: np.where(is_open, earnings[name].pay, 0.0) for name in names})
