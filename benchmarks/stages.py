"""Figure: where the nanoseconds of one book go, stage by stage."""

from collections.abc import Callable
from time import thread_time
from typing import Any

import numpy as np
from numba import njit

from benchmarks.question import study
from sim.engine.setting import prepare
from sim.ledger import fill_ledger
from sim.measure.pay import add_book, new_tally
from sim.measure.retention import add_book_retention, new_retention_tally
from sim.plan.settle import settle_on
from sim.plan.worksheet import Worksheet
from sim.world import growth, lanes, renewal, tile
from sim.world.opened import NOTHING
from sim.world.philox import U64
from sim.world.world import World

CSM = 20
WORLDS = 512
F32 = np.float32


@njit
def _make_tile(span):
    return tile.make_tile(span)


@njit
def _make_events(span):
    return growth.make_events(span)


@njit
def _draw(k0, k1, world, identity, tag, n, i, w):
    """Words of another world each time, or the compiler would draw them once."""
    lanes.draw_renewal(k0, k1, world + U64(w[0]), identity, tag, n, i, w)


def measure(quick: bool) -> dict[str, Any]:
    """Processor nanoseconds of one book of 50 accounts, by stage; the parts of ``renewals and growth`` one by one."""
    setting = prepare(study(WORLDS))
    rounds = 5 if quick else 20
    whole = {name: 1e9 * _best(call, rounds) / WORLDS for name, call in _steps(setting).items()}
    return {"ns_per_book": whole, "ns_per_book_in_renewals_and_growth": _parts(setting.world, rounds)}


def _steps(setting: Any) -> dict[str, Callable[[], object]]:
    """From a book to its measures, as a run does it."""
    world, dates, periods = setting.world, setting.dates, setting.frame.calendar.periods
    last_day = setting.frame.calendar.end
    held = world._held(CSM, 0, WORLDS)
    path = world._path(held, CSM, 0, WORLDS)
    renewals, bridge = world.simulate(CSM, 0, WORLDS, dates)
    ledger = fill_ledger(renewals, setting.frame, dates)
    retention = new_retention_tally(periods, WORLDS)
    tallies = [new_tally(periods, 1, WORLDS) for _ in setting.terms]

    def settled() -> list[Any]:
        sheet = Worksheet(ledger)
        return [settle_on(sheet, terms).statement for terms in setting.terms]

    statements = settled()

    def measured() -> None:
        for statement, marks, tally in zip(statements, setting.marks, tallies, strict=True):
            add_book(0, statement, marks, tally)

    return {
        "facts: contracts, odds": lambda: world._held(CSM, 0, WORLDS),
        "renewals and growth": lambda: world._path(held, CSM, 0, WORLDS),
        "bridge of ARR": lambda: world._bridge(held, path),
        "ledger": lambda: fill_ledger(renewals, setting.frame, dates),
        "retention": lambda: add_book_retention(renewals, bridge, last_day, retention),
        "settle 12 plans": settled,
        "measures of 12 plans": measured,
    }


def _parts(world: World, rounds: int) -> dict[str, float]:
    """Each stage on a tile in the middle of a book, times its calls per book and lane."""
    n, held = lanes.LANES, world._held(CSM, 0, lanes.LANES)
    path, times, load, laws = world.path(CSM, 0, n), world._times, world._loadings, world._laws
    buffers, events = _tile(world, n), _make_events(times.span)
    w, f, i = buffers.w, buffers.f, buffers.i
    key = (*world.key, U64(0), held.identity[0])
    slots, accounts = len(path.due_day), len(held.identity)
    found = 3 * lanes.LANES // 10
    events.place[: found + 8] = np.arange(found + 8)
    s, row = int(held.segment[0]), (path.due_day[0], path.booked_day[0], path.term[0])
    nothing = (F32(NOTHING.earliest), F32(NOTHING.returned))
    law = (laws.expansion_mu[s], laws.expansion_sigma[s])
    grown = (buffers.arr, buffers.expansions, buffers.expansion, buffers.newcomers)
    calls = {
        "words": (2 * slots + accounts, _draw, (*key, U64(5), n, i, w)),
        "health": (slots + accounts, lanes.step_health, (load.persist, load.renew, w, n, f)),
        "due period, market, skill": (
            slots + accounts,
            renewal.meet,
            (times, buffers.market, buffers.skill, n, f, i),
        ),
        "latent": (slots, lanes.compose, (load, w, n, f)),
        "churn": (slots, lanes.churn, (n, f, i)),
        "timing": (slots, lanes.timing, (load, w, n, f)),
        "booking day": (slots, lanes.lag, (laws, s, *nothing[:1], w, n, f, i)),
        "ARR": (slots, lanes.amount, (load, laws, s, w, n, f)),
        "term": (slots, lanes.new_term, (laws, s, w, n, i)),
        "win-back": (slots, lanes.book_day, (laws, s, *nothing, w, n, f, i)),
        "next due day": (slots, renewal.move_on, (times, laws.grace_days[s], n, i)),
        "write days": (slots, renewal.write_days, (times.span, n, i, *row)),
        "write ARR": (slots, renewal.write_arr, (n, f, i, buffers.arr, path.arr[0], path.booked_arr[0])),
        "growth: words": (
            accounts,
            growth.draw_chances,
            (*key, times.span, times.number, n, buffers.chances),
        ),
        "growth: pace": (slots + accounts, growth.set_pace, (load, F32(0.1), n, f)),
        "growth: find": (
            accounts,
            growth.find_events,
            (buffers.boost, times.span, n, buffers.chances, f, i, events),
        ),
        "growth: draw": (slots + accounts, growth.draw_events, (*key, times.number, found, events)),
        "growth: size": (
            slots + accounts,
            growth.size_events,
            (*law, buffers.boost, buffers.chances, f, found, events),
        ),
        "growth: apply": (
            slots + accounts,
            growth.apply_events,
            (found, events, i, *grown, 0, 0, np.zeros((0, times.span, 0))),
        ),
    }
    before, result = (w.copy(), f.copy(), i.copy()), {}
    for name, (count, stage, arguments) in calls.items():
        w[:], f[:], i[:] = before  # stages move the account on
        result[name] = count * 1e9 * _of_stage(stage, arguments, rounds) / n
    return result


def _tile(world: World, n: int) -> tile.Tile:
    """Buffers as they are between two renewals."""
    out, rng = _make_tile(world.calendar.span), np.random.default_rng(1)
    out.w[:] = rng.integers(0, 2**32, out.w.size, dtype=np.uint32)
    out.f[:] = rng.standard_normal(out.f.size)
    out.arr[:] = 1.0
    for name, low, high in (("DUE", 0, 700), ("LAG", -60, 60), ("KEPT", 1, 2), ("DUE_PERIOD", 11, 12)):
        start = getattr(lanes, name) * lanes.LANES
        out.i[start : start + n] = rng.integers(low, high, n)
    for row in (out.market, out.skill):
        row[:] = 0.0
    out.boost[:] = 1.0
    out.f[lanes.PACE * lanes.LANES :][:n] = 0.1
    out.f[lanes.LEAVING * lanes.LANES :][:n] = 0.15
    return out


def _of_stage(stage: Any, arguments: tuple[Any, ...], rounds: int) -> float:
    """Seconds of one call from compiled code."""

    @njit(error_model="numpy")
    def repeated(times, *arguments):
        for _ in range(times):
            stage(*arguments)

    repeated(1, *arguments)
    return _best(lambda: repeated(500, *arguments), rounds) / 500


def _best(call: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = thread_time()
        call()
        best = min(best, thread_time() - start)
    return best
