"""A statement of one CSM in one world, row for row like the founding tables; of a plan of several components, what each
reached and earned, and what is paid when.

Source of the layout: Compensating Customer Success Managers (founding document), early cases 1 to 6 and late
cases 1 to 5: Renewal Quota; Actual Renewed in Period and Bonus Paid in Period, each with Early, Late and On-Time.
"""

from collections.abc import Collection
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.calendar import Calendar
from sim.plan.nothing_due import WORDS, NothingDue
from sim.plan.plan import Plan
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.rule.earnings import Earned
from sim.plan.settlement import Settlement
from sim.plan.split import split_bonus
from sim.plan.total import tiling, total_attainment
from sim.records import Statement

CENT: Final = 0.005
"""Balances that never exceed this are not shown. [usd]"""


class Row(NamedTuple):
    """One line: amounts [usd], shares, or numbers of another scale (``plain``) by period, and what stands under Total; None
    where there is no such thing.
    """

    label: str
    values: list[float] | list[float | None]
    total: float | None
    decimals: int
    share: bool = False
    plain: bool = False


def founding_rows(statement: Statement, world: int = 0) -> list[Row]:
    """The nine rows of a founding table; the bonus is split pro rata to credit after multipliers. [usd]"""
    bonus = split_bonus(statement)
    renewed = statement.renewed_early + statement.renewed_late + statement.renewed_on_time
    lines = [
        ("Renewal Quota", statement.quota, 0),
        ("Actual Renewed in Period", renewed, 0),
        ("  Early", statement.renewed_early, 0),
        ("  Late", statement.renewed_late, 0),
        ("  On-Time", statement.renewed_on_time, 0),
        ("Bonus Paid in Period", statement.bonus, 1),
        ("  Early", bonus.early, 1),
        ("  Late", bonus.late, 1),
        ("  On-Time", bonus.on_time, 1),
    ]
    return [_row(label, amount[:, world], decimals) for label, amount, decimals in lines]


def attainment_rows(statement: Statement, neutral: Statement | None = None, world: int = 0) -> list[Row]:
    """What stands between amounts and bonus: credit after multipliers [usd] and attainment [share].

    neutral : if every renewal had been booked on its due date.
    """
    rows = [
        _row("Credit after Multipliers", statement.credit[:, world], 0),
        _attainment_row("Attainment (%)", statement, world),
    ]
    if neutral is not None:
        rows.append(_attainment_row("  Timing-Neutral (%)", neutral, world))
    return rows


def _attainment_row(label: str, statement: Statement, world: int) -> Row:
    quota = float(statement.quota[:, world].sum())
    total = float(statement.credit[:, world].sum()) / quota if quota > 0 else None
    return Row(label, statement.attainment[:, world].tolist(), total, 1, share=True)


def component_rows(
    settlement: Settlement, neutral: Settlement | None = None, world: int = 0, counting: Collection[str] = ()
) -> list[Row]:
    """For each component its pay, attainment, and quota and credit where it has some; then what the plan earned and paid,
    and balances that are not empty.

    The total of an attainment is that of the horizon, an em dash where there is none: see ``sim.plan.total``.

    neutral  : if every renewal had been booked on its due date; shown beside what components on renewals have reached.
    counting : components that count events.
    """
    rows = []
    for name, component in settlement.component.items():
        rows.append(_row(name, component.pay[:, world], 1))
        if component.measured is not None and component.target.usd > 0.0:
            rows += _asked_rows(component, events=name in counting, world=world)
            rows.append(attainment_row("  Attainment (%)", component, world))
            if neutral is not None and isinstance(component.reading, RenewalBookings):
                rows.append(attainment_row("  Timing-Neutral (%)", neutral.component[name], world))
    if len(settlement.component) > 1:
        rows.append(_row("Earned", settlement.earned[:, world], 1))
    rows.append(_row("Paid", settlement.paid[:, world], 1))
    for label, balance in (
        ("  Owed at the end", settlement.owed),
        ("  Held back at the end", settlement.held),
        ("  Recoverable at the end", settlement.recoverable),
    ):
        if (abs(balance[:, world]) > CENT).any():
            values = balance[:, world].tolist()
            rows.append(Row(label, values, values[-1], 1))
    return rows


def _asked_rows(earned: Earned, *, events: bool, world: int) -> list[Row]:
    """Quota and credit of each window, and of the horizon; none of a share or a reading, which are held against a target.

    events : counted, and no dollars.
    """
    assert earned.measured is not None, "of a component"
    if earned.reading is None or earned.window is None or not earned.reading.adds_up:
        return []
    tiles = tiling(earned.window)
    return [
        Row(label, values.tolist(), float(values[tiles].sum()), 0, plain=events)
        for label, values in (
            ("  Quota", earned.measured.target[:, world]),
            ("  Credit", earned.measured.value[:, world]),
        )
    ]


def attainment_row(label: str, earned: Earned, world: int = 0) -> Row:
    """What a component has reached. Not of a top-up, which is measured at nothing."""
    assert earned.measured is not None, "of a component"
    reached = earned.measured.attainment[:, world].tolist()
    if earned.measured.skipped is not None:
        skipped = earned.measured.skipped[:, world].tolist()
        reached = [None if out else share for out, share in zip(skipped, reached, strict=True)]
    return Row(label, reached, total_attainment(earned, world), 1, share=True)


def attainments(settlement: Settlement, neutral: Settlement | None, world: int = 0) -> list[Row]:
    """Attainment of a plan of one component, and what it would be if every renewal had been booked on its due date."""
    (name,) = settlement.component
    rows = [attainment_row("Attainment (%)", settlement.component[name], world)]
    if neutral is not None:
        rows.append(attainment_row("  Timing-Neutral (%)", neutral.component[name], world))
    return rows


def exhausted_note(
    statement: Statement, calendar: Calendar, asked: bool, nothing_due: NothingDue = "target", world: int = 0
) -> str:
    """The sentences about periods in which there was nothing to attain.

    asked       : whether the plan's lead component has a quota at all; without one there is nothing to exhaust.
    nothing_due : what it comes to where nothing is asked.
    """
    if not asked:
        return ""
    exhausted, planned = statement.quota_exhausted[:, world], statement.base_quota[:, world] > 0.0
    sentences = []
    if names := _labels(exhausted & planned, calendar):
        sentences.append(f"Quota exhausted in {names}: attainment is 1 + (credit - quota) / base quota.")
    if names := _labels(exhausted & ~planned, calendar):
        sentences.append(f"Nothing was asked in {names}: {WORDS[nothing_due]}.")
    return " ".join(sentences)


def unasked_notes(settlement: Settlement, plan: Plan, calendar: Calendar, world: int = 0) -> str:
    """The sentences about periods in which nothing was asked of components that the statement does not show, and about
    those that left one out.
    """
    sentences = []
    for component in plan.component:
        measured = settlement.component[component.name].measured
        assert measured is not None, "of a component"
        if measured.skipped is not None:
            unasked = measured.skipped[:, world]
        elif component.quota.kind not in ("target", "none"):
            unasked = measured.target[:, world] <= 0.0
        else:
            continue
        shown = component is plan.lead and component.measure == "renewal_bookings"
        if not shown and (names := _labels(unasked, calendar)):
            does = WORDS[component.nothing_due]
            sentences.append(f"Nothing was asked of {component.name} in {names}: {does}.")
    return " ".join(sentences)


def _labels(periods: NDArray[np.bool_], calendar: Calendar) -> str:
    return ", ".join(calendar.label(int(period)) for period in np.flatnonzero(periods))


def _row(label: str, amount: NDArray[np.float64], decimals: int) -> Row:
    return Row(label, amount.tolist(), float(amount.sum()), decimals)
