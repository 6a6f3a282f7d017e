"""The early cap: early credit beyond a share of the quota waits for its due period."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.kernel import kernel, stage
from sim.records import FloatPCW, FloatPW, IntP

Worlds: TypeAlias = NDArray[np.float64]
"""One number a world. [world]"""


@kernel
def grant(
    amount: FloatPCW,
    parts: IntP,
    multipliers: NDArray[np.float64],
    lead: int,
    base: FloatPW,
    limits: tuple[float, float],
    granted: FloatPW,
    shares: FloatPW,
    out: FloatPCW,
) -> None:
    """Grant early credit up to the cap, one period after another; the rest waits for its due period.

    ``parts`` (cell and offset in columns 1 and 2) are the early cells credited ahead of their due period,
    ``limits`` the cap and the quota that leaves its base per usd granted before. ``granted`` is by due period,
    ``shares`` by due period of credit. Added to ``out``: renewed, credit, and what is granted, by period.
    Several due periods share the cap pro rata. What waits counts at multiplier 1. Quotas before the horizon do
    not move. Ahead of the edges no quota is known, and no cap holds.
    """
    cap, out_of_base = limits
    everything, periods = np.ones(amount.shape[2]), out.shape[1]
    renewed, credit, into = out[0], out[1], out[2]
    for period in range(-1, lead + periods):
        share = everything
        if period >= 0:
            share, moved = shares[period], out_of_base if period >= lead else 0.0
            share_granted(amount, parts, period, base[period], granted[period], cap, moved, share)
        for i in range(multipliers.size):
            due = period - parts[i, 2]
            if due < amount.shape[0]:
                source, t = amount[due, parts[i, 1]], period - lead
                add_share(source, share, granted[due])
                if t >= 0:
                    add_granted(source, share, multipliers[i], renewed[t], credit[t], into[t])
                if lead <= due < lead + periods:
                    add_waiting(source, share, renewed[due - lead], credit[due - lead])


@stage
def share_granted(
    amount: FloatPCW,
    parts: IntP,
    period: int,
    base: Worlds,
    granted: Worlds,
    cap: float,
    out_of_base: float,
    share: Worlds,
) -> None:
    """The share of a period's early amounts that the cap grants."""
    share[:] = 0.0
    for i in range(parts.shape[0]):
        due = period - parts[i, 2]
        if due < amount.shape[0]:
            source = amount[due, parts[i, 1]]
            for w in range(share.size):
                share[w] += source[w]
    for w in range(share.size):
        total = share[w]
        limit = cap * max(base[w] - out_of_base * granted[w], 0.0)
        share[w] = limit / total if total > limit else 1.0


@stage
def add_share(source: Worlds, share: Worlds, out: Worlds) -> None:
    """Add the share of each amount."""
    for w in range(share.size):
        out[w] += share[w] * source[w]


@stage
def add_granted(
    source: Worlds, share: Worlds, multiplier: float, renewed: Worlds, credit: Worlds, into: Worlds
) -> None:
    """Add what is granted to its period of credit."""
    for w in range(share.size):
        now = share[w] * source[w]
        renewed[w] += now
        credit[w] += multiplier * now
        into[w] += now


@stage
def add_waiting(source: Worlds, share: Worlds, renewed: Worlds, credit: Worlds) -> None:
    """Add what waits to its due period."""
    for w in range(share.size):
        waiting = (1.0 - share[w]) * source[w]
        renewed[w] += waiting
        credit[w] += waiting
