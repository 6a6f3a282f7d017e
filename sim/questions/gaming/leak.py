"""Proof of leak: the book and world where a plan can be gamed most, its schedule and pay honest beside gamed."""

from typing import Any, NamedTuple

import numpy as np

from sim.engine.study import Study
from sim.errors import InputError, Problem, shown
from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.measure.gaming.boundary import refusal
from sim.measure.gaming.gamed import Block, Bounded, Gamed, bounded_plan, clairvoyant
from sim.measure.gaming.moves import NOW, THEN, effects_of, moved_days
from sim.measure.histogram import BINS, values_of
from sim.plan.plan import Plan
from sim.plan.settle import settle
from sim.questions.gaming.measured import Exposure, gaming_frame, play
from sim.questions.gaming.setting import Gaming, movable_scenario
from sim.records import Ledger, Renewals, Statement
from sim.world.scenario import Scenario
from sim.world.world import World

Document = dict[str, Any]
MOST_MOVES = 200
"""Moves listed of one schedule; the rest are counted only."""
HALF_A_CENT = 0.005
"""A smaller gain is what rounding leaves. [usd]"""
NEAR = 0.05
"""Width of the bins beside a break of the curve. [share]"""


def leak_entry(scenario: Scenario, seed: int, plan: Plan, found: Exposure, gaming: Gaming) -> Document | None:
    """The concrete schedule that extracts most, recomputed alone; None where no schedule gains.

    moves : account, due date, booked date honest and gamed, amount, and the credit it then earns (an early cap may grant
        part of it, and the rest when due). [usd]
    periods : quota, credit, attainment and bonus, honest and gamed.
    """
    gain = found.best - found.honest
    csm, at = (int(each) for each in np.unravel_index(int(np.argmax(gain)), gain.shape))
    if gain[csm, at] < HALF_A_CENT:
        return None
    world = World(scenario, seed)
    bounded, block, honest, gamed = best_schedule(world, csm, at, plan, gaming)
    calendar, renewals, moves = scenario.calendar, block.renewals, block.moves
    effects = effects_of(moves, bounded.boundary, block.frame)
    in_booked = np.where(moves.days < 0, effects[NOW], effects[THEN])
    in_due = moves.amount + np.where(moves.days < 0, effects[THEN], effects[NOW])
    earned = in_booked + in_due
    rows = [
        {
            "account": world.book.accounts[int(renewals.account[row])],
            "due": calendar.date(int(renewals.due_day[row, 0])).isoformat(),
            "booked": calendar.date(int(renewals.booked_day[row, 0])).isoformat(),
            "moved_to": calendar.date(int(renewals.due_day[row, 0] + days)).isoformat(),
            "moved": "early" if days < 0 else "held",
            "amount": float(amount),
            "credit": float(credit),
        }
        for row, days, amount, credit, made in zip(
            moves.row, moves.days, moves.amount, earned, gamed.chosen, strict=True
        )
        if made
    ]
    periods = [
        {
            "label": calendar.label(period),
            **{
                f"{name}_{key}": float(getattr(statement, key)[period, 0])
                for name, statement in (("honest", honest), ("gamed", gamed.statement))
                for key in ("quota", "credit", "attainment", "bonus")
            },
        }
        for period in range(calendar.periods)
    ]
    return {
        "csm": world.book.csms[csm],
        "world": at,
        "gain": float(gamed.pay[0] - honest.bonus.sum()),
        "count": len(rows),
        "moves": sorted(rows, key=lambda each: str(each["due"]))[:MOST_MOVES],
        "periods": periods,
    }


def best_schedule(
    world: World, csm: int, at: int, plan: Plan, gaming: Gaming
) -> tuple[Bounded, Block, Statement, Gamed]:
    """One book in world ``at`` with honest dates, and as it pays most when dates are moved."""
    frame = gaming_frame(world.scenario, [plan])
    bounded = bounded_plan(plan, frame)
    block = play(world, csm, frame, at, 1)
    honest = settle(bounded.terms, block.ledger)
    return bounded, block, honest, clairvoyant(bounded, block, honest.bonus, gaming.cells)


class MovedBook(NamedTuple):
    """A book of one world with the dates that pay most, and what honest dates pay. honest : [usd over the horizon]"""

    frame: Frame
    renewals: Renewals
    ledger: Ledger
    honest: float


def moved_book(study: Study, plan: Plan, csm: int, at: int) -> MovedBook:
    """The book as a CSM who knows the future would book it, under the study's assumptions of what can be moved.

    Raises: InputError when the plan's exposure is not bounded.
    """
    if (why := refusal(plan)) is not None:
        raise InputError(
            [Problem("--gamed", "asked of a plan whose exposure is bounded", shown(plan.name), why)]
        )
    gaming = study.asked(Gaming) or Gaming()
    world = World(movable_scenario(study.scenario, gaming), study.seed)
    _, block, honest, gamed = best_schedule(world, csm, at, plan, gaming)
    days = moved_days(block.renewals, block.moves, gamed.chosen)
    renewals = block.renewals._replace(booked_day=days, credit_day={"booking": days})
    ledger = fill_ledger(renewals, block.frame, plan.amounts)
    return MovedBook(block.frame, renewals, ledger, float(honest.bonus.sum()))


def bunching_entry(plan: Plan, found: Exposure) -> list[Document]:
    """Share of CSM-periods just below and just above each break of the curve, honest and gamed. [share]"""
    values = values_of(np.arange(BINS))
    counts = found.bins.sum(axis=0)
    total = np.maximum(counts.sum(axis=1), 1)
    entries = []
    for at in sorted({piece.interval.left for piece in plan.lead.curve} - {0.0}):
        below = (values >= at - NEAR) & (values < at - 1e-9)
        above = (values >= at - 1e-9) & (values < at + NEAR)
        shares = {
            f"{name}_{side}": float(counts[row][mine].sum() / total[row])
            for row, name in enumerate(("honest", "gamed"))
            for side, mine in (("below", below), ("above", above))
        }
        entries.append({"attainment": at, "width": NEAR, **shares})
    return entries
