"""What is kept of the customers at the start of each period: the base of the company's retention, from renewals alone."""

import numpy as np

from sim.calendar import Calendar
from sim.cohort import NOTHING
from sim.records import Bridge, FloatPW, Kept
from sim.world.bridge import Flows, make_bridge, make_flows
from sim.world.renewal import Held, Path


def simulated_bridge(held: Held, path: Path, calendar: Calendar) -> Bridge:
    """The bridge of a simulated book, with what is kept of it; all flows are read from one pass over its renewals."""
    worlds, span = path.arr.shape[1], calendar.span
    new = np.zeros((span + 1, worlds))
    for account in np.flatnonzero(held.arrival):
        new[held.active[account], np.arange(worlds)] += held.arr[account]
    opening = np.broadcast_to(held.arr[~held.arrival].sum(axis=0), (worlds,))
    renewals = (path.due_day, path.booked_day, path.arr, path.booked_arr)
    flows = make_flows(*renewals, held.slot, held.arrival, held.active, calendar)
    bridge = make_bridge(flows, path.expansion, new[:span], opening, calendar)
    return bridge._replace(kept=make_kept(flows, bridge, path.newcomers, calendar))


def make_kept(flows: Flows, bridge: Bridge, newcomers: FloatPW, calendar: Calendar) -> Kept:
    """The customers at the start of each period of the horizon, and what is kept of them. [period, world] [usd/yr]

    Account by account: a loss counts up to the ARR that the account had when the period began, so that neither what it
    grew by nor what a customer brought who joined in the period is lost of it. A late renewal inside
    ``LATE_WINDOW_DAYS`` is a customer all along, at the old ARR until it is booked; a later return is a loss when due
    and then a new customer.

    newcomers : ARR added in-term by accounts in the period in which they join. [due period, world] [usd/yr]

    Source: as for ``sim.plan.retained``.
    """
    horizon = slice(calendar.lead, calendar.lead + calendar.periods)
    waiting = np.zeros((calendar.span + 1, bridge.opening.shape[1]))
    np.cumsum(flows.lapsed[0] - flows.won_back[0], axis=0, out=waiting[1:])
    opening = bridge.opening + waiting[horizon]
    opening[opening < NOTHING] = 0.0
    gone = flows.contraction[0, horizon] + flows.lapsed[1, horizon] + flows.churn[horizon]
    loss = np.maximum(gone - flows.loss_again[horizon], 0.0)  # below it is rounding
    grown = flows.uplift[0, horizon] - gone - flows.change_again[horizon] - newcomers[horizon]
    gross = np.maximum(opening - loss, 0.0)  # below it is rounding: a loss is no more than its account
    net = np.maximum(opening + grown + bridge.expansion, 0.0)
    return Kept(opening, gross, np.where(opening > 0.0, net, 0.0))
