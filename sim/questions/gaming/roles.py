"""Exposure under role sets: each payee by itself, whoever moves the dates."""

import numpy as np

from sim.engine.pool import Workers
from sim.engine.territories import make_territories
from sim.plan.role_set import Role, RoleSet
from sim.questions.gaming.dated import DatedPay
from sim.questions.gaming.general import Whose
from sim.questions.gaming.measured import expose_payees
from sim.questions.gaming.setting import Gaming
from sim.world.scenario import Scenario
from sim.world.shift import Shifts, shift_world
from sim.world.world import World


def holder_of(role_set: RoleSet) -> Role:
    """The role whose payees hold the books and book the renewals; the first one where none is said to."""
    return next((role for role in role_set.roles if role.holds_book), role_set.roles[0])


def payees_of(role: Role, world: World) -> tuple[Whose, ...]:
    """The payees of a role, in order."""
    territories = make_territories(role, world.book, world.scenario)
    books = (np.flatnonzero(territories.payee == payee) for payee in range(len(territories.last)))
    return tuple(Whose(tuple(int(csm) for csm in each), role.holds_book) for each in books)


def world_of(scenario: Scenario, seed: int, shifts: Shifts) -> World:
    """The worlds in which a role set is paid."""
    return shift_world(scenario, seed, shifts) if shifts else World(scenario, seed)


def expose_roles(
    world: World, role_set: RoleSet, gaming: Gaming, worlds: int, workers: Workers
) -> dict[str, tuple[tuple[Whose, ...], DatedPay]]:
    """The payees of every role, and what they are paid for each choice of dates of their own.

    worlds : of the study; no more are measured.
    """
    setting = gaming.model_copy(update={"worlds": min(gaming.worlds, worlds)})
    found = {}
    for role in role_set.roles:
        payees = payees_of(role, world)
        found[role.name] = (payees, expose_payees(world, payees, role.plan, setting, workers))
    return found
