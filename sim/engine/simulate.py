"""Blocks of worlds: simulated book by book, every plan settled on them, added up in order, whoever simulates them."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from threading import Event
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.chunks import open_activity, open_book
from sim.engine.payroll import Group, PayRole, Payroll, Piece
from sim.engine.pool import Workers, spans
from sim.engine.setting import Setting
from sim.engine.territories import add_activities
from sim.engine.totals import Block, Shape, Totals, block_of
from sim.measure.moments import TILE
from sim.measure.pay import Tally, new_tally
from sim.measure.retention import RetentionTally, new_retention_tally
from sim.measure.seats import SeatTally, new_seat_tally
from sim.records import Activity, CohortTerms, Ledger
from sim.world.world import World

WORLDS_IN_BLOCK: Final = 2048
FEW_WORLDS_IN_BLOCK: Final = 256
"""Where several settings of few worlds share a pool."""
BLOCK_BYTES: Final = 128 * 1024 * 1024
"""Pay by plan, CSM and world is held for one block; blocks shrink to keep it below this. [byte]"""

HELD_BYTES: Final = 128 * 1024 * 1024
"""Books of a block that are held until the company is known, where some plan reads it; else it has two passes. [byte]"""

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called with the number of worlds done and of all worlds, from the thread that called."""


def totals_of(
    setting: Setting,
    worlds: int,
    workers: Workers,
    block: int | None = None,
    progress: Progress | None = None,
    offset: int = 0,
) -> Totals:
    """The totals of all worlds of one setting. No result depends on ``workers`` or ``block``.

    block : worlds simulated in one piece, a multiple of 64. [world]
    offset : number of the first world.
    """
    size = block or block_size(setting, worlds, workers.count)
    totals, stop = Totals(setting.shape, worlds, offset), Event()
    stoppable = setting._replace(stop=stop)
    tasks = aligned(setting, worlds, size)
    with closing(workers.in_order(_simulated, (stoppable, offset), tasks, stop, small=_small)) as blocks:
        for block_totals in blocks:
            totals.add(block_totals)
            if progress is not None:
                progress(block_totals.first + block_totals.variable.shape[2], worlds)
    return totals


def totals_of_each(
    settings: Iterable[Setting], worlds: int, workers: Workers, progress: Callable[[], None] | None = None
) -> Generator[Totals, None, None]:
    """The totals of several settings, in order, their blocks on one pool; ``settings`` are drawn as they are needed.

    progress : called whenever one is complete.
    """
    stop = Event()

    def tasks() -> Iterator[tuple[Setting, int, int]]:
        for setting in settings:
            size = block_size(setting, worlds, 1, FEW_WORLDS_IN_BLOCK)
            stoppable = setting._replace(stop=stop)
            yield from ((stoppable, *span) for span in aligned(setting, worlds, size))

    totals: Totals | None = None
    with closing(workers.in_order(_shaped, None, tasks(), stop)) as blocks:
        for shape, block_totals in blocks:
            totals = totals or Totals(shape, worlds)
            totals.add(block_totals)
            if block_totals.first + block_totals.variable.shape[2] == worlds:
                yield totals
                totals = None
                if progress is not None:
                    progress()


def _simulated(shared: tuple[Setting, int], task: tuple[int, int]) -> Block:
    setting, offset = shared
    return simulate(setting, *task, offset=offset)


def _small(shared: tuple[Setting, int]) -> None:
    simulate(shared[0], 0, TILE, range(1))


def _shaped(_nothing: None, task: tuple[Setting, int, int]) -> tuple[Shape, Block]:
    setting, first, worlds = task
    return setting.shape, simulate(setting, first, worlds)


def simulate(setting: Setting, first: int, worlds: int, csms: range | None = None, offset: int = 0) -> Block:
    """Simulate ``worlds`` worlds from ``first`` on, book by book, and settle every plan on each payee's books.

    csms   : all of them by default.
    offset : number of the world that counts as the first one.
    """
    csms = range(setting.shape.books) if csms is None else csms
    retentions = [new_retention_tally(setting.shape.periods, worlds) for _ in setting.variants]
    books = [
        open_books(setting, variant.world, csms, offset + first, worlds, retention)
        for variant, retention in zip(setting.variants, retentions, strict=True)
    ]
    return settle_block(setting, first, worlds, books, retentions)


def settle_block(
    setting: Setting,
    first: int,
    worlds: int,
    books: Sequence[Iterable[tuple[int, Ledger]]],
    retentions: Sequence[RetentionTally],
) -> Block:
    """Settle every plan on each payee's books.

    books      : of each variant, CSM and Ledger, in order of CSMs.
    retentions : of each variant, complete once its books have come.
    """
    periods = setting.shape.periods
    tallies = [new_tally(periods, len(territory.last), worlds) for territory in setting.territories]
    seats = [new_seat_tally(periods, worlds) for _ in setting.territories] if setting.seats_change else None
    watch, most = setting.watch, max(setting.shape.payees)
    starts = [np.zeros((len(watch.starts), len(territory.last), worlds)) for territory in setting.territories]
    pieces = np.zeros((len(setting.pieces), most, worlds if first + worlds <= watch.worlds else 0))
    for variant, ledgers in zip(setting.variants, books, strict=True):
        payrolls = [_payroll(setting, group, tallies, seats, starts, pieces) for group in variant.groups]
        for csm, ledger in ledgers:
            for payroll in payrolls:
                payroll.add(csm, ledger)
    return block_of(first, setting.shape, tallies, seats, retentions, starts, pieces)


def _payroll(
    setting: Setting,
    group: Group,
    tallies: list[Tally],
    seats: list[SeatTally] | None,
    starts: list[Floats],
    pieces: Floats,
) -> Payroll:
    """The roles of a group, with the tallies that their pay is added to."""
    roles = [
        PayRole(
            setting.plans[role],
            setting.marks[role],
            tallies[role],
            None if seats is None else seats[role],
            starts[role],
            setting.shape.salaries[role],
        )
        for role in group.roles
    ]
    between = [Piece(setting.pieces[piece], pieces[piece]) for piece in group.pieces if pieces.size]
    return Payroll(group.territories, roles, setting.watch.starts, between)


def open_books(
    setting: Setting,
    world: World,
    csms: Iterable[int],
    first: int,
    worlds: int,
    retention: RetentionTally | None = None,
) -> Iterator[tuple[int, Ledger]]:
    """Books one after another as every plan reads them, until the setting is told to stop.

    retention : what became of their renewals is added to it.
    """
    company, chosen = None, list(csms)
    if "company" in setting.reads:
        all_of = chosen == list(range(setting.shape.books))
        held = _held_books(setting, world, chosen, first, worlds, retention) if all_of else None
        if held is not None:
            yield from zip(chosen, held, strict=False)
            return
        company = company_activity(setting, world, first, worlds)
    for csm in chosen:
        if setting.stop.is_set():
            break
        yield csm, open_book(setting, world, csm, first, worlds, retention)._replace(company=company)


def _held_books(
    setting: Setting,
    world: World,
    csms: Sequence[int],
    first: int,
    worlds: int,
    retention: RetentionTally | None,
) -> list[Ledger] | None:
    """All books with the company that they make, held until the last has come: each is simulated once. None where they
    would take too much memory, which the first book tells; nothing is added to ``retention`` then.
    """
    few = open_book(setting, world, csms[0], first, min(worlds, TILE), also=setting.company)
    if bytes_of(few) * len(csms) * worlds > HELD_BYTES * min(worlds, TILE):
        return None
    ledgers, company = [], None
    for csm in csms:
        if setting.stop.is_set():
            break
        ledger = open_book(setting, world, csm, first, worlds, retention, setting.company)
        assert ledger.activity is not None, "the company is read of it"
        activity = _following(ledger.activity._replace(kpi={}), setting.company)
        company = activity if company is None else add_activities(company, activity)
        ledgers.append(ledger._replace(activity=_following(ledger.activity, setting.cohorts)))
    return [each._replace(company=company) for each in ledgers]


def _following(activity: Activity, cohorts: Sequence[CohortTerms]) -> Activity:
    """The activity with these cohorts and no others."""
    terms = dict.fromkeys([*cohorts, *(each.ungraced for each in cohorts)])
    return activity._replace(cohort={each: activity.cohort[each] for each in terms})


def bytes_of(value: object) -> int:
    """What the arrays in a tuple of arrays take. [byte]"""
    if isinstance(value, np.ndarray):
        return value.nbytes
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    return sum(map(bytes_of, parts))


def company_activity(setting: Setting, world: World, first: int, worlds: int) -> Activity | None:
    """The activity of all books together, from a pass of its own: no book is kept for the second one."""
    company = None
    for csm in range(setting.shape.books):
        if setting.stop.is_set():
            break
        activity = open_activity(world, csm, first, worlds, setting.company)
        company = activity if company is None else add_activities(company, activity)
    return company


def aligned(setting: Setting, worlds: int, size: int) -> Iterator[tuple[int, int]]:
    """So many worlds in parts of at most ``size``; the first worlds, of which pay is kept, are parts of their own."""
    first = min(worlds, setting.watch.worlds)
    yield from spans(first, size)
    yield from ((first + start, count) for start, count in spans(worlds - first, size))


def block_size(setting: Setting, worlds: int, at_once: int, most: int = WORLDS_IN_BLOCK) -> int:
    """Worlds in a block: so that all who work at once have some and memory stays small. [world]"""
    fitting = BLOCK_BYTES // (8 * sum(setting.shape.payees) * (1 + len(setting.watch.starts)))
    even = -(-worlds // at_once)
    return max(TILE, min(most, fitting, even + TILE - 1) // TILE * TILE)
