"""A block of worlds, simulated piece by piece and settled whole: renewals stay in the cache, and plans get long rows.

A piece has the worlds whose renewals fit the cache of a processor; settling has little memory per world and a fixed
price per call, so it wants more of them. Worlds depend on their number only, so no result depends on the pieces.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from sim.cohort import cohorts_side_by_side
from sim.frame import Frame
from sim.ledger import count_renewals, no_counts
from sim.measure.retention import RetentionTally, add_book_retention
from sim.records import Activity, CohortTerms, FloatPW, Ledger
from sim.world.world import World

WORLDS_IN_PIECE: Final = 512


def open_book(
    world: World,
    csm: int,
    first: int,
    worlds: int,
    frame: Frame,
    amounts: tuple[str, ...],
    dates: tuple[str, ...],
    activity: bool,
    kpis: bool,
    cohorts: tuple[CohortTerms, ...],
    retention: RetentionTally,
) -> Ledger:
    """The Ledger of one book in ``worlds`` worlds from ``first`` on; what became of its renewals is added to ``retention``.

    amounts, dates : names of the amounts that some plan reads, and their credit dates.
    activity, kpis : whether some plan reads more of a book than its bookings, and its KPIs.
    cohorts        : the accounts that some plan follows.
    """
    counts, activities = no_counts(frame, amounts, worlds), []
    last_day = frame.calendar.end
    for start in range(0, worlds, WORLDS_IN_PIECE):
        piece = (csm, first + start, min(WORLDS_IN_PIECE, worlds - start), dates)
        if activity:
            renewals, bridge, found = world.simulate_all(*piece, kpis, cohorts)
            activities.append(found)
        else:
            renewals, bridge = world.simulate(*piece)
        add_book_retention(renewals, bridge, last_day, retention, start)
        count_renewals(renewals, frame, start, counts)
    return counts.ledger._replace(activity=side_by_side(activities) if activities else None)


def open_activity(
    world: World, csm: int, first: int, worlds: int, cohorts: tuple[CohortTerms, ...]
) -> Activity:
    """The activity of one book alone, without KPIs."""
    starts = range(first, first + worlds, WORLDS_IN_PIECE)
    pieces = ((csm, start, min(WORLDS_IN_PIECE, first + worlds - start)) for start in starts)
    return side_by_side([world.simulate_all(*piece, cohorts=cohorts)[2] for piece in pieces])


def side_by_side(pieces: Sequence[Activity]) -> Activity:
    """One activity of the worlds of all pieces, in order."""
    if len(pieces) == 1:
        return pieces[0]
    return Activity(
        _joined([each.opening for each in pieces]),
        {event: _joined_by_name([each.flow[event] for each in pieces]) for event in pieces[0].flow},
        _joined_by_name([each.number for each in pieces]),
        _joined([each.multi_year for each in pieces]),
        _joined_by_name([each.kpi for each in pieces]),
        _joined([each.seat for each in pieces]),
        _joined([each.tenure for each in pieces]),
        cohorts_side_by_side([each.cohort for each in pieces]),
    )


def _joined(pieces: Sequence[FloatPW]) -> FloatPW:
    return np.concatenate(pieces, axis=-1)


def _joined_by_name(pieces: Sequence[Mapping[str, FloatPW]]) -> dict[str, FloatPW]:
    return {name: _joined([each[name] for each in pieces]) for name in pieces[0]}
