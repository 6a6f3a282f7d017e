"""The early cap: early credit beyond a share of the quota waits for its due period."""

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel
from sim.plan.sums import Parts
from sim.records import FloatPCW, FloatPW


@kernel
def grant(
    amount: FloatPCW,
    ahead: Parts,
    lead: int,
    base: FloatPW,
    limits: tuple[float, float],
    granted: FloatPW,
    renewed: FloatPW,
    credit: FloatPW,
    into: FloatPW,
) -> None:
    """Grant early credit up to the cap, one period after another; the rest waits for its due period.

    ``ahead`` are the early cells at their multipliers, ``limits`` the cap and the quota that leaves its base
    per usd granted before. ``granted`` is by due period, ``into`` by period of credit, both before multipliers.
    Several due periods share the cap pro rata. What waits counts at multiplier 1. Quotas before the horizon do
    not move. Ahead of the edges no quota is known, and no cap holds.
    """
    cap, out_of_base = limits
    share = np.ones(amount.shape[2])
    for period in range(-1, lead + renewed.shape[0]):
        if period >= 0:
            moved = out_of_base if period >= lead else 0.0
            share_granted(amount, ahead, period, base[period], granted[period], cap, moved, share)
        for i in range(ahead.cell.size):
            due = period - ahead.offset[i]
            if due < amount.shape[0]:
                source, multiplier = amount[due, ahead.cell[i]], ahead.weight[i]
                add_share(source, share, granted[due])
                if period >= lead:
                    add_share(source, share, renewed[period - lead])
                    add_share(source, share, into[period - lead])
                    for w in range(share.size):
                        credit[period - lead, w] += multiplier * (share[w] * source[w])
                if lead <= due < lead + renewed.shape[0]:
                    for w in range(share.size):
                        waiting = (1.0 - share[w]) * source[w]
                        renewed[due - lead, w] += waiting
                        credit[due - lead, w] += waiting


@kernel
def share_granted(
    amount: FloatPCW,
    ahead: Parts,
    period: int,
    base: NDArray[np.float64],
    granted: NDArray[np.float64],
    cap: float,
    out_of_base: float,
    share: NDArray[np.float64],
) -> None:
    """The share of a period's early amounts that the cap grants. All are [world]."""
    share[:] = 0.0
    for i in range(ahead.cell.size):
        due = period - ahead.offset[i]
        if due < amount.shape[0]:
            source = amount[due, ahead.cell[i]]
            for w in range(share.size):
                share[w] += source[w]
    for w in range(share.size):
        total = share[w]
        limit = cap * max(base[w] - out_of_base * granted[w], 0.0)
        share[w] = limit / total if total > limit else 1.0


@kernel
def add_share(source: NDArray[np.float64], share: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Add the share of each amount. All are [world]."""
    for w in range(share.size):
        out[w] += share[w] * source[w]
