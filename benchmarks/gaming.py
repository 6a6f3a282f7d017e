"""Figure: gaming exposure, by book, world and plan for each end of the bracket, and for twelve plans over 2,000 books.

The cohort book of configs/studies/gaming.toml: 20 renewals a quarter, ten of them movable both ways, 8 quarters. One thread;
twelve plans on all processors.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

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
from sim.questions.gaming.measured import CERTIFY_FIRST, TRAINING_FIRST, gaming_frame
from sim.questions.gaming.redrawn import draw_play
from sim.study.load import load
from sim.world.movable import draw_movable
from sim.world.world import World

STUDY = Path(__file__).parents[1] / "configs" / "studies" / "gaming.toml"
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


def measure(quick: bool) -> dict[str, Any]:
    """Milliseconds per book in one world and plan, seconds to learn a policy, both ends of twelve plans and 2,000 books."""
    study = load(STUDY)
    frame = gaming_frame(study.scenario, study.plans)
    world = World(study.scenario, study.seed)

    def play(first: int, worlds: int) -> Block:
        renewals, _ = world.simulate(0, first, worlds)
        return block_of(frame, renewals, *draw_movable(world, 0, renewals, first))

    block, training = play(0, PATHS), play(TRAINING_FIRST, TRAINING)
    bounded = [bounded_plan(plan, frame) for plan in study.plans]
    again = draw_play(world, 0, frame, CERTIFY_FIRST, CERTIFIED, SAMPLES)
    each: dict[str, dict[str, float]] = {}
    for plan in bounded[:: 4 if quick else 1]:
        best, most, learn, follow = measured(plan, block, training)
        rule = learn_policy(plan, training, CELLS)
        dual = seconds(partial(certify, plan, again, training, rule, CELLS))
        parts = {"best": best, "bound": most, "follow": follow}
        each[plan.plan.name] = {name: 1e3 * taken / PATHS for name, taken in parts.items()}
        each[plan.plan.name] |= {"certify": 1e3 * dual / CERTIFIED, "learn_s": learn}
    return {"gaming_ms_per_book": each} | _twelve(
        bounded[:PLANS], [play(at, PATHS) for at in range(0, BOOKS, PATHS)]
    )


def _twelve(plans: list[Bounded], blocks: list[Block]) -> dict[str, float]:
    """Elapsed and processor seconds of both ends, on all processors."""

    def whole(one: Block) -> None:
        for plan in plans:
            clairvoyant(plan, one, settle(plan.terms, one.ledger).bonus, CELLS)
            bound(plan, one, CELLS)

    begin, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(whole, blocks))
    taken, busy = time.perf_counter() - begin, time.process_time() - busy
    return {"exposure_12_plans_2000_books_s": taken, "exposure_12_plans_2000_books_cpu_s": busy}
