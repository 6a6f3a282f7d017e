"""What a component was asked and reached, period by period: the rows that stand between what happened and its pay."""

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import numpy as np

from sim.plan.component import Component
from sim.plan.measured import Measured
from sim.plan.reading.renewals import RenewalBookings
from sim.plan.settle import ComponentTerms
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW
from sim.shapes.statement import Row

Unit: TypeAlias = Literal["usd", "share", "number"]
UNITS: Final[dict[str, Unit]] = {"share": "share", "company": "share", "kpi": "number", "events": "number"}
"""By kind of measure; usd where it is not among them."""
MEASURED: Final = {
    "period": "each period by itself",
    "half_year_to_date": "half-year to date, trued up",
    "year_to_date": "year to date, trued up",
    "trailing_half_year": "the last half-year",
    "trailing_year": "the last year",
}
PAID: Final = {
    "every_period": "every period",
    "quarterly": "every quarter",
    "half_yearly": "every half-year",
    "annually": "once a year",
}


def unit_of(component: Component) -> Unit:
    """What its value and target are in."""
    return UNITS.get(component.kind_of_measure.kind, "usd")


def sentence_of(component: Component) -> str:
    """What it measures, over what, and when it is paid."""
    measure = component.kpi or component.team_measure or component.measure
    of = " of all books" if component.team_measure or component.measure == "company_arr_growth" else ""
    weight = f"{component.weight:.15g} of the target bonus" if component.pay_kind == "bonus" else ""
    kind = {"bonus": weight, "commission": "commission", "none": "measured only"}[component.pay_kind]
    window = MEASURED[component.measurement]
    return f"{component.name}: {measure.replace('_', ' ')}{of}, {kind}; {window}; paid {PAID[component.paid]}"


def rows_of(component: Component, terms: ComponentTerms, measured: Measured, sheet: Worksheet) -> list[Row]:
    """Asked, counted and reached; ``measured`` under the plan's rule of what is not due. [one world]"""
    return list(_rows(component, terms, measured, sheet))


def _rows(component: Component, terms: ComponentTerms, measured: Measured, sheet: Worksheet) -> Iterator[Row]:
    unit, single = unit_of(component), terms.window.single and component.quota.over != "year"
    if isinstance(terms.reading, RenewalBookings):
        yield from _renewals(terms.reading, sheet)
    if component.quota.kind != "none":
        asked = {
            "usd": "Quota" if single else "Quota in its window",
            "share": "Target (%)",
            "number": "Target",
        }
        yield _row(asked[unit], measured.target, unit)
    value = {"usd": "Reached", "share": "Reading (%)", "number": "Reading"}[unit]
    yield _row(value if single else f"{value.removesuffix(' (%)')} in its window", measured.value, unit)
    if component.quota.kind != "none":
        reached = _row("Attainment (%)", measured.attainment, "share")
        if measured.skipped is not None:
            out = measured.skipped[:, 0].tolist()
            values = [None if left else share for left, share in zip(out, reached.values, strict=True)]
            reached = reached._replace(values=values)
        yield reached


def _renewals(reading: RenewalBookings, sheet: Worksheet) -> Iterator[Row]:
    """What was asked before and after quota moves, and what counted by side."""
    found = reading.result(sheet)
    if (np.abs(found.base - found.quota) > 0.005).any():
        yield _row("Quota before moves", found.base, "usd")
        yield _row("Quota after moves", found.quota, "usd")
    for words, amounts in (("Counted", found.credit.renewed), ("Credit", found.credit.credit)):
        for side, amount in zip(("early", "late", "on time"), amounts, strict=True):
            if (amount != 0.0).any():
                yield _row(f"  {words} {side}", amount, "usd")


def _row(label: str, amount: FloatPW, unit: Unit) -> Row:
    values = amount[:, 0].tolist()
    total = float(amount.sum()) if label.startswith("  ") else None
    places = {"usd": 0, "share": 1, "number": 2}[unit]
    return Row(label, values, total, places, share=unit == "share", plain=unit == "number")
