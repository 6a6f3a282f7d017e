"""Timing-neutral: the same renewals as if each had been booked, and credited, on its due date."""

from collections.abc import Sequence

import numpy as np

from sim.frame import Frame
from sim.ledger import fill_ledger
from sim.records import NEVER, Ledger, Renewals


def on_due_dates(renewals: Renewals, window: int) -> Renewals:
    """The renewals with every booking on its due date.

    window : a booking later than this is a new logo, and stays one. [day]
    """
    booked, due = renewals.booked_day, renewals.due_day
    renewed = (booked != NEVER) & (due != NEVER) & (booked - due <= window)
    credit_day = {kind: np.where(renewed, due, day) for kind, day in renewals.credit_day.items()}
    return renewals._replace(booked_day=np.where(renewed, due, booked), credit_day=credit_day)


def neutral_ledger(
    renewals: Renewals, ledger: Ledger, window: int, frame: Frame, amounts: Sequence[str]
) -> Ledger:
    """The Ledger of the same book with bookings on their due dates; what else happened stays as it was."""
    own = fill_ledger(on_due_dates(renewals, window), frame, amounts)
    return ledger._replace(renewable=own.renewable, unbooked=own.unbooked, amount=own.amount)
