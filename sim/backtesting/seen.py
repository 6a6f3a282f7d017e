"""What a history tells, on a day, of market and skills: every renewal of which is known how it ended."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.backtesting.survivors import MOST_TOLD, after, apart
from sim.calendar import Calendar
from sim.replay.chains import USUAL_TERM, Chain, Due, chains_of
from sim.replay.history_files import HistoryFiles
from sim.replay.in_force import NEVER_BOOKED
from sim.replay.open_contracts import segments_of
from sim.world.evidence import Evidence, amounts_of, odds_of, seen_of
from sim.world.opened import NOTHING
from sim.world.scenario import Scenario
from sim.world.segment import LONGEST_TERM, Segment
from sim.world.streams import FIRST_PERIOD


class Ended(NamedTuple):
    """A renewal of which is known how it ended. period : in which it was due; of the horizon from 0, below before it."""

    evidence: Evidence
    csm: str
    period: int


def ended_before(known: HistoryFiles, scenario: Scenario, calendar: Calendar) -> tuple[Ended, ...]:
    """The renewals that were booked before the first day of a calendar, those booked ahead among them, or were lost by then:
    on record, followed by another contract, or not booked in any band of the scenario. Who holds the deal answers for it.

    known    : the history as it was known on that day.
    scenario : without draws; accounts that have renewed before leave more rarely (``sim.backtesting.survivors``).
    """
    counts = {segment.name: set(range(MOST_TOLD + 1)) for segment in scenario.segment}
    parts = {segment.name: segment for segment in apart(scenario, counts).segment}
    only = scenario.segment[0].name if len(scenario.segment) == 1 else ""
    after_last = calendar.span - calendar.lead
    edges = [calendar.first_day(number) for number in range(-FIRST_PERIOD, after_last + 1)]
    bounds, segments = np.array(edges, dtype="datetime64[D]"), segments_of(known)
    told = _Told(known)
    found = []
    for chain in chains_of(known.deals):
        name = segments.get(chain.account, "") or only
        if name not in counts:
            continue
        for own, renewals, lag, ratio in told.of_chain(chain, parts[name], calendar.start):
            period = int(np.searchsorted(bounds, np.datetime64(own.due), side="right")) - 1 - FIRST_PERIOD
            if -FIRST_PERIOD + calendar.lead <= period < after_last:
                months = min(told.term(own), LONGEST_TERM)
                evidence = told.evidence(parts[after(name, min(renewals, MOST_TOLD))], months, lag, ratio)
                found.append(Ended(evidence, known.deals.csm[own.entries[0]], period))
    return tuple(found)


class _Told:
    """Reads renewals off a history; those of one kind are worked out once."""

    def __init__(self, known: HistoryFiles) -> None:
        self._deals = known.deals
        self._lost, self._back_dated = set(known.deals.at_zero), set(known.deals.back_dated)
        self._kinds: dict[tuple[str, int, int | None, int], Evidence] = {}

    def of_chain(
        self, chain: Chain, segment: Segment, day: date
    ) -> Iterator[tuple[Due, int, int | None, float]]:
        """Each renewal whose end is known: renewals before it, days from due to booking (None where it is lost), and the ARR
        booked over the ARR due.
        """
        renewals = 0
        for place, own in enumerate(chain.dues):
            booked = own.signed < NEVER_BOOKED
            late = (day - own.due).days > segment.latest_lag or (
                own.due < day and place + 1 < len(chain.dues)
            )
            if booked:
                lag = (own.signed - own.due).days
                lag = min(lag, 0) if self._back_dated & set(own.entries) else lag
                arr, now = (
                    sum(float(column[entry]) for entry in own.entries)
                    for column in (self._deals.arr, self._deals.booked_arr)
                )
                yield own, renewals, lag, now / arr if arr > 0.0 else 1.0
            elif late or self._lost & set(own.entries):
                yield own, renewals, None, 1.0
            renewals += booked

    def term(self, own: Due) -> int:
        """Of the contract that ends; the usual one where no file tells. [month]"""
        held = self._deals.term_held
        return (0 if held is None else int(held[own.entries[0]])) or USUAL_TERM

    def evidence(self, segment: Segment, months: int, lag: int | None, ratio: float) -> Evidence:
        """What it says."""
        change = 0 if abs(ratio - 1.0) <= 1e-6 else 1 if ratio > 1.0 else -1
        key = (segment.name, months, lag, change)
        if key not in self._kinds:
            seen = seen_of(segment, lag, 1.0 + change / 2.0)
            odds = odds_of(segment, (months,), np.nan)
            self._kinds[key] = Evidence(odds, 0, (), seen, NOTHING, NOTHING, amounts_of(segment))
        return self._kinds[key]
