"""A plan of several components, period by period: what each reached and earned, and what is paid when."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.plan.reading.renewals import RenewalBookings
from sim.plan.rule.earnings import Earned
from sim.plan.settlement import Settlement
from sim.plan.total import total_attainment
from sim.report.terminal.statement import Row

CENT: Final = 0.005
"""Balances that never exceed this are not shown. [usd]"""


def component_rows(settlement: Settlement, neutral: Settlement | None = None, world: int = 0) -> list[Row]:
    """For each component its pay and attainment; then what the plan earned and paid, and balances that are not empty.

    The total of an attainment is that of the horizon, an em dash where there is none: see ``sim.plan.total``.

    neutral : if every renewal had been booked on its due date; shown beside what components on renewals have reached.
    """
    rows = []
    for name, each in settlement.component.items():
        rows.append(_amounts(name, each.pay[:, world]))
        if each.measured is not None and each.target > 0.0:
            rows.append(attainment_row("  Attainment (%)", each, world))
            if neutral is not None and isinstance(each.reading, RenewalBookings):
                rows.append(attainment_row("  Timing-Neutral (%)", neutral.component[name], world))
    if len(settlement.component) > 1:
        rows.append(_amounts("Earned", settlement.earned[:, world]))
    rows.append(_amounts("Paid", settlement.paid[:, world]))
    for label, balance in (
        ("  Owed at the end", settlement.owed),
        ("  Held back at the end", settlement.held),
        ("  Recoverable at the end", settlement.recoverable),
    ):
        if (abs(balance[:, world]) > CENT).any():
            values = balance[:, world].tolist()
            rows.append(Row(label, values, values[-1], 1))
    return rows


def _amounts(label: str, amount: NDArray[np.float64]) -> Row:
    return Row(label, amount.tolist(), float(amount.sum()), 1)


def attainment_row(label: str, earned: Earned, world: int = 0) -> Row:
    """What a component has reached. Not of a top-up, which is measured at nothing."""
    assert earned.measured is not None, "of a component"
    reached = earned.measured.attainment[:, world].tolist()
    return Row(label, reached, total_attainment(earned, world), 1, share=True)


def attainments(settlement: Settlement, neutral: Settlement | None, world: int = 0) -> list[Row]:
    """Attainment of a plan of one component, and what it would be if every renewal had been booked on its due date."""
    (name,) = settlement.component
    rows = [attainment_row("Attainment (%)", settlement.component[name], world)]
    if neutral is not None:
        rows.append(attainment_row("  Timing-Neutral (%)", neutral.component[name], world))
    return rows
