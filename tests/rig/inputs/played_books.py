"""Small books of a simulated company whose every timing can be tried, under plans of the whole language."""

from datetime import date
from itertools import product
from typing import NamedTuple

import numpy as np

from sim.plan.settle import settle
from sim.questions.gaming import payee
from sim.questions.gaming.general import asked_plan
from sim.questions.gaming.measured import gaming_frame
from sim.questions.gaming.payee import company_of, held_by
from sim.world.rebooked import in_lanes
from sim.world.scenario import scenario_of
from sim.world.world import World

LAG = (
    {"days": (-130, -1), "share": 0.2},
    {"days": (0, 0), "share": 0.6},
    {"days": (1, 100), "share": 0.2},
)


def small_company(periods=5, accounts=4, **changes):
    """Two CSMs with a handful of accounts of some hundred usd, most of whose renewals can be moved."""
    segment = {
        "name": "all",
        "csms": 2,
        "arr": {"mean": 100.0, "sigma": 0.5, "accounts": accounts},
        "lag": LAG,
        "contraction": {"probability": 0.2, "size": {"low": 0.1, "high": 0.5}},
        "uplift": {"probability": 0.5, "size": {"mean": 0.15, "sigma": 0.5}},
        "expansion": {"events_per_year": 0.5, "size": {"mean": 0.2, "sigma": 0.5}},
        "win_back": ({"days": (101, 240), "probability": 0.15},),
        "term_months": {"12": 1.0},
        "churn": {"probability": 0.1},
        "movable": {"ready_early": 0.8, "holdable": 0.8},
    }
    document = {
        "name": "small",
        "start": date(2026, 1, 1),
        "periods": periods,
        "segment": (segment | changes,),
    }
    return scenario_of(document, "small.toml")


class Tried(NamedTuple):
    """One plan on the first CSM's book in a few worlds."""

    asked: object
    held: object
    world: World


def tried(plan, seed, worlds, scenario=None):
    """The book of the first CSM."""
    scenario = scenario or small_company()
    world = World(scenario, seed)
    asked = asked_plan(plan, gaming_frame(scenario, [plan]))
    company = company_of(world, 0, worlds, asked.reader)
    return Tried(asked, held_by(world, [0], 0, worlds, asked.reader, company), world)


def every_choice(held, world, most=7):
    """Every combination of moves of one world, as lists of items; None where there are more bookings than ``most``."""
    rows = {}
    for item in np.flatnonzero(held.levers.world == world):
        rows.setdefault((held.levers.book[item], held.levers.row[item]), []).append(item)
    if len(rows) > most:
        return None
    return [
        [item for item in choice if item is not None]
        for choice in product(*([None, *of] for of in rows.values()))
    ]


def paid_for(game, world, choices):
    """Settled pay over the horizon of each choice of moves in one world."""
    held, reader = game.held, game.asked.reader
    column = np.full(len(choices), world)
    books = [in_lanes(book, column) for book in held.books]
    booked = [book.path.booked_day.copy() for book in books]
    for lane, choice in enumerate(choices):
        for item in choice:
            booked[held.levers.book[item]][held.levers.row[item], lane] = held.levers.booked[item]
    own = payee._pooled(game.world, held.csms, books, booked, reader)
    if own.activity is not None:
        before = _wide(held.ledger.activity, column)
        company = None
        if held.ledger.company is not None:
            company = payee._changed(_wide(held.ledger.company, column), before, own.activity)
        own = own._replace(activity=own.activity._replace(kpi=before.kpi), company=company)
    return settle(game.asked.plan.terms, own).bonus.sum(axis=0)


def _wide(value, column):
    """The same world in every lane."""
    if isinstance(value, np.ndarray):
        return value[..., column]
    if isinstance(value, dict):
        return {key: _wide(each, column) for key, each in value.items()}
    if hasattr(value, "_fields"):
        return value._replace(**{name: _wide(getattr(value, name), column) for name in value._fields})
    return value
