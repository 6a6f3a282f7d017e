"""Plan files as the rivals read them: plain numbers, and only the rules that the twelve plans use."""

import math
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

LATE_EDGES = (30, 90, 180)
"""Last day of each late band that some plan tells apart; the last is the window. [day]"""
FARTHEST = 3
"""Most periods between due and booked that are counted: 180 days never span more."""
QUARTERS = 4


class Rule(NamedTuple):
    """One plan.

    rate, amount             : of a retention quota [share] or a fixed one [usd/period]; the other is 0.
    at_due                   : credit falls into the due period.
    early_multiplier         : credit per usd booked in an earlier period than due. [usd/usd]
    late_multiplier          : by late band. [usd/usd]
    cap                      : early credit beyond this share of the quota waits; infinite for none. [share]
    cap_follows              : quota leaving the cap's base per usd granted early. [usd/usd]
    early_out, early_in, late_out, late_in : quota moved per usd. [usd/usd]
    target                   : bonus at 100 %. [usd/period]
    entry, left, pays, slope : pieces of the payout curve.
    """

    rate: float
    amount: float
    at_due: bool
    early_multiplier: float
    late_multiplier: np.ndarray
    cap: float
    cap_follows: float
    early_out: float
    early_in: float
    late_out: float
    late_in: float
    target: float
    entry: np.ndarray
    left: np.ndarray
    pays: np.ndarray
    slope: np.ndarray


def read_rules(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """The plans of these files."""
    return tuple(_rule(tomllib.loads(path.read_text())) for path in paths)


def _rule(plan: dict[str, Any]) -> Rule:
    (component,) = plan["component"]
    crediting, moves = component.get("crediting", {}), component.get("quota_moves", {})
    quota, pay = component["quota"], plan["pay"]
    target = pay.get("target_bonus") or pay["ote"] * pay["pay_mix"] / QUARTERS
    unread = {*crediting} - {
        "date",
        "early_multiplier",
        "early_cap",
        "early_cap_base",
        "late_bands",
        "late_window_days",
    }
    unread |= {*moves} - {"early_out_of_due", "early_into_booked", "late_into_booked", "late_out_of_due"}
    assert not unread, f"the rivals do not know {sorted(unread)}"
    out_of_due = moves.get("early_out_of_due", 0.0)
    pieces = component["curve"]
    ends = [piece["attainment"] for piece in pieces]
    left = [float(end[1:].split(",")[0]) for end in ends]
    return Rule(
        rate=float(quota.get("rate", 0.0)),
        amount=float(quota.get("amount", 0.0)),
        at_due=crediting.get("date", "booking") == "due",
        early_multiplier=float(crediting.get("early_multiplier", 1.0)),
        late_multiplier=np.array([_late(crediting.get("late_bands"), edge) for edge in LATE_EDGES]),
        cap=float(crediting.get("early_cap", math.inf)),
        cap_follows=out_of_due if crediting.get("early_cap_base") == "adjusted" else 0.0,
        early_out=out_of_due,
        early_in=moves.get("early_into_booked", 0.0),
        late_out=moves.get("late_out_of_due", 0.0),
        late_in=moves.get("late_into_booked", 0.0),
        target=float(target),
        entry=np.array(
            [x if end[0] == "[" else np.nextafter(x, np.inf) for x, end in zip(left, ends, strict=True)]
        ),
        left=np.array(left),
        pays=np.array([piece.get("pays", 0.0) for piece in pieces]),
        slope=np.array([piece.get("slope", 0.0) for piece in pieces]),
    )


def _late(bands: list[dict[str, float]] | None, edge: int) -> float:
    if bands is None:
        return 1.0
    return next((float(band["multiplier"]) for band in bands if edge <= band["through_day"]), 0.0)
