"""Run a study: blocks of worlds on threads, every plan on the same worlds, the same bits for any split of the
work.
"""

import os
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from threading import Event
from typing import Final, NamedTuple

from sim.errors import InputError, Problem
from sim.ledger import Frame, fill_ledger, make_frame
from sim.measure.moments import TILE
from sim.measure.pay import PayMarks, add_book, new_tally
from sim.measure.retention import add_book_retention, new_retention_tally
from sim.plan.settle import Terms, settle_each, terms
from sim.study.marks import marks_of
from sim.study.results import Result
from sim.study.study import Study
from sim.study.totals import Block, Totals, block_of
from sim.world.world import World

WORLDS_IN_BLOCK: Final = 512
BLOCK_BYTES: Final = 128 * 1024 * 1024
"""Pay by plan, CSM and world is held for one block; blocks shrink to keep it below this. [byte]"""
MOST_BOOKS: Final = 2_000_000
"""Plans x CSMs whose pay is held for the smallest block. [count]"""
MOST_THREADS: Final = 1024

Progress = Callable[[int, int], None]
"""Called with the number of worlds done and of all worlds, from the thread that called ``run``."""


class Setting(NamedTuple):
    """What every block needs: the worlds, and the plans as arrays.

    marks : target bonus and cap of each plan. [usd]
    dates : the credit dates that some plan reads.
    """

    world: World
    frame: Frame
    terms: tuple[Terms, ...]
    marks: tuple[PayMarks, ...]
    dates: tuple[str, ...]
    stop: Event


def run(
    study: Study,
    *,
    threads: int | None = None,
    worlds: int | None = None,
    seed: int | None = None,
    block: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Simulate the worlds of a study once, and settle every plan on them.

    threads : number of threads; all processors by default. No result depends on it, nor on ``block``.
    block   : worlds simulated in one piece, a multiple of 64. [world]
    worlds, seed : instead of the study's own.

    Raises: InputError when one of the arguments is out of bounds.
    """
    study = study.altered(seed=seed, worlds=worlds)
    threads = _threads(threads)
    setting = prepare(study)
    size = _block(block, study, len(setting.world.book.csms), threads)
    totals = Totals(len(study.plans), study.scenario.periods, len(setting.world.book.csms), study.worlds)
    # One small block first: numba compiles here, once, and not in every thread of the pool.
    simulate(setting, range(1), 0, TILE)
    with closing(_blocks(setting, study.worlds, size, threads)) as blocks:
        for each in blocks:
            totals.add(each)
            if progress is not None:
                progress(each.first + each.variable.shape[2], study.worlds)
    return Result(study, setting.world.book, totals)


def prepare(study: Study) -> Setting:
    """Draw the book and turn the plans into arrays.

    Raises: InputError when the scenario's book cannot be used, or has too many CSMs for so many plans.
    """
    plans = study.plans
    world = World(study.scenario, study.seed)
    csms = len(world.book.csms)
    if csms * len(plans) > MOST_BOOKS:
        allowed = f"at most {MOST_BOOKS // csms:,} plans for {csms:,} CSMs"
        raise InputError([Problem(f"{study.path}: plans", allowed, str(len(plans)))])
    frame = frame_of(study)
    return Setting(
        world=world,
        frame=frame,
        terms=tuple(terms(plan, frame) for plan in plans),
        marks=tuple(marks_of(plan, study.scenario.calendar) for plan in plans),
        dates=tuple(sorted({plan.ledger_date for plan in plans})),
        stop=Event(),
    )


def frame_of(study: Study) -> Frame:
    """The cells that tell apart every plan of the study, as far as the scenario's bookings reach."""
    scenario, plans = study.scenario, study.plans
    late_edges = [plan.late_edges for plan in plans]
    billing = scenario.billing
    return make_frame(
        scenario.calendar,
        [plan.early_edges for plan in plans],
        late_edges,
        earliest=max(0, *(-band.days[0] for segment in scenario.segment for band in segment.lag)),
        latest=max(day for days in late_edges for day in days) + billing.invoice_days + billing.payment_days,
        credit_dates=[plan.credit_date for plan in plans],
    )


def simulate(setting: Setting, csms: range, first: int, worlds: int) -> Block:
    """Simulate ``worlds`` worlds from ``first`` on, book by book, and settle every plan on each book."""
    calendar = setting.frame.calendar
    tallies = [new_tally(calendar.periods, len(csms), worlds) for _ in setting.terms]
    retention = new_retention_tally(calendar.periods, worlds)
    last_day = int(calendar.bounds[calendar.lead + calendar.periods])
    for csm in csms:
        if setting.stop.is_set():
            break
        renewals, bridge = setting.world.simulate(csm, first, worlds, setting.dates)
        ledger = fill_ledger(renewals, setting.frame, setting.dates)
        add_book_retention(renewals, bridge, last_day, retention)
        statements = settle_each(setting.terms, ledger)
        for statement, marks, tally in zip(statements, setting.marks, tallies, strict=True):
            add_book(csm, statement, marks, tally)
    return block_of(first, tallies, retention)


def _blocks(setting: Setting, worlds: int, size: int, threads: int) -> Generator[Block, None, None]:
    """All blocks, in order; a few more than there are threads are under way at a time."""
    csms = range(len(setting.world.book.csms))
    pending: deque[Future[Block]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for first in range(0, worlds, size):
                if len(pending) > threads:
                    yield pending.popleft().result()
                pending.append(pool.submit(simulate, setting, csms, first, min(size, worlds - first)))
            while pending:
                yield pending.popleft().result()
        finally:
            # After an error or Ctrl-C: threads leave at their next book instead of finishing their blocks.
            setting.stop.set()
            pool.shutdown(cancel_futures=True)


def _threads(threads: int | None) -> int:
    if threads is None:
        return min(os.cpu_count() or 1, MOST_THREADS)
    if not 1 <= threads <= MOST_THREADS:
        raise InputError([Problem("--threads", f"between 1 and {MOST_THREADS}", str(threads))])
    return threads


def _block(block: int | None, study: Study, csms: int, threads: int) -> int:
    """Worlds in a block: as told, or so that every thread has work and memory stays small."""
    if block is not None:
        if block < TILE or block % TILE:
            raise InputError([Problem("--block", f"a positive multiple of {TILE}", str(block))])
        return block
    fitting = BLOCK_BYTES // (8 * csms * len(study.plans))
    even = -(-study.worlds // threads)
    return max(TILE, min(WORLDS_IN_BLOCK, fitting, even + TILE - 1) // TILE * TILE)
