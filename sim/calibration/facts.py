"""What a history tells besides renewals: what accounts were when they were met, and by how much they shrink and grow."""

from typing import NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.calibration.evidence import Evidence
from sim.calibration.model import KEPT, LARGER, SMALLER, Floats, Places
from sim.calibration.reading import Customer
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.world.scenario import Scenario


class Facts(NamedTuple):
    """All by segment.

    held_term : of the first contract of each account that was there from the start. [account] [month]
    due_month : of its end, from the first of the fiscal year. [account] [month]
    arr       : at the start of it. [account] [usd/yr]
    smaller, larger, grown : sizes of contractions, uplifts and expansions. [share of ARR]
    csms, accounts : who holds the segment, and how many accounts it has.
    """

    held_term: tuple[Places, ...]
    due_month: tuple[Places, ...]
    arr: tuple[Floats, ...]
    smaller: tuple[Floats, ...]
    larger: tuple[Floats, ...]
    grown: tuple[Floats, ...]
    csms: tuple[int, ...]
    accounts: tuple[int, ...]


def make_facts(evidence: Evidence, scenario: Scenario) -> Facts:
    """The facts of what is known."""
    months = _Months(scenario)
    parts = []
    for s in range(len(scenario.segment)):
        mine = [each for each in evidence.customers if each.segment == s]
        there = [each for each in mine if np.isnat(each.joined)]
        own = (evidence.rows.segment == s) & (evidence.rows.kind == KEPT)
        shrunk, grew = (own & (evidence.rows.amount == each) for each in (SMALLER, LARGER))
        parts.append(
            (
                np.array(
                    [each.contracts[0].term for each in there if each.contracts[0].term > 0], dtype=np.int64
                ),
                np.array([months.of(each) for each in there if months.counts(each)], dtype=np.int64),
                np.array([arr for each in there if (arr := _opening(each)) > 0.0]),
                1.0 - evidence.ratio[shrunk],
                evidence.ratio[grew] - 1.0,
                np.array([share for each in mine for share in _grown(each)]),
                len({each.contracts[-1].csm for each in mine}),
                len(mine),
            )
        )
    return Facts(*zip(*parts, strict=True))


class _Months:
    """Months of the fiscal year, or of the year that begins with the scenario, as ``sim.world.origin`` counts them."""

    def __init__(self, scenario: Scenario) -> None:
        lead = 100 * MONTHS_PER_YEAR
        self._calendar = Calendar(scenario.start, 1, lead, lead, 1, scenario.fiscal_year)
        self._before = scenario.calendar.before * scenario.period_months

    def counts(self, customer: Customer) -> bool:
        """Whether its due month is told: contracts of less than a year end in several months."""
        held = customer.contracts[0]
        return not np.isnat(held.due) and not 0 < held.term < MONTHS_PER_YEAR

    def of(self, customer: Customer) -> int:
        """From 0."""
        first, table = self._calendar.table
        day = int((customer.contracts[0].due - np.datetime64(self._calendar.start, "D")).astype(int))
        month = int(table[min(max(day - first, 0), len(table) - 1)]) - self._calendar.lead
        return (month + self._before) % MONTHS_PER_YEAR


def _opening(customer: Customer) -> float:
    """ARR when the account is met: what its first contract has when it ends, less what it grew by. [usd/yr]"""
    held = customer.contracts[0]
    return held.arr - sum(arr for when, arr in customer.growth if _contract_of(customer, when) == 0)


def _grown(customer: Customer) -> list[float]:
    """Each expansion as a share of the ARR before it."""
    parts: dict[int, list[float]] = {}
    for when, arr in customer.growth:
        parts.setdefault(_contract_of(customer, when), []).append(arr)
    found = []
    for which, grown in parts.items():
        held = customer.contracts[which] if which < len(customer.contracts) else None
        level = customer.contracts[which - 1].booked_arr if held is None else held.arr - sum(grown)
        for arr in grown:
            if level > 0.0:
                found.append(arr / level)
            level += arr
    return found


def _contract_of(customer: Customer, when: np.datetime64) -> int:
    """Which contract grows on a day: how many renewals have begun before it."""
    return sum(
        1 for each in customer.contracts if not np.isnat(each.booked) and max(each.due, each.booked) < when
    )
