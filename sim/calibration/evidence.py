"""Contracts that are known, as the arrays of the likelihood: what each renewal came to, or may still come to."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sim.calendar import Calendar
from sim.calibration.growth import Growing, make_cells
from sim.calibration.model import (
    EITHER,
    KEPT,
    LARGER,
    LOST,
    NOT_DUE,
    SAME,
    SMALLER,
    UNKNOWN,
    Cells,
    Flags,
    Floats,
    Places,
    Rows,
    offsets,
)
from sim.calibration.prior import Seen, bands_of, tiers_of
from sim.calibration.reading import FLAT, Contract, Customer, Known
from sim.world.scenario import Scenario
from sim.world.segment import Segment

NO_LAG: Final = -100_000


class Outcome(NamedTuple):
    """What one contract came to, as ``Rows`` has it. outside : booked on a day that no band and no tier has."""

    kind: int
    low: int = 0
    high: int = 0
    part: float = 0.0
    amount: int = UNKNOWN
    tier: int = -1
    odds: float = 1.0
    outside: bool = False


class Evidence(NamedTuple):
    """What the likelihood reads, and the facts of each contract beside it.

    arr   : up for renewal. [contract] [usd/yr]
    due   : days since 1970; ``NO_LAG`` where there is none. [contract] [day]
    lag   : booking day less due day; ``NO_LAG`` where not booked. [contract] [day]
    ratio : new ARR over old; NaN where not renewed. [contract]
    term, booked_term : 0 where not told. [contract] [month]
    notice : days of notice; ``NO_LAG`` where none is told. [contract] [day]
    outside : bookings that no band and no tier has. [contract]
    """

    rows: Rows
    cells: Cells
    csms: tuple[str, ...]
    customers: tuple[Customer, ...]
    arr: Floats
    due: Places
    lag: Places
    ratio: Floats
    term: Places
    booked_term: Places
    notice: Places
    outside: Flags
    periods: int
    as_of: np.datetime64


def make_evidence(known: Known, scenario: Scenario, groups: Sequence[tuple[int, str]]) -> Evidence:
    """The arrays of what is known. groups : segment and term of each churn probability."""
    customers = tuple(sorted(known.customers, key=lambda each: each.segment))
    listed = _listed_until(known)
    contracts = [(each, contract) for each in customers for contract in _running(each)]
    outcomes = [
        outcome_of(contract, scenario.segment[each.segment], known.as_of, listed)
        for each, contract in contracts
    ]
    when = np.array([contract.due for _, contract in contracts], dtype="datetime64[D]")
    calendar = _wide(scenario, when, known)
    place = _periods(when, calendar)
    first = int(place.min(initial=0))
    csms = tuple(dict.fromkeys(contract.csm for _, contract in contracts))
    number = {csm: index for index, csm in enumerate(csms)}
    group = {each: index for index, each in enumerate(groups)}
    counts = np.array([len(_running(each)) for each in customers], dtype=np.int64)
    segment = np.array([each.segment for each, _ in contracts], dtype=np.int64)
    by_segment = [each.segment for each in customers]
    growing = Growing(customers, counts, calendar, first, known)
    cells, periods = make_cells(growing, place, scenario)
    rows = Rows(
        account=offsets(counts),
        first=np.searchsorted(by_segment, np.arange(len(scenario.segment) + 1)).astype(np.int64),
        segment=segment,
        group=np.array(
            [
                group.get((each.segment, str(contract.term)), group[each.segment, ""])
                for each, contract in contracts
            ],
            dtype=np.int64,
        ),
        csm=np.array([number[contract.csm] for _, contract in contracts], dtype=np.int64),
        period=np.minimum(place - first, periods - 1),
        kind=_column(outcomes, "kind"),
        low=_column(outcomes, "low"),
        high=_column(outcomes, "high"),
        part=np.array([each.part for each in outcomes]),
        amount=_column(outcomes, "amount"),
        tier=_column(outcomes, "tier"),
        waited=_waited(contracts, scenario, known.as_of),
        odds=np.array([each.odds for each in outcomes]),
    )
    return Evidence(
        rows=rows,
        cells=cells,
        csms=csms,
        customers=customers,
        **_facts([each for _, each in contracts], outcomes),
        periods=periods,
        as_of=known.as_of,
    )


def seen_in(evidence: Evidence, segments: int) -> Seen:
    """Whether there is any churn, smaller and larger contract, growth and return in each segment."""
    rows, cells = evidence.rows, evidence.cells
    grows = np.zeros(len(rows.kind))
    np.add.at(grows, cells.contract, cells.events)

    def any_of(which: Flags) -> Flags:
        return np.bincount(rows.segment[which], minlength=segments) > 0

    lost = (rows.kind == LOST) | (rows.kind == EITHER)
    kept = rows.kind == KEPT
    return Seen(
        any_of(lost),
        any_of(kept & (rows.amount == SMALLER)),
        any_of(kept & (rows.amount == LARGER)),
        any_of(grows > 0),
        any_of(rows.tier >= 0),
    )


def outcome_of(contract: Contract, segment: Segment, as_of: np.datetime64, listed: np.datetime64) -> Outcome:
    """What is known of a contract's renewal. listed : until when open renewals are listed: of later ones only those booked
    early would be known, and none is counted.
    """
    if np.isnat(contract.due) or contract.due > listed:
        return Outcome(NOT_DUE)
    if contract.closed:
        return Outcome(LOST)
    if np.isnat(contract.booked):
        return _open(int((as_of - contract.due).astype(int)), segment)
    return _booked(int((contract.booked - contract.due).astype(int)), contract, segment)


def _open(age: int, segment: Segment) -> Outcome:
    """A renewal that is not booked so many days after it was due: lost, or booked later still."""
    bands = bands_of(segment)
    for band, each in enumerate(bands):
        first, last = each.days
        if first <= age:
            part = (last - age) / (last - first + 1) if last > age else 0.0
            return Outcome(LOST) if band == 0 and part == 0.0 else Outcome(EITHER, 0, band, part)
    return Outcome(EITHER, 0, len(bands))


def _booked(lag: int, contract: Contract, segment: Segment) -> Outcome:
    """A renewal that is booked: kept and in a band, or lost and back in a tier; either where both have the day."""
    change = contract.booked_arr / contract.arr - 1.0 if contract.arr > 0.0 else 0.0
    amount = SAME if abs(change) < FLAT else (LARGER if change > 0.0 else SMALLER)
    bands = bands_of(segment)
    tiers = tiers_of(segment)
    band = next(
        (k for k, each in enumerate(bands) if each.days[0] <= lag <= each.days[1] and each.share > 0.0), -1
    )
    tier = next((k for k, each in enumerate(tiers) if each.days[0] <= lag <= each.days[1]), -1)
    if band >= 0 and tier >= 0 and amount == SAME:
        lengths = [each.days[1] - each.days[0] + 1 for each in (bands[band], tiers[tier])]
        return Outcome(EITHER, band, band + 1, 0.0, amount, tier, lengths[0] / lengths[1])
    if band >= 0:
        return Outcome(KEPT, band, band + 1, 0.0, amount)
    if tier >= 0:
        return Outcome(LOST, tier=tier)
    if tiers and lag > max(each.days[1] for each in tiers):
        return Outcome(LOST, outside=True)
    near = min(
        (k for k, each in enumerate(bands) if each.share > 0.0),
        key=lambda k: max(bands[k].days[0] - lag, lag - bands[k].days[1]),
    )
    return Outcome(KEPT, near, near + 1, 0.0, amount, outside=True)


def _running(customer: Customer) -> tuple[Contract, ...]:
    """The contracts of a customer; after the last that is renewed, the one that runs now."""
    last = customer.contracts[-1]
    if np.isnat(last.booked):
        return customer.contracts
    nothing = np.datetime64("NaT", "D")
    return (
        *customer.contracts,
        Contract(last.csm, nothing, nothing, False, nothing, last.booked_arr, 0.0, last.booked_term, 0),
    )


def _listed_until(known: Known) -> np.datetime64:
    """The last day for which renewals that are not booked are listed; the last known one where none is later."""
    last = known.as_of
    for customer in known.customers:
        for each in customer.contracts:
            if np.isnat(each.booked) and not each.closed and each.due > last and len(customer.contracts) > 0:
                last = each.due
    return last


def _wide(scenario: Scenario, when: np.ndarray, known: Known) -> Calendar:
    """The scenario's periods, as far as any date reaches."""
    days = when[~np.isnat(when)]
    dates = np.concatenate([days, [known.as_of]])
    start = np.datetime64(scenario.start, "D")
    shortest = 28 * scenario.period_months
    lead = max(int((start - dates.min()).astype(int)) // shortest + 2, 2)
    tail = max(int((dates.max() - start).astype(int)) // shortest + 2, 1)
    return Calendar(scenario.start, 1, lead, tail, scenario.period_months, scenario.fiscal_year)


def _periods(when: np.ndarray, calendar: Calendar) -> Places:
    """The period of each day; the last where there is no day."""
    first, table = calendar.table
    days = (when - np.datetime64(calendar.start, "D")).astype(np.int64)
    days = np.where(np.isnat(when), first + len(table) - 2, days)
    return np.asarray(table[np.clip(days - first, 0, len(table) - 1)], dtype=np.int64)


def _waited(
    contracts: Sequence[tuple[Customer, Contract]], scenario: Scenario, as_of: np.datetime64
) -> Floats:
    """Share of each tier that lies behind a renewal which has not returned. [contract, tier]"""
    most = max(len(each.win_back) for each in scenario.segment)
    out = np.zeros((len(contracts), most))
    for row, (customer, contract) in enumerate(contracts):
        if np.isnat(contract.due):
            continue
        age = int((as_of - contract.due).astype(int))
        if not np.isnat(contract.booked):
            age = int((contract.booked - contract.due).astype(int))
        tiers = tiers_of(scenario.segment[customer.segment])
        for k, tier in enumerate(tiers):
            first, last = tier.days
            out[row, k] = min(max((age - first + 1) / (last - first + 1), 0.0), 1.0)
    return out


def _facts(contracts: Sequence[Contract], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    due = np.array([each.due for each in contracts], dtype="datetime64[D]")
    booked = np.array([each.booked for each in contracts], dtype="datetime64[D]")
    notice = np.array([each.notice for each in contracts], dtype="datetime64[D]")
    lag = np.where(np.isnat(booked), NO_LAG, (booked - due).astype(np.int64))
    told = np.where(np.isnat(notice), NO_LAG, (due - notice).astype(np.int64))
    arr, after = (np.array([getattr(each, name) for each in contracts]) for name in ("arr", "booked_arr"))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((lag != NO_LAG) & (arr > 0.0), after / arr, np.nan)
    days = np.where(np.isnat(due), NO_LAG, due.astype(np.int64))
    terms = [
        np.array([getattr(each, name) for each in contracts], dtype=np.int64)
        for name in ("term", "booked_term")
    ]
    outside = np.array([each.outside for each in outcomes], dtype=np.bool_)
    return {
        "arr": arr,
        "due": days,
        "lag": lag,
        "ratio": ratio,
        "term": terms[0],
        "booked_term": terms[1],
        "notice": told,
        "outside": outside,
    }


def _column(outcomes: Sequence[Outcome], name: str) -> Places:
    return np.array([getattr(each, name) for each in outcomes], dtype=np.int64)
