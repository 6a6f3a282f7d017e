"""A block of worlds, simulated chunk by chunk and settled whole: renewals stay in the cache, and plans get long rows.

A chunk has the worlds whose renewals fit the cache of a processor; settling has little memory per world and a fixed
price per call, so it wants more of them. Worlds depend on their number only, so no result depends on the chunks.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from sim.cohort import cohorts_side_by_side
from sim.deal_sums import deals_side_by_side
from sim.engine.pool import spans
from sim.engine.setting import Setting
from sim.ledger import count_renewals, no_counts
from sim.measure.retention import RetentionTally, add_book_retention
from sim.records import Activity, CohortTerms, FloatPW, Ledger
from sim.world.world import World

WORLDS_IN_CHUNK: Final = 512


def open_book(
    setting: Setting,
    world: World,
    csm: int,
    first: int,
    worlds: int,
    retention: RetentionTally | None = None,
    also: tuple[CohortTerms, ...] = (),
) -> Ledger:
    """The Ledger of one book in ``worlds`` worlds from ``first`` on, with all that some plan of the setting reads but the
    company's activity.

    retention : what became of its renewals is added to it.
    also      : cohorts that are followed beside those of the setting.
    """
    frame, cohorts = setting.frame, tuple(dict.fromkeys([*setting.cohorts, *also]))
    counts, activities = no_counts(frame, setting.amounts, worlds), []
    last_day = frame.calendar.end
    for start, count in spans(worlds, WORLDS_IN_CHUNK):
        chunk = (csm, first + start, count, setting.dates)
        if setting.needs_activity:
            renewals, bridge, activity = world.simulate_all(*chunk, setting.kpis, cohorts, setting.deals)
            activities.append(activity)
        else:
            renewals, bridge = world.simulate(*chunk)
        if retention is not None:
            add_book_retention(renewals, bridge, last_day, retention, start)
        count_renewals(renewals, frame, start, counts)
    agreed = world.persons.of(world.book, csm)
    return counts.ledger._replace(activity=side_by_side(activities) if activities else None, agreed=agreed)


def open_activity(
    world: World, csm: int, first: int, worlds: int, cohorts: tuple[CohortTerms, ...]
) -> Activity:
    """The activity of one book alone, without KPIs."""
    return side_by_side(
        [
            world.simulate_all(csm, first + start, count, cohorts=cohorts)[2]
            for start, count in spans(worlds, WORLDS_IN_CHUNK)
        ]
    )


def side_by_side(chunks: Sequence[Activity]) -> Activity:
    """One activity of the worlds of all chunks, in order."""
    if len(chunks) == 1:
        return chunks[0]
    return Activity(
        _joined([chunk.opening for chunk in chunks]),
        {event: _joined_by_name([chunk.flow[event] for chunk in chunks]) for event in chunks[0].flow},
        _joined_by_name([chunk.number for chunk in chunks]),
        _joined([chunk.multi_year for chunk in chunks]),
        _joined_by_name([chunk.kpi for chunk in chunks]),
        _joined([chunk.seat for chunk in chunks]),
        _joined([chunk.tenure for chunk in chunks]),
        cohorts_side_by_side([chunk.cohort for chunk in chunks]),
        deals_side_by_side([chunk.deals for chunk in chunks]),
    )


def _joined(chunks: Sequence[FloatPW]) -> FloatPW:
    return np.concatenate(chunks, axis=-1)


def _joined_by_name(chunks: Sequence[Mapping[str, FloatPW]]) -> dict[str, FloatPW]:
    return {name: _joined([chunk[name] for chunk in chunks]) for name in chunks[0]}
