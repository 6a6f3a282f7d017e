"""Ramp: less is asked in the first periods of whoever takes over a book."""

from typing import Annotated

import numpy as np
from pydantic import BeforeValidator, Field

from sim.files.share import not_percent
from sim.files.toml import Table
from sim.plan.worksheet import Worksheet
from sim.records import FloatPW, IntP

LEAST_RAMP = 0.01
"""Who is asked less than this is asked for nothing, and at target whatever happens. [share]"""
RampShare = Annotated[float, Field(ge=LEAST_RAMP, le=1), BeforeValidator(not_percent(1))]


class Ramp(Table):
    """The share of quotas asked in each of the first periods in the seat.

    quota : [first period, second, ...]; all of it afterwards. Targets of retention and KPIs are not ramped. [share]

    Source: Sourcegraph handbook, Commission Processing: the ramp of 6 months "is defined by a prorated quota".
    """

    quota: Annotated[tuple[RampShare, ...], Field(min_length=1, max_length=40)]


def ramped(ramp: tuple[float, ...], quota: FloatPW, sheet: Worksheet) -> FloatPW:
    """The quota asked of whoever holds the seat. [period, world]

    A period counts as the first one while the holder at its end has been there for at most one period.
    """
    activity = sheet.ledger.activity
    if not ramp or activity is None:
        return quota
    started = np.ceil(np.maximum(activity.tenure, 1e-9)).clip(max=len(ramp) + 1).astype(np.int64) - 1
    asked: FloatPW = quota * np.array([*ramp, 1.0])[started]
    return asked


def ramped_ahead(ramp: tuple[float, ...], quota: FloatPW, more: IntP, sheet: Worksheet) -> FloatPW:
    """What is still to be asked, after each period, of a quota of the year, if whoever holds the seat stays. [period, world]

    quota : of every period, and of those after the horizon. [period, world] [usd] or [events]
    more  : how many periods of the year are left after each of the horizon. [period]
    """
    activity = sheet.ledger.activity
    shares = np.array([*ramp, 1.0])
    ahead = np.zeros((len(more), quota.shape[1]))
    for t, left in enumerate(more.tolist()):
        started = np.full(quota.shape[1], len(ramp))
        if ramp and activity is not None:
            started = np.ceil(np.maximum(activity.tenure[t], 1e-9)).clip(max=len(ramp) + 1).astype(np.int64)
            started -= 1
        for later in range(1, left + 1):
            ahead[t] += quota[t + later] * shares[np.minimum(started + later, len(ramp))]
    return ahead
