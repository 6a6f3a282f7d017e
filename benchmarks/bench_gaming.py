"""Gaming exposure: milliseconds per book, world and plan for each end of the bracket, and twelve plans over 2,000 books.

Run: python benchmarks/bench_gaming.py. The cohort book of configs/studies/gaming.toml: 20 renewals a quarter, ten of them
movable both ways, 8 quarters; a book in one world is one path. One thread; the full figure also on all processors.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sim.measure.gaming.certify import certify
from sim.measure.gaming.gamed import (
    Block,
    Bounded,
    block_of,
    bound,
    bounded_plan,
    clairvoyant,
    followed,
    learn_policy,
)
from sim.plan.settle import settle
from sim.study.gaming.measured import CERTIFY_FIRST, TRAINING_FIRST, gaming_frame
from sim.study.gaming.redrawn import draw_play
from sim.study.study import load
from sim.world.movable import draw_movable
from sim.world.world import World

PATHS, TRAINING, CELLS = 200, 64, 128
CERTIFIED, SAMPLES = 20, 100
BOOKS = 2_000
PLANS = 12


def seconds(work: Callable[[], object]) -> float:
    """Time of one call, after one that compiles. [s]"""
    work()
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def measured(plan: Bounded, block: Block, training: Block) -> tuple[float, ...]:
    """Time of the best schedule, the bound, learning and following the policy. [s]"""
    honest = settle(plan.terms, block.ledger).bonus
    policy = learn_policy(plan, training, CELLS)
    return (
        seconds(lambda: clairvoyant(plan, block, honest, CELLS)),
        seconds(lambda: bound(plan, block, CELLS)),
        seconds(lambda: learn_policy(plan, training, CELLS)),
        seconds(lambda: followed(plan, block, policy, CELLS)),
    )


def main() -> None:
    """Print the table."""
    study = load("configs/studies/gaming.toml")
    plans = study.plans
    frame = gaming_frame(study.scenario, plans)
    world = World(study.scenario, study.seed)

    def play(first: int, worlds: int) -> Block:
        renewals, _ = world.simulate(0, first, worlds)
        return block_of(frame, renewals, *draw_movable(world, 0, renewals, first))

    block, training = play(0, PATHS), play(TRAINING_FIRST, TRAINING)
    bounded = [bounded_plan(plan, frame) for plan in plans]
    again = draw_play(world, 0, frame, CERTIFY_FIRST, CERTIFIED, SAMPLES)
    print(f"{'plan':24s} best  bound  follow  certify  [ms per path]   learn [s]")
    for plan in bounded:
        best, most, learn, follow = measured(plan, block, training)
        rule = learn_policy(plan, training, CELLS)
        dual = seconds(partial(certify, plan, again, training, rule, CELLS))
        each = 1e3 / PATHS
        print(
            f"{plan.plan.name:24s} {each * best:5.2f} {each * most:5.2f} {each * follow:6.2f} "
            f"{1e3 / CERTIFIED * dual:8.1f} {learn:23.2f}"
        )
    blocks = [play(first, PATHS) for first in range(0, BOOKS, PATHS)]

    def whole(one: Block) -> None:
        for plan in bounded[:PLANS]:
            clairvoyant(plan, one, settle(plan.terms, one.ledger).bonus, CELLS)
            bound(plan, one, CELLS)

    begin, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(whole, blocks))
    taken, busy = time.perf_counter() - begin, time.process_time() - busy
    print(
        f"both ends, {PLANS} plans x {BOOKS:,} paths, {os.cpu_count()} threads: {taken:.1f} s, "
        f"{busy:.1f} s of processor (aim: 30 s)"
    )


if __name__ == "__main__":
    main()
