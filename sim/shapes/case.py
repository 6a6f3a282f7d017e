"""A replayed case: one CSM's statement under one plan as plain numbers, from which a spreadsheet works out the rest."""

from typing import Final, NamedTuple

from sim.plan.split import split_bonus
from sim.records import Statement

CENT: Final = 0.005
"""What differs by less is rounding. [usd]"""
OTHER: Final = "  Other components and rules"
SIDES: Final = {"early": "  Early", "late": "  Late", "on_time": "  On-Time"}


class Case(NamedTuple):
    """One CSM's table under one plan. All by period. [usd], attainment [share]"""

    plan: str
    title: str
    csm: str
    quota: list[float]
    renewed: dict[str, list[float]]
    credit: list[float]
    attainment: list[float]
    paid: dict[str, list[float]]


def case_of(plan: str, title: str, csm: str, statement: Statement, world: int = 0) -> Case:
    """The numbers of one table."""
    bonus = split_bonus(statement)
    renewed = {
        label: getattr(statement, f"renewed_{side}")[:, world].tolist() for side, label in SIDES.items()
    }
    paid = {label: getattr(bonus, side)[:, world].tolist() for side, label in SIDES.items()}
    parts = [sum(each) for each in zip(*paid.values(), strict=True)]
    rest = [whole - part for whole, part in zip(statement.bonus[:, world].tolist(), parts, strict=True)]
    if any(abs(each) > CENT for each in rest):
        paid[OTHER] = rest
    amounts = (each[:, world].tolist() for each in (statement.quota, statement.credit, statement.attainment))
    quota, credit, attainment = amounts
    return Case(plan, title, csm, quota, renewed, credit, attainment, paid)
